import Manifests

extension StripRules {
    /// What binds claims and volumes to each other on blue.
    static let volumes: [StripRule] = [claimBinding, volumeBinding, keepVolumes]

    /// A claim is bound anew on green.
    static let claimBinding = StripRule("bound-on-blue", kinds: [.core("PersistentVolumeClaim")]) { object, _ in
        object.strip("spec.volumeName")
        for annotation in [
            "pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller",
            "volume.kubernetes.io/storage-provisioner", "volume.beta.kubernetes.io/storage-provisioner",
            "volume.kubernetes.io/selected-node",
        ] {
            object.strip(annotation: annotation)
        }
    }

    /// A volume keeps the claim's name, so that it is bound to the same one, but not its UID.
    static let volumeBinding = StripRule("bound-on-blue", kinds: [.core("PersistentVolume")]) { object, _ in
        object.strip("spec.claimRef.uid")
        object.strip("spec.claimRef.resourceVersion")
        object.strip(annotation: "pv.kubernetes.io/bound-by-controller")
    }

    /// Deleting green's claim must never delete the disk that blue may still use.
    static let keepVolumes = StripRule("disk-must-survive", kinds: [.core("PersistentVolume")]) { object, _ in
        object.set("spec.persistentVolumeReclaimPolicy", to: "Retain")
    }
}

import Manifests

extension ClusterMaker {
    mutating func statefulSet(_ namespace: String) {
        let replicas = Int64(random.pick([0, 1, 2]))
        add("v1", "Service", namespace, "db") {
            $0["spec"] = ["clusterIP": "None", "selector": ["app": "db"], "ports": [["port": 5432]]]
        }
        var template = template("db", config: nil)
        template["spec.containers[0].volumeMounts" as FieldPath] = [["name": "data", "mountPath": "/data"]]
        add("apps/v1", "StatefulSet", namespace, "db") {
            $0["spec"] = [
                "replicas": .integer(replicas), "serviceName": "db", "selector": ["matchLabels": ["app": "db"]],
                "template": template,
                "volumeClaimTemplates": [
                    [
                        "metadata": ["name": "data"],
                        "spec": [
                            "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
                            "storageClassName": "standard",
                        ],
                    ]
                ],
            ]
            $0["status"] = ["replicas": .integer(replicas), "readyReplicas": .integer(replicas)]
        }
        for index in 0..<max(1, replicas) { claim(namespace, "data-db-\(index)", bound: true) }
    }

    /// Claims and volumes that people made.
    mutating func disks(_ namespace: String) {
        claim(namespace, "uploads", bound: random.chance(70))
        add("v1", "PersistentVolumeClaim", namespace, "waits-for-ever") {
            $0["spec"] = [
                "accessModes": ["ReadWriteMany"], "resources": ["requests": ["storage": "0.5Gi"]],
                "storageClassName": "", "selector": ["matchLabels": ["disk": "none"]],
            ]
            $0["status"] = ["phase": "Pending"]
        }
    }

    private mutating func claim(_ namespace: String, _ name: String, bound: Bool) {
        let volume = "pvc-\(Self.uid(&random))"
        let uid = add("v1", "PersistentVolumeClaim", namespace, name) {
            $0["metadata.finalizers"] = ["kubernetes.io/pvc-protection"]
            $0["spec"] = [
                "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
                "storageClassName": "standard", "volumeMode": "Filesystem",
            ]
            guard bound else { return }
            $0["metadata.annotations"] = [
                "pv.kubernetes.io/bind-completed": "yes", "pv.kubernetes.io/bound-by-controller": "yes",
                "volume.kubernetes.io/selected-node": "node-1",
            ]
            $0["spec.volumeName"] = .string(volume)
            $0["status"] = ["phase": "Bound"]
        }
        guard bound else { return }
        add("v1", "PersistentVolume", nil, volume) {
            $0["metadata.finalizers"] = ["kubernetes.io/pv-protection"]
            $0["metadata.annotations"] = ["pv.kubernetes.io/provisioned-by": "csi.example.com"]
            $0["spec"] = [
                "accessModes": ["ReadWriteOnce"], "capacity": ["storage": "1Gi"], "storageClassName": "standard",
                "persistentVolumeReclaimPolicy": "Delete", "volumeMode": "Filesystem",
                "csi": ["driver": "csi.example.com", "volumeHandle": .string("vol-\(volume)")],
                "claimRef": [
                    "apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": .string(namespace),
                    "name": .string(name), "uid": .string(uid), "resourceVersion": "77",
                ],
            ]
            $0["status"] = ["phase": "Bound"]
        }
    }

    /// What lies about in namespaces and is nobody's business.
    mutating func leftovers(_ namespace: String) {
        let name = "app-0.17a"
        add("v1", "Event", namespace, name) {
            $0["reason"] = "Scheduled"
            $0["involvedObject"] = ["kind": "Pod", "namespace": .string(namespace), "name": "app-0"]
        }
        add("coordination.k8s.io/v1", "Lease", namespace, "leader") {
            $0["spec"] = ["holderIdentity": "app-0", "leaseDurationSeconds": 15]
        }
        add("apps/v1", "ControllerRevision", namespace, "db-1") { $0["revision"] = 1 }
        add("v1", "PodTemplate", namespace, "stamp") {
            $0["template"] = ["spec": ["containers": [["name": "c", "image": "i"]]]]
        }
    }
}

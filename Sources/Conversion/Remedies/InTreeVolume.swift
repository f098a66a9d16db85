import Manifests

/// A volume plugin that was part of Kubernetes, and the CSI driver that took over.
///
/// What becomes what is as Kubernetes' own redirection has it (k8s.io/csi-translation-lib); where that needs a driver
/// that knows it is being redirected to, nothing is translated here.
struct InTreeVolume: Sendable {
    /// The member of a volume or a PersistentVolume's spec.
    let source: String
    let provisioner: String
    let driver: String
    /// The driver's own label for zones; nil where volumes are bound to none.
    var zoneLabel: String?

    /// By the id of the change of behaviour.
    static let byChange: [String: InTreeVolume] = [
        "volume-awsElasticBlockStore": InTreeVolume(
            source: "awsElasticBlockStore", provisioner: "kubernetes.io/aws-ebs", driver: "ebs.csi.aws.com",
            zoneLabel: "topology.ebs.csi.aws.com/zone"),
        "volume-gcePersistentDisk": InTreeVolume(
            source: "gcePersistentDisk", provisioner: "kubernetes.io/gce-pd", driver: "pd.csi.storage.gke.io",
            zoneLabel: "topology.gke.io/zone"),
        "volume-azureDisk": InTreeVolume(
            source: "azureDisk", provisioner: "kubernetes.io/azure-disk", driver: "disk.csi.azure.com",
            zoneLabel: "topology.disk.csi.azure.com/zone"),
        "volume-azureFile": InTreeVolume(
            source: "azureFile", provisioner: "kubernetes.io/azure-file", driver: "file.csi.azure.com"),
        "volume-cinder": InTreeVolume(
            source: "cinder", provisioner: "kubernetes.io/cinder", driver: "cinder.csi.openstack.org",
            zoneLabel: "topology.cinder.csi.openstack.org/zone"),
        "volume-portworxVolume": InTreeVolume(
            source: "portworxVolume", provisioner: "kubernetes.io/portworx-volume", driver: "pxd.portworx.com"),
        "volume-vsphereVolume": InTreeVolume(
            source: "vsphereVolume", provisioner: "kubernetes.io/vsphere-volume", driver: "csi.vsphere.vmware.com"),
    ]

    /// What a volume of a PersistentVolume is to its driver, or why that cannot be told.
    enum Translation {
        case source(JSONObject, notes: [String])
        case undecidable(String, remedy: String)
    }

    /// The CSI source for a PersistentVolume's source.
    func translate(_ old: JSONObject, of volume: KubeObject) -> Translation {
        var csi: JSONObject = ["driver": .string(driver)]
        var attributes: JSONObject = [:]
        var notes: [String] = []
        for name in ["fsType", "readOnly"] { if let value = old[name]?.present { csi[name] = value } }
        if let partition = old["partition"]?.integer, partition != 0 {
            attributes["partition"] = .string("\(partition)")
        }
        switch source {
        case "awsElasticBlockStore":
            guard let handle = Self.volumeOfAWS(old["volumeID"]?.string ?? "") else {
                return .undecidable("volumeID names no EBS volume", remedy: "Write spec.csi with the id vol-….")
            }
            csi["volumeHandle"] = .string(handle)
        case "gcePersistentDisk":
            guard let name = old["pdName"]?.string, let place = Self.placeOfGCE(volume) else {
                return .undecidable(
                    "the driver wants to know the disk's zone, and neither a label nor the node affinity says it",
                    remedy: "Label the volume topology.kubernetes.io/zone, or write spec.csi with the volumeHandle "
                        + "projects/PROJECT/zones/ZONE/disks/NAME.")
            }
            // The driver takes its own project for the unspecified one.
            csi["volumeHandle"] = .string("projects/UNSPECIFIED/\(place)/disks/\(name)")
        case "azureDisk":
            guard let uri = old["diskURI"]?.string, uri.hasPrefix("/"),
                !["Shared", "Dedicated"].contains(old["kind"]?.string)
            else {
                return .undecidable(
                    "it is a blob, and the CSI driver takes managed disks only",
                    remedy: "Make a managed disk of the blob, then write spec.csi with its resource id.")
            }
            csi["volumeHandle"] = .string(uri)
            attributes["cachingMode"] = old["cachingMode"]?.present ?? "ReadWrite"
            if old["cachingMode"]?.present == nil {
                notes.append("cachingMode was absent and is written out as ReadWrite; the driver's default is another")
            }
            if let type = old["fsType"]?.present { attributes["fsType"] = type }
        case "azureFile":
            guard let share = old["shareName"]?.string, let secret = old["secretName"]?.string,
                let namespace = old["secretNamespace"]?.string ?? volume["spec.claimRef.namespace"]?.string
            else {
                return .undecidable(
                    "the namespace of its secret is that of the claim, which is not said here",
                    remedy: "Write azureFile.secretNamespace, then convert again.")
            }
            let group = volume[annotation: "kubernetes.io/azure-file-resource-group"] ?? ""
            csi["volumeHandle"] = .string("\(group)#\(Self.account(ofSecret: secret))#\(share)#")
            csi["nodeStageSecretRef"] = ["name": .string(secret), "namespace": .string(namespace)]
            attributes["shareName"] = .string(share)
        case "cinder", "portworxVolume":
            guard let id = old["volumeID"]?.string else {
                return .undecidable("volumeID is missing", remedy: "Write spec.csi with the volume's id.")
            }
            if old["secretRef"]?.present != nil || volume[annotation: "openstorage.io/auth-secret-name"] != nil {
                return .undecidable(
                    "it names a secret, and the driver has its own way of being given one",
                    remedy: "Write spec.csi by the driver's documentation.")
            }
            csi["volumeHandle"] = .string(id)
        default:
            return .undecidable(
                "the driver knows volumes by ids of its own, which only the storage system can tell",
                remedy: "Register the disk with the driver, then write spec.csi with the id it gives.")
        }
        if !attributes.isEmpty { csi["volumeAttributes"] = .object(attributes) }
        return .source(csi, notes: notes)
    }

    /// `aws://zone/vol-1`, `aws:///vol-1` and `vol-1`.
    private static func volumeOfAWS(_ text: String) -> String? {
        let id = text.hasPrefix("aws://") ? String(text.split(separator: "/").last ?? "") : text
        return id.hasPrefix("vol-") && !id.contains("/") ? id : nil
    }

    /// `zones/Z`, or `regions/R` for a disk that stands in two zones.
    private static func placeOfGCE(_ volume: KubeObject) -> String? {
        let zones = VolumeTopology.zones(of: volume)
        if zones.count == 1 { return "zones/\(zones[0])" }
        let regions = Set(zones.map { $0.split(separator: "-").dropLast().joined(separator: "-") })
        guard let region = regions.first, regions.count == 1, !region.isEmpty else { return nil }
        return "regions/\(region)"
    }

    private static func account(ofSecret name: String) -> String {
        let (head, tail) = ("azure-storage-account-", "-secret")
        guard name.hasPrefix(head), name.hasSuffix(tail), name.count > head.count + tail.count else { return name }
        return String(name.dropFirst(head.count).dropLast(tail.count))
    }
}

/// Where a PersistentVolume may be used.
enum VolumeTopology {
    static let zoneLabels = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"]
    private static let terms: FieldPath = "spec.nodeAffinity.required.nodeSelectorTerms"

    /// The zones that the node affinity names, else those of the label, which joins several with two underscores.
    static func zones(of volume: KubeObject) -> [String] {
        let expressions = (volume[terms]?.array ?? []).flatMap { $0["matchExpressions"]?.array ?? [] }
        let named = expressions.filter { $0["key"]?.string.map(zoneLabels.contains) ?? false }
            .flatMap { ($0["values"]?.array ?? []).compactMap(\.string) }
        if !named.isEmpty { return Set(named).sorted() }
        let label = zoneLabels.lazy.compactMap { volume.labels[$0]?.string }.first ?? ""
        return Set(label.split(separator: "_").map(String.init)).sorted()
    }

    /// Binds the volume to its zones by the driver's label, as it was bound by Kubernetes'.
    static func translate(_ volume: inout KubeObject, to label: String) {
        let zones = zones(of: volume)
        guard !zones.isEmpty else { return }
        var found = false
        var changed = volume[terms]?.array ?? []
        for (index, term) in changed.enumerated() {
            for (place, expression) in (term["matchExpressions"]?.array ?? []).enumerated()
            where expression["key"]?.string.map(zoneLabels.contains) ?? false {
                changed[index][FieldPath("matchExpressions").index(place).member("key")] = .string(label)
                found = true
            }
        }
        if !found {
            let expression: JSONValue = [
                "key": .string(label), "operator": "In", "values": .array(zones.map { .string($0) }),
            ]
            if changed.isEmpty { changed = [["matchExpressions": []]] }
            for index in changed.indices {
                changed[index]["matchExpressions"] = .array(
                    (changed[index]["matchExpressions"]?.array ?? []) + [expression])
            }
        }
        volume[terms] = .array(changed)
    }
}

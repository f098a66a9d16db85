import Manifests

/// PersistentVolumes, StorageClasses and volumes of pods that name a plugin which is a CSI driver now.
struct InTreeVolumeRemedy: Remedy {
    let plugin: InTreeVolume

    func mend(_ place: FieldPath, in work: inout Mending) {
        switch work.object.gvk.kind {
        case "PersistentVolume": mendVolume(place, in: &work)
        case "StorageClass": StorageClassTranslation(plugin: plugin).mend(place, in: &work)
        default: mendPod(place, in: &work)
        }
    }

    private func mendVolume(_ place: FieldPath, in work: inout Mending) {
        let provisionedBy = FieldPath("metadata.annotations").member("pv.kubernetes.io/provisioned-by")
        guard place.lastName == plugin.source, let old = work.object[place]?.object else {
            // The driver deletes what it is said to have made.
            if place == provisionedBy, work.object["spec.csi.driver"]?.string == plugin.driver {
                work.object[provisionedBy] = .string(plugin.driver)
            }
            return
        }
        switch plugin.translate(old, of: work.object) {
        case .undecidable(let message, let remedy): work.leave(place, message, remedy: remedy)
        case .source(let csi, let notes):
            work.object[place] = nil
            work.object["spec.csi"] = .object(csi)
            if plugin.source == "gcePersistentDisk" { Self.limitAccess(&work.object) }
            if let label = plugin.zoneLabel, plugin.source != "azureDisk" {
                VolumeTopology.translate(&work.object, to: label)
            }
            if work.text(at: provisionedBy) == plugin.provisioner {
                work.object[provisionedBy] = .string(plugin.driver)
            }
            work.note(
                place,
                "became spec.csi for the driver \(plugin.driver), which has to be there; the source of an existing "
                    + "PersistentVolume cannot be changed in place")
            for note in notes { work.note(place, note) }
        }
    }

    /// The plugin took any access mode and meant one writer; the driver refuses what a disk cannot do.
    private static func limitAccess(_ volume: inout KubeObject) {
        let modes = Set((volume["spec.accessModes"]?.array ?? []).compactMap(\.string))
        guard !modes.isEmpty else { return }
        let kept = modes == ["ReadOnlyMany"] ? "ReadOnlyMany" : "ReadWriteOnce"
        guard modes != [kept] else { return }
        volume["spec.accessModes"] = [.string(kept)]
    }

    /// A pod may name only a driver's short-lived volumes, and of these drivers one offers an existing share as such.
    private func mendPod(_ place: FieldPath, in work: inout Mending) {
        guard let old = work.object[place]?.object else { return }
        guard plugin.source == "azureFile", let share = old["shareName"]?.string, let secret = old["secretName"]?.string
        else {
            return work.leave(
                place,
                "a pod cannot name this volume through \(plugin.driver): that takes a PersistentVolume with spec.csi, "
                    + "and a claim",
                remedy: "Write a PersistentVolume with this source, convert it, and name a claim of it here.")
        }
        var csi: JSONObject = [
            "driver": .string(plugin.driver),
            "volumeAttributes": ["secretName": .string(secret), "shareName": .string(share)],
        ]
        if let readOnly = old["readOnly"]?.present { csi["readOnly"] = readOnly }
        work.object[place] = nil
        work.object[place.parent.member("csi")] = .object(csi)
        work.note(place, "became csi for the driver \(plugin.driver), which has to be there")
    }
}

/// A StorageClass for the driver: its provisioner, and parameters as far as they mean the same.
struct StorageClassTranslation {
    let plugin: InTreeVolume

    func mend(_ place: FieldPath, in work: inout Mending) {
        guard place == "provisioner" else { return }
        let hadParameters = work.object["parameters"] != nil
        var parameters: JSONObject = [:]
        var zones: [String] = []
        for (name, value) in work.object["parameters"]?.object ?? [:] {
            switch name.lowercased() {
            case "fstype": parameters["csi.storage.k8s.io/fstype"] = value
            case "zone" where plugin.zoneLabel != nil && plugin.source != "cinder":
                zones = value.string.map { [$0] } ?? []
            case "zones" where plugin.zoneLabel != nil && plugin.source != "cinder":
                zones = (value.string ?? "").split(separator: ",").map { String($0.drop { $0 == " " }) }
            default:
                if let obstacle = obstacle(name.lowercased(), value) {
                    return work.leave(
                        FieldPath("parameters").member(name), obstacle,
                        remedy: "Write a StorageClass for \(plugin.driver) by hand.")
                }
                if !(plugin.source == "vsphereVolume" && name.lowercased() == "diskformat") { parameters[name] = value }
            }
        }
        var notes: [String] = []
        if plugin.source == "awsElasticBlockStore" {
            let names = Set(parameters.map { $0.key.lowercased() })
            if !names.contains("type") {
                parameters["type"] = "gp2"
                notes.append("type was absent and is written out as gp2; the driver's default is gp3")
            }
            // The plugin raised the rate to the least that AWS takes; the driver does so when it is told.
            if names.contains("iopspergb") { parameters["allowAutoIOPSPerGBIncrease"] = "true" }
        }
        guard restrict(&work, to: zones) else { return }
        work.object["provisioner"] = .string(plugin.driver)
        work.object["parameters"] = hadParameters || !parameters.isEmpty ? .object(parameters) : nil
        if parameters.isEmpty { work.object["parameters"] = nil }
        work.note(
            place,
            "became the driver \(plugin.driver), which has to be there; an existing StorageClass cannot be changed in "
                + "place")
        for note in notes { work.note("parameters", note) }
    }

    /// Why a parameter has no equal.
    private func obstacle(_ name: String, _ value: JSONValue) -> String? {
        switch (plugin.source, name) {
        case ("azureDisk", "kind"):
            value.string?.lowercased() == "managed" ? nil : "the driver makes managed disks only"
        case ("azureDisk", "storageaccount"): "blobs in a storage account have no equal in the driver"
        case ("vsphereVolume", "storagepolicyname"): nil
        case ("vsphereVolume", "diskformat"):
            value == "thin" ? nil : "the driver makes volumes of no other format than thin; a storage policy says more"
        case ("vsphereVolume", _): "the driver has no parameter that says the same; a storage policy does"
        default: nil
        }
    }

    /// Writes the zones as the driver names them; false where they are said in two ways.
    private func restrict(_ work: inout Mending, to zones: [String]) -> Bool {
        guard let label = plugin.zoneLabel else { return true }
        guard var terms = work.object["allowedTopologies"]?.array, !terms.isEmpty else {
            if !zones.isEmpty {
                work.object["allowedTopologies"] = [
                    [
                        "matchLabelExpressions": [
                            ["key": .string(label), "values": .array(zones.map { .string($0) })]
                        ]
                    ]
                ]
            }
            return true
        }
        guard zones.isEmpty else {
            work.leave(
                "allowedTopologies", "the parameters name zones as well",
                remedy: "Keep one of the two, then convert again.")
            return false
        }
        for (index, term) in terms.enumerated() {
            for (place, expression) in (term["matchLabelExpressions"]?.array ?? []).enumerated()
            where expression["key"]?.string.map(VolumeTopology.zoneLabels.contains) ?? false {
                terms[index][FieldPath("matchLabelExpressions").index(place).member("key")] = .string(label)
            }
        }
        work.object["allowedTopologies"] = .array(terms)
        return true
    }
}

import ArgumentParser
import Manifests

/// The objects that a simulated cluster begins with, and which cluster they were read from.
struct SeedInventory {
    var clusterName: String?
    var clusterUID: String?
    var objects: [KubeObject] = []

    /// Reads an inventory directory, or any directory or file of manifests.
    init(reading path: String) throws {
        let report = ManifestLoader().load([path])
        if let error = report.errors.first {
            let place = error.location.map { "\($0): " } ?? ""
            throw ValidationError(
                "--from \(path): \(place)\(error.message). Mend it, or make the inventory anew with `kirikae inventory`."
            )
        }
        for loaded in report.objects {
            let object = loaded.object
            guard object.gvk.group == "kirikae.dev" else {
                objects.append(object)
                continue
            }
            if object.gvk.kind == "Inventory" {
                clusterName = object["cluster.name"]?.string
                clusterUID = object["cluster.uid"]?.string
            }
        }
        if objects.isEmpty {
            throw ValidationError("--from \(path): there is no Kubernetes object in it")
        }
    }
}

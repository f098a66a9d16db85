import Manifests

extension HazardCheck {
    /// A hazard of this check about one object.
    func hazard(
        _ severity: Hazard.Severity, _ entry: InventoryObject, at path: FieldPath?, _ message: String, _ answer: String
    ) -> Hazard {
        Hazard(
            id: id, severity: severity, object: entry.object.reference, path: path, location: entry.location,
            message: message, answer: answer)
    }
}

extension Inventory {
    /// The objects that a migration is about: not what another object controls, and not what stands in the namespaces
    /// that belong to the cluster itself.
    var migrating: [InventoryObject] {
        objects.filter { entry in
            !entry.object.isControlled && !Self.clusterNamespaces.contains(entry.object.namespace ?? "")
        }
    }

    /// Namespaces whose content every cluster makes for itself.
    static let clusterNamespaces: Set<String> = ["kube-system", "kube-public", "kube-node-lease"]
}

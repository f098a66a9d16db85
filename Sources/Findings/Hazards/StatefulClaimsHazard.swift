import Manifests

/// Volumes whose data this tool does not move.
public struct StatefulClaimsHazard: HazardCheck {
    public let id = "stateful-claims"
    public let summary = "A workload or claim owns volumes whose data is not moved by this tool."

    public init() {}

    public func hazards(in inventory: Inventory, context: HazardContext) -> [Hazard] {
        inventory.migrating.compactMap { entry in
            if let found = inventory.workloadClass(of: entry.object), found.workloadClass == .stateful {
                return hazard(
                    .refuses, entry, at: found.path,
                    "\(entry.object.reference) would start on green with empty volumes.",
                    "Bring the data over with Velero, CSI snapshots or replication, and say in the migration file how.")
            }
            guard entry.object.gvk == GroupVersionKind(group: "", version: "v1", kind: "PersistentVolumeClaim"),
                !isOfStatefulSet(entry.object, in: inventory)
            else { return nil }
            return hazard(
                .informs, entry, at: "spec",
                "\(entry.object.reference) is bound to a volume of blue; on green a new, empty one is made.",
                "Where its data matters, bring it over before the wave that uses it.")
        }
    }

    /// Claims made from a template are spoken of with their StatefulSet.
    private func isOfStatefulSet(_ claim: KubeObject, in inventory: Inventory) -> Bool {
        let sets = inventory.objects(of: GroupKind(group: "apps", kind: "StatefulSet"), in: claim.namespace)
        return sets.contains { entry in
            (entry.object["spec.volumeClaimTemplates"]?.array ?? []).contains { template in
                let name = template["metadata"]?["name"]?.string ?? ""
                return claim.name.hasPrefix("\(name)-\(entry.object.name)-")
            }
        }
    }
}

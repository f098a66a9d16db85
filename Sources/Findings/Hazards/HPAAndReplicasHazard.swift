import Manifests

/// Workloads whose replicas an autoscaler sets.
public struct HPAAndReplicasHazard: HazardCheck {
    public let id = "hpa-and-replicas"
    public let summary = "A HorizontalPodAutoscaler sets the replicas that standby holds at 0."

    public init() {}

    public func hazards(in inventory: Inventory, context: HazardContext) -> [Hazard] {
        inventory.migrating.compactMap { entry in
            guard entry.object.gvk.groupKind == GroupKind("HorizontalPodAutoscaler.autoscaling"),
                let kind = entry.object["spec.scaleTargetRef.kind"]?.string,
                let name = entry.object["spec.scaleTargetRef.name"]?.string
            else { return nil }
            return hazard(
                .inserts, entry, at: "spec.scaleTargetRef",
                "\(entry.object.reference) sets the replicas of \(kind) \(name) in blue; a copy has no load to go by.",
                "Green starts with the replicas blue has now; the autoscaler rests while its target stands at 0 and "
                    + "takes over when it wakes.")
        }
    }
}

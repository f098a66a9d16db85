public import Manifests

/// Workloads that somebody put to sleep in blue, which a switch-over must not wake.
public struct AsleepOnPurposeHazard: HazardCheck {
    public let id = "asleep-on-purpose"
    public let summary = "A CronJob is suspended, or a workload stands at 0 replicas, and must stay so."

    public init() {}

    public func hazards(in inventory: Inventory, context: HazardContext) -> [Hazard] {
        inventory.migrating.compactMap { entry in
            guard let path = Self.sleepingField(of: entry.object) else { return nil }
            return hazard(
                .inserts, entry, at: path,
                "\(entry.object.reference) sleeps in blue (\(path)); waking everything on green would wake it too.",
                "It is copied asleep and left out of every waking step.")
        }
    }

    /// The field that keeps a workload asleep; nil when it is awake or no workload.
    public static func sleepingField(of object: KubeObject) -> FieldPath? {
        guard !object.isControlled else { return nil }
        switch (object.gvk.group, object.gvk.kind) {
        case ("batch", "CronJob"), ("batch", "Job"):
            return object["spec.suspend"]?.bool == true ? "spec.suspend" : nil
        case ("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "ReplicaSet"), ("", "ReplicationController"),
            ("extensions", "Deployment"), ("extensions", "ReplicaSet"):
            return object["spec.replicas"]?.integer == 0 ? "spec.replicas" : nil
        default: return nil
        }
    }
}

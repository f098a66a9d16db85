import Manifests

/// CronJobs that both clusters would run.
public struct CronJobRunsTwiceHazard: HazardCheck {
    public let id = "cronjob-runs-twice"
    public let summary = "A CronJob awake in blue would also run on green."

    public init() {}

    public func hazards(in inventory: Inventory, context: HazardContext) -> [Hazard] {
        inventory.migrating.compactMap { entry in
            guard entry.object.gvk.groupKind == GroupKind(group: "batch", kind: "CronJob"),
                !entry.object.isControlled, AsleepOnPurposeHazard.sleepingField(of: entry.object) == nil
            else { return nil }
            let late =
                entry.object["spec.startingDeadlineSeconds"] == nil
                ? " It has no startingDeadlineSeconds, so a run missed meanwhile starts the moment it wakes." : ""
            return hazard(
                .inserts, entry, at: "spec.schedule",
                "\(entry.object.reference) would run in both clusters.\(late)",
                "It is copied suspended; at the cutover blue's is suspended first, then green's wakes.")
        }
    }
}

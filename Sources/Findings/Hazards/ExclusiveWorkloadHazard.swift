import Manifests

/// Workloads of which there must not be two.
public struct ExclusiveWorkloadHazard: HazardCheck {
    public let id = "exclusive-workload"
    public let summary = "A workload must not act in both clusters at once: a consumer, a singleton, a leader."

    public init() {}

    public func hazards(in inventory: Inventory, context: HazardContext) -> [Hazard] {
        inventory.migrating.compactMap { entry in
            guard let found = inventory.workloadClass(of: entry.object), found.workloadClass == .exclusive,
                AsleepOnPurposeHazard.sleepingField(of: entry.object) == nil
            else { return nil }
            return hazard(
                .inserts, entry, at: found.path, "\(entry.object.reference) \(Self.words(for: found.reason)).",
                "Green's copy waits at 0 until blue's stands still; the migration file can class it as stateless.")
        }
    }

    private static func words(for reason: WorkloadClassification.Reason) -> String {
        switch reason {
        case .noServiceSelectsIt: "is reached by no Service: what it works on, two clusters would work on twice"
        case .recreatedSingleton: "is a single replica that is stopped before its successor starts"
        case .electsLeader: "elects its leader per cluster: there would be two leaders"
        case .stableIdentity: "has members with stable names, which would exist twice"
        case .servedByService, .ownsClaims, .byKind: "must not act in both clusters at once"
        }
    }
}

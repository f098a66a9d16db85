/// The registry of hazard checks, in the order in which reports name them.
public enum HazardChecks {
    /// Every check there is.
    public static let all: [any HazardCheck] = [
        CronJobRunsTwiceHazard(),
        AsleepOnPurposeHazard(),
        ExclusiveWorkloadHazard(),
        StatefulClaimsHazard(),
        AdmissionWebhookHazard(),
        CRDConversionWebhookHazard(),
        SideEffectingKindsHazard(),
        PodSecurityPolicyGoneHazard(),
        GitOpsManagedHazard(),
        HelmReleaseHazard(),
        HPAAndReplicasHazard(),
        NodePortPinnedHazard(),
    ]

    /// Everything that all checks see, by check and then in the inventory's order.
    public static func run(over inventory: Inventory, context: HazardContext) -> [Hazard] {
        all.flatMap { $0.hazards(in: inventory, context: context) }
    }
}

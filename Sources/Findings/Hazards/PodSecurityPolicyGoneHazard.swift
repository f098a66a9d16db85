import Catalog
import Manifests

/// Rules about pods that are in force in blue and unknown to green.
public struct PodSecurityPolicyGoneHazard: HazardCheck {
    public let id = "podsecuritypolicy-gone"
    public let summary = "PodSecurityPolicies of blue restrict nothing on green."

    public init() {}

    public func hazards(in inventory: Inventory, context: HazardContext) -> [Hazard] {
        let policy = GroupVersionKind(group: "policy", version: "v1beta1", kind: "PodSecurityPolicy")
        guard !context.catalog.isServed(policy, at: context.target) else { return [] }
        return inventory.migrating.compactMap { entry in
            guard PodSecurityPolicyCheck.isPodSecurityPolicy(entry.object.gvk.groupKind) else { return nil }
            return hazard(
                .refuses, entry, at: "kind",
                "\(entry.object.reference) cannot exist at \(context.target): what it forbids is allowed there.",
                "Label green's namespaces with pod-security.kubernetes.io/enforce or bring a policy engine, and say so "
                    + "in the migration file.")
        }
    }
}

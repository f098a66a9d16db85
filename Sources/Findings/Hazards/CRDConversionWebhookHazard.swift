import Manifests

/// Custom resources that cannot be created before the operator that converts them runs.
public struct CRDConversionWebhookHazard: HazardCheck {
    public let id = "crd-conversion-webhook"
    public let summary = "A CustomResourceDefinition converts its objects through a webhook that must be up first."

    public init() {}

    public func hazards(in inventory: Inventory, context: HazardContext) -> [Hazard] {
        inventory.migrating.compactMap { entry in
            guard entry.object.gvk.groupKind == GroupKind("CustomResourceDefinition.apiextensions.k8s.io"),
                entry.object["spec.conversion.strategy"]?.string == "Webhook"
            else { return nil }
            let kind = GroupKind(
                group: entry.object["spec.group"]?.string ?? "", kind: entry.object["spec.names.kind"]?.string ?? "")
            let count = inventory.objects(of: kind).count
            return hazard(
                .informs, entry, at: "spec.conversion.strategy",
                "\(count) objects of \(kind) need the conversion webhook on green when they are created.",
                "Put the operator in an earlier wave than its custom resources.")
        }
    }
}

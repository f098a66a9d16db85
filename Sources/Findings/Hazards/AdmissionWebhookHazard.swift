import Manifests

/// Admission webhooks that would refuse objects while nobody answers behind them.
public struct AdmissionWebhookHazard: HazardCheck {
    public let id = "admission-webhook"
    public let summary = "An admission webhook refuses objects as long as its backend is not up."

    public init() {}

    public func hazards(in inventory: Inventory, context: HazardContext) -> [Hazard] {
        inventory.migrating.flatMap { entry -> [Hazard] in
            guard entry.object.gvk.group == "admissionregistration.k8s.io",
                entry.object.gvk.kind.hasSuffix("WebhookConfiguration")
            else { return [] }
            let webhooks = entry.object["webhooks"]?.array ?? []
            // v1 fails closed where nothing is said, v1beta1 fails open.
            let standard = entry.object.gvk.version == "v1" ? "Fail" : "Ignore"
            guard let index = webhooks.firstIndex(where: { ($0["failurePolicy"]?.string ?? standard) == "Fail" })
            else { return [] }
            let service = webhooks[index]["clientConfig"]?["service"]
            let backend =
                service.map { "Service \($0["namespace"]?.string ?? "")/\($0["name"]?.string ?? "")" }
                ?? webhooks[index]["clientConfig"]?["url"]?.string ?? "its backend"
            return [
                hazard(
                    .inserts, entry, at: FieldPath([.member("webhooks")]).index(index),
                    "\(entry.object.reference) refuses what it watches as long as \(backend) does not answer.",
                    "It is created last, when the workloads behind it are ready.")
            ]
        }
    }
}

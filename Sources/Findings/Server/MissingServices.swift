import Manifests

/// Webhooks, aggregated APIs and conversions whose Service is not there.
///
/// A question to a whole inventory: a file tells nothing of what stands in others. Where no Service was seen at all, it
/// is silent.
struct MissingServices {
    private static let service = GroupKind(group: "", kind: "Service")
    private static let callers = [
        GroupKind(group: "admissionregistration.k8s.io", kind: "ValidatingWebhookConfiguration"),
        GroupKind(group: "admissionregistration.k8s.io", kind: "MutatingWebhookConfiguration"),
        GroupKind(group: "apiregistration.k8s.io", kind: "APIService"),
        GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition"),
    ]

    let inventory: Inventory

    /// One finding to each call that goes nowhere.
    func findings() -> [Finding] {
        guard !inventory.objects(of: Self.service).isEmpty else { return [] }
        return Self.callers.flatMap { inventory.objects(of: $0) }.flatMap { entry in
            let object = entry.object
            return Self.calls(of: object).compactMap { call -> Finding? in
                guard let namespace = object[call.path]?["namespace"]?.string,
                    let name = object[call.path]?["name"]?.string,
                    inventory[ObjectReference(kind: Self.service, namespace: namespace, name: name)] == nil
                else { return nil }
                return Finding(
                    code: ServerCodes.service, severity: call.isFatal ? .breaks : .warns,
                    consequence: call.isFatal ? .refused : .behavesDifferently, object: object.reference,
                    gvk: object.gvk, place: .reference, path: call.path.member("name"), location: entry.location,
                    message: "It calls the Service \(namespace)/\(name), which does not exist: \(call.effect).",
                    remedy: "Bring the Service, or remove the registration; on green it would stand in the way just so."
                )
            }
        }
    }

    private struct Call {
        var path: FieldPath
        var isFatal: Bool
        var effect: String
    }

    private static func calls(of object: KubeObject) -> [Call] {
        switch (object.gvk.group, object.gvk.kind) {
        case ("admissionregistration.k8s.io", _):
            return EmbeddedManifests.each(object, "webhooks").map { webhook in
                // Ignore was the default of v1beta1, Fail is that of v1.
                let policy =
                    object[webhook]?["failurePolicy"]?.string ?? (object.gvk.version == "v1beta1" ? "Ignore" : "Fail")
                return Call(
                    path: webhook.member("clientConfig").member("service"), isFatal: policy == "Fail",
                    effect: policy == "Fail"
                        ? "what it is asked about is refused" : "what it should judge goes unjudged")
            }
        case ("apiregistration.k8s.io", "APIService"):
            return [Call(path: "spec.service", isFatal: true, effect: "its group does not answer")]
        case ("apiextensions.k8s.io", "CustomResourceDefinition"):
            return ["spec.conversion.webhook.clientConfig.service", "spec.conversion.webhookClientConfig.service"].map {
                Call(path: $0, isFatal: true, effect: "objects at other versions cannot be read")
            }
        default: return []
        }
    }
}

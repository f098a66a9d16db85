public import Manifests

/// Validating and mutating webhook configurations: the same fields in v1beta1 and v1, but other defaults.
///
/// A stored object has its defaults written out, so that servers only rename it. A manifest may leave them out: when
/// migrating, the defaults of v1beta1 are written out, so that the webhook goes on as it did.
public struct WebhookConfigurationConversion: KindConversion {
    public let versions: [GroupVersionKind]
    public let keepsFields = true

    /// For one of the two kinds.
    public init(kind: String) {
        versions = ["v1beta1", "v1"].map {
            GroupVersionKind(group: "admissionregistration.k8s.io", version: $0, kind: kind)
        }
    }

    private static let oldDefaults: [(name: String, value: JSONValue)] = [
        ("failurePolicy", "Ignore"), ("matchPolicy", "Exact"), ("timeoutSeconds", 30),
        ("admissionReviewVersions", ["v1beta1"]),
    ]

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        var result = ConversionResult(object: object.renamed(target), notes: [])
        guard purpose != .reading, target.version == "v1", let webhooks = object["webhooks"]?.array else {
            return result
        }
        var converted: [JSONValue] = []
        for (index, webhook) in webhooks.enumerated() {
            var webhook = webhook
            let path = FieldPath([.member("webhooks"), .index(index)])
            let effects = webhook["sideEffects"]?.string ?? "Unknown"
            guard effects == "None" || effects == "NoneOnDryRun" else {
                throw ConversionError(
                    code: .undecidable,
                    message: "sideEffects is \(effects), and v1 takes only None and NoneOnDryRun; "
                        + "find out what the webhook does besides answering, and write one of them",
                    object: object.reference, path: path.member("sideEffects"))
            }
            for setting in Self.oldDefaults where webhook[setting.name]?.present == nil {
                webhook[setting.name] = setting.value
                result.notes.append(
                    "\(path.member(setting.name)) was absent and is written out as \(setting.value.canonicalText), "
                        + "the default of v1beta1; that of v1 is another")
            }
            converted.append(webhook)
        }
        result.object[FieldPath([.member("webhooks")])] = .array(converted)
        return result
    }
}

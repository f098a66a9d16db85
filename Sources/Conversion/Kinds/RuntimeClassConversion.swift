public import Manifests

/// RuntimeClass: v1alpha1 keeps under `spec` what v1beta1 and v1 have at the top; there the handler is called
/// `runtimeHandler`.
public struct RuntimeClassConversion: KindConversion {
    public let versions = ["v1alpha1", "v1beta1", "v1"].map {
        GroupVersionKind(group: "node.k8s.io", version: $0, kind: "RuntimeClass")
    }

    /// The one conversion there is.
    public init() {}

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        let renamed = ConversionResult(object: object.renamed(target), notes: [])
        guard (object.gvk.version == "v1alpha1") != (target.version == "v1alpha1"),
            var members = renamed.object.json.object
        else { return renamed }
        if target.version == "v1alpha1" {
            var spec: JSONObject = [:]
            if let handler = members.take("handler") { spec["runtimeHandler"] = handler }
            for name in ["overhead", "scheduling"] { if let value = members.take(name) { spec[name] = value } }
            members["spec"] = .object(spec)
        } else {
            let spec = members.take("spec")?.object ?? [:]
            guard let handler = spec["runtimeHandler"]?.present else {
                throw ConversionError(
                    code: .malformed, message: "a RuntimeClass names a handler, and this one does not",
                    object: object.reference, path: "spec.runtimeHandler")
            }
            members["handler"] = handler
            for name in ["overhead", "scheduling"] { if let value = spec[name]?.present { members[name] = value } }
        }
        return KubeObject(.object(members)).map { ConversionResult(object: $0, notes: []) } ?? renamed
    }
}

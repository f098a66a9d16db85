public import Manifests

/// Kinds whose younger version left one field out or asks for one more; otherwise the versions are the same.
public struct SuccessorConversion: KindConversion {
    /// What an object of the old version has to be told, or to lose, when it goes to a younger one.
    enum Rule: Sendable {
        /// The field has no place any more; a value is reported.
        case drops(FieldPath)
        /// The younger version wants it to be said; the value is what absence meant.
        case writes(FieldPath, JSONValue)
        /// The younger version wants it to be said, and only the author knows what.
        case asks(FieldPath, String)
    }

    public let versions: [GroupVersionKind]
    /// The versions that are the old form.
    private let old: Set<String>
    private let rules: [Rule]

    init(_ group: String, _ kind: String, _ versions: [String], old: Set<String>, rules: [Rule]) {
        self.versions = versions.map { GroupVersionKind(group: group, version: $0, kind: kind) }
        self.old = old
        self.rules = rules
    }

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        var result = ConversionResult(object: object.renamed(target), notes: [])
        guard purpose != .reading, old.contains(object.gvk.version), !old.contains(target.version) else {
            return result
        }
        for rule in rules {
            switch rule {
            case .drops(let path):
                guard let value = object[path] else { continue }
                result.object[path] = nil
                if value.present != nil {
                    result.notes.append("\(path) has no place in \(target.apiVersion) and was dropped")
                }
            case .writes(let path, let value):
                guard object[path]?.present == nil else { continue }
                result.object[path] = value
                result.notes.append(
                    "\(path) was absent and is written out as \(value.canonicalText), "
                        + "as \(object.gvk.apiVersion) meant it")
            case .asks(let path, let question):
                guard object[path]?.present == nil else { continue }
                throw ConversionError(
                    code: .undecidable, message: "\(target.apiVersion) needs \(path): \(question)",
                    object: object.reference, path: path)
            }
        }
        return result
    }

    static let all: [any KindConversion] = [
        SuccessorConversion(
            "admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding", ["v1alpha1", "v1beta1", "v1"],
            // Until 1.27 there was nothing to choose: a policy denied.
            old: ["v1alpha1"], rules: [.writes("spec.validationActions", ["Deny"])]),
        SuccessorConversion(
            "certificates.k8s.io", "CertificateSigningRequest", ["v1beta1", "v1"], old: ["v1beta1"],
            rules: [
                .asks(
                    "spec.signerName",
                    "v1beta1 guessed the signer from the request, and v1 refuses what it fell back to; name one"),
                .writes("spec.usages", ["digital signature", "key encipherment"]),
            ]),
        SuccessorConversion(
            "networking.k8s.io", "IPAddress", ["v1alpha1", "v1beta1", "v1"], old: ["v1alpha1"],
            rules: [.drops("spec.parentRef.uid")]),
        SuccessorConversion(
            "networking.k8s.io", "ServiceCIDR", ["v1alpha1", "v1beta1", "v1"], old: ["v1alpha1"],
            rules: [.asks("spec.cidrs", "the first alpha said ipv4 and ipv6; write both as a list of ranges")]),
        SuccessorConversion(
            "resource.k8s.io", "DeviceTaintRule", ["v1alpha3", "v1beta2", "v1"], old: ["v1alpha3"],
            rules: [.drops("spec.deviceSelector.deviceClassName"), .drops("spec.deviceSelector.selectors")]),
        SuccessorConversion(
            "storagemigration.k8s.io", "StorageVersionMigration", ["v1alpha1", "v1beta1", "v1"], old: ["v1alpha1"],
            rules: [.drops("spec.resource.version"), .drops("spec.continueToken")]),
    ]
}

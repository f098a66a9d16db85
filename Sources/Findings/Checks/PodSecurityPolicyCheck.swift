import Catalog
import Manifests

/// PodSecurityPolicies, which have no successor of the same form.
///
/// A kind of its own among removed APIs: the rule that held pods back is gone without a word, so the remedy is not a
/// rewrite but labels on namespaces.
public struct PodSecurityPolicyCheck: Check {
    public let code = "pod-security-policy"
    public let summary = "A PodSecurityPolicy restricts nothing where the target no longer knows the kind."

    public init() {}

    public func need(in context: CheckContext) -> CheckNeed { .anyOf(["PodSecurityPolicy"]) }

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let gvk = subject.object.gvk
        guard Self.isPodSecurityPolicy(gvk.groupKind) else { return [] }
        let policy = GroupVersionKind(group: "policy", version: "v1beta1", kind: "PodSecurityPolicy")
        switch APIVerdict(of: policy, context: context) {
        case .removed(let since):
            return [
                subject.finding(
                    code, .breaks, about: gvk, at: "kind", since: since,
                    message: "PodSecurityPolicy is gone since \(since): what this one forbids is allowed at "
                        + "\(context.target).",
                    remedy: "Label the namespaces it guards with pod-security.kubernetes.io/enforce, or bring a "
                        + "policy engine, before the cutover; then remove it.")
            ]
        case .deprecated(let since):
            return [
                subject.finding(
                    code, .warns, about: gvk, at: "kind", since: since,
                    message: "PodSecurityPolicy is deprecated since \(since) and gone in 1.25.",
                    remedy: "Label the namespaces it guards with pod-security.kubernetes.io/enforce.")
            ]
        default: return []
        }
    }

    /// Whether this check says that the kind is gone; while the other group still serves it, its version is what has to
    /// change.
    static func tells(_ kind: GroupKind, context: CheckContext) -> Bool {
        guard isPodSecurityPolicy(kind) else { return false }
        let policy = GroupVersionKind(group: "policy", version: "v1beta1", kind: "PodSecurityPolicy")
        if case .removed = APIVerdict(of: policy, context: context) { return true }
        return false
    }

    /// Either of the two groups it lived in.
    static func isPodSecurityPolicy(_ kind: GroupKind) -> Bool {
        kind.kind == "PodSecurityPolicy" && (kind.group == "policy" || kind.group == "extensions")
    }
}

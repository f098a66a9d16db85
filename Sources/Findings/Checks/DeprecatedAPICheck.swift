import Catalog
import Manifests

/// Objects written at a version that the target still serves, but not for ever.
public struct DeprecatedAPICheck: Check {
    public let code = "api-deprecated"
    public let summary = "The object's apiVersion is deprecated at the target release."

    public init() {}

    public func need(in context: CheckContext) -> CheckNeed {
        .objects(context: context) { verdict in
            if case .deprecated = verdict { true } else { false }
        }
    }

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let gvk = subject.object.gvk
        guard case .deprecated(let since) = APIVerdict(of: gvk, context: context),
            !PodSecurityPolicyCheck.isPodSecurityPolicy(gvk.groupKind)
        else { return [] }
        let replacement = context.replacement(for: gvk)
        let end = context.catalog.lifecycle(of: gvk)?.endOfService
        let ending = end.map { " and gone in \($0)" } ?? ""
        // Endpoints and ComponentStatus are deprecated without an end, and controllers write Endpoints: no harm.
        return [
            subject.finding(
                code, end == nil ? .info : .warns, about: gvk, at: "apiVersion", since: since,
                replacement: replacement, message: "\(gvk) is deprecated since \(since)\(ending).",
                remedy: APIVerdict.remedy(replacing: gvk, by: replacement, context: context))
        ]
    }
}

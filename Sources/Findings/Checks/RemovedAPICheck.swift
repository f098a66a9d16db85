import Catalog
import Manifests

/// Objects written at a version that the target no longer serves.
public struct RemovedAPICheck: Check {
    public let code = "api-removed"
    public let summary = "The object's apiVersion is no longer served at the target release."

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let gvk = subject.object.gvk
        guard case .removed(let since) = APIVerdict(of: gvk, context: context),
            !PodSecurityPolicyCheck.isPodSecurityPolicy(gvk.groupKind)
        else { return [] }
        let replacement = context.catalog.replacement(for: gvk, at: context.target)
        let announced = context.catalog.covers(since) ? "" : " (announced)"
        let isConfiguration = context.catalog.lifecycle(of: gvk)?.kindClass == .configuration
        return [
            subject.finding(
                code, .breaks, about: gvk, at: "apiVersion", since: since,
                replacement: replacement ?? (isConfiguration ? context.catalog.lifecycle(of: gvk)?.replacement : nil),
                message: "\(gvk) is no longer \(isConfiguration ? "read" : "served") since \(since)\(announced).",
                remedy: isConfiguration
                    ? "Rewrite the file for \(context.catalog.lifecycle(of: gvk)?.replacement?.apiVersion ?? "a later version")."
                    : APIVerdict.remedy(replacing: gvk, by: replacement, context: context))
        ]
    }
}

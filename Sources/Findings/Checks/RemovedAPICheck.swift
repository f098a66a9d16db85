import Catalog
import Manifests

/// Objects written at a version that the target no longer serves.
public struct RemovedAPICheck: Check {
    public let code = "api-removed"
    public let summary = "The object's apiVersion is no longer served at the target release."

    public init() {}

    public func need(in context: CheckContext) -> CheckNeed {
        .objects(context: context, where: \.isRemoved)
    }

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let gvk = subject.object.gvk
        guard case .removed(let since) = APIVerdict(of: gvk, context: context),
            !PodSecurityPolicyCheck.tells(gvk.groupKind, context: context)
        else { return [] }
        let announced = context.catalog.covers(since) ? "" : " (announced)"
        if let entry = context.catalog.lifecycle(of: gvk), entry.kindClass == .configuration {
            return [
                subject.finding(
                    code, .breaks, about: gvk, at: "apiVersion", since: since, replacement: entry.replacement,
                    message: "\(gvk) is no longer read since \(since)\(announced).",
                    remedy: "Rewrite the file for \(entry.replacement?.apiVersion ?? "a later version").")
            ]
        }
        let replacement = context.replacement(for: gvk)
        return [
            subject.finding(
                code, .breaks, about: gvk, at: "apiVersion", since: since, replacement: replacement,
                message: "\(gvk) is no longer served since \(since)\(announced).",
                remedy: APIVerdict.remedy(replacing: gvk, by: replacement, context: context))
        ]
    }
}

import Catalog
import Manifests

/// Objects written at a version that the target does not serve yet, or not unless it is told to.
public struct NotYetServedAPICheck: Check {
    public let code = "api-not-served-yet"
    public let summary =
        "The object's apiVersion comes after the target release, is off there by default, or is not served by the "
        + "target's own server."

    public init() {}

    public func need(in context: CheckContext) -> CheckNeed {
        // A server's own discovery may lack kinds that no catalog knows.
        guard context.served == nil else { return .everything }
        return .objects(context: context) { verdict in
            switch verdict {
            case .notYet, .offByDefault, .notServed: true
            case .removed, .deprecated, .served: false
            }
        }
    }

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let gvk = subject.object.gvk
        switch APIVerdict(of: gvk, context: context) {
        case .notYet(let introduced):
            let replacement = context.replacement(for: gvk)
            return [
                subject.finding(
                    code, .breaks, about: gvk, at: "apiVersion", since: nil, replacement: replacement,
                    message: "\(gvk) is served from \(introduced) on, not at \(context.target).",
                    remedy: replacement.map { "Write \($0.apiVersion) for \(context.target)." }
                        ?? "Leave it out until the cluster runs \(introduced).")
            ]
        case .offByDefault(let stability):
            return [
                subject.finding(
                    code, .warns, about: gvk, at: "apiVersion",
                    message: "\(gvk) is \(stability.rawValue) and off by default at \(context.target).",
                    remedy: "Make sure the API server runs with --runtime-config=\(gvk.apiVersion)=true and its "
                        + "feature gate, or leave the object out.")
            ]
        case .notServed(let server):
            let replacement = context.replacement(for: gvk)
            return [
                subject.finding(
                    code, .breaks, consequence: .refused, about: gvk, at: "apiVersion", replacement: replacement,
                    message: "\(gvk) is not served by \(server).",
                    remedy: replacement.map { "Write \($0.apiVersion)." }
                        ?? "Bring what serves it to \(server) first, or leave the object out.")
            ]
        default: return []
        }
    }
}

import Catalog
import Manifests

/// Fields that the published schema of the target wants and the object does not have.
public struct MissingFieldCheck: Check {
    public let code = "required-field-missing"
    public let summary = "The object lacks a field that its kind requires at the target release."

    public init() {}

    /// The schema marks them, and yet servers take the object without them: nothing checks, or a default comes first.
    static let notEnforced: Set<String> = [
        "apps.v1.StatefulSetSpec.serviceName"
    ]

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let object = subject.object
        return context.violations(of: object).compactMap { violation in
            guard violation.problem == .missing,
                !Self.notEnforced.contains("\(violation.type).\(violation.path.last)")
            else { return nil }
            let parent = violation.path.parent
            let place = parent.elements.isEmpty ? "\(object.gvk.kind)" : "\(parent)"
            return subject.finding(
                code, .breaks, confidence: .likely, consequence: .refused, about: object.gvk, at: violation.path,
                ofKey: true, message: "\(place) needs a field \(violation.path.last), which is absent.",
                remedy: "Write \(violation.path).")
        }.inTextOrder()
    }
}

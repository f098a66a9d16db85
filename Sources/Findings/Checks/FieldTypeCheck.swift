import Catalog
import Manifests

/// Values of a type that the target's server cannot read, such as a number where a string belongs.
public struct FieldTypeCheck: Check {
    public let code = "wrong-field-type"
    public let summary = "A field holds a value of another type than its kind has at the target release."

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let object = subject.object
        return context.violations(of: object).compactMap { violation in
            guard case .wrongType(let expected, let found) = violation.problem else { return nil }
            let wantsText = expected.hasPrefix("a string")
            return subject.finding(
                code, .breaks, consequence: .refused, about: object.gvk, at: violation.path,
                message: "\(violation.path) must be \(expected), and is \(found).",
                remedy: wantsText ? "Put it in quotes." : "Write \(expected).")
        }.inTextOrder()
    }
}

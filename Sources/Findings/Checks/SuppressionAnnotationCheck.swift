import Manifests

/// Annotations that should suppress findings and cannot be read.
///
/// It also keeps the scan from clearing documents that hold such an annotation, so that one that meets nothing is told.
public struct SuppressionAnnotationCheck: Check {
    public let code = "suppression-malformed"
    public let summary = "The annotation kirikae.dev/suppress cannot be read, so it suppresses nothing."

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        guard let value = subject.object.annotations[SuppressionAnnotation.name] else { return [] }
        let clauses = value.string.map(SuppressionAnnotation.clauses) ?? [.malformed("it is no string")]
        return clauses.compactMap { clause in
            guard case .malformed(let why) = clause else { return nil }
            return subject.finding(
                code, .warns, consequence: .ignored, about: subject.object.gvk, at: SuppressionAnnotation.path,
                message: "\(SuppressionAnnotation.name) suppresses nothing: \(why).",
                remedy: "Write codes, the last day and the reason: api-removed until=2027-01-31 reason=why.")
        }
    }

    public func need(in context: CheckContext) -> CheckNeed { .anyOf([SuppressionAnnotation.name]) }
}

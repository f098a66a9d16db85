import Catalog
import Manifests

/// What `kubectl apply` last sent, where that was at a version the target does not serve.
///
/// The object itself may be fine; the annotation tells that the manifest it came from is not.
public struct LastAppliedAPICheck: Check {
    public let code = "last-applied-api"
    public let summary = "The manifest last applied with kubectl names an apiVersion the target does not serve."

    static let annotation = "kubectl.kubernetes.io/last-applied-configuration"

    public init() {}

    public func need(in context: CheckContext) -> CheckNeed { .anyOf([Self.annotation]) }

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        guard let text = subject.object[annotation: Self.annotation],
            let applied = try? JSONValue(parsing: text), let object = KubeObject(applied),
            object.gvk != subject.object.gvk,
            case .removed(let since) = APIVerdict(of: object.gvk, context: context)
        else { return [] }
        let path = FieldPath([.member("metadata"), .member("annotations"), .member(Self.annotation)])
        let replacement = context.replacement(for: object.gvk)
        return [
            subject.finding(
                code, .warns, about: object.gvk, at: path, place: .lastApplied, since: since,
                replacement: replacement,
                message: "It was last applied as \(object.gvk), which is no longer served since \(since): the "
                    + "manifest it came from cannot be applied again.",
                remedy: replacement.map {
                    "Write \($0.apiVersion) in that manifest and apply it; the annotation follows."
                } ?? "Find the manifest it came from and take the object out.")
        ]
    }
}

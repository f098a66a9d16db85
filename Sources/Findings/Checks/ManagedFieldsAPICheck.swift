import Catalog
import Manifests

/// Whoever last wrote the object at a version that the target does not serve.
///
/// Server-side apply leaves no annotation; the managed fields say at which version each manager writes.
public struct ManagedFieldsAPICheck: Check {
    public let code = "managed-fields-api"
    public let summary = "A field manager wrote the object at an apiVersion the target does not serve."

    public init() {}

    public func need(in context: CheckContext) -> CheckNeed { .anyOf(["managedFields"]) }

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        var seen: Set<String> = []
        return (subject.object["metadata.managedFields"]?.array ?? []).enumerated().compactMap { index, entry in
            guard let apiVersion = entry["apiVersion"]?.string, let manager = entry["manager"]?.string else {
                return nil
            }
            let gvk = GroupVersionKind(apiVersion: apiVersion, kind: subject.object.gvk.kind)
            guard gvk != subject.object.gvk, case .removed(let since) = APIVerdict(of: gvk, context: context),
                seen.insert("\(manager) \(apiVersion)").inserted
            else { return nil }
            let replacement = context.replacement(for: gvk)
            return subject.finding(
                code, .info, about: gvk, at: FieldPath("metadata.managedFields").index(index),
                place: .managedFields(manager: manager), since: since, replacement: replacement,
                message: "\(manager) wrote it as \(gvk), which is no longer served since \(since).",
                remedy: "See that \(manager) has learned \(replacement?.apiVersion ?? "another version"); where it "
                    + "has, this entry is only history.")
        }
    }
}

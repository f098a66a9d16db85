import Catalog
import Conversion
import Manifests

/// Fields that name another object's kind where the target does not serve it.
///
/// Only what is certain is found. Autoscalers and the garbage collector look their object up by group and kind and take
/// any version of it, so `apps/v1beta1` there goes on working and `extensions/v1beta1` does not; kustomize compares
/// versions word by word.
public struct ReferencedAPICheck: Check {
    public let code = "reference-api"
    public let summary = "A field refers to another object in a group or at a version the target does not serve."

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let references = Self.references(in: subject.object)
        var findings = references.compactMap { finding(about: $0, in: subject, context: context) }
        // What was last applied may name what the object no longer does.
        if let text = subject.object[annotation: LastAppliedAPICheck.annotation],
            let applied = (try? JSONValue(parsing: text)).flatMap({ KubeObject($0) })
        {
            let known = Set(references)
            findings += Self.references(in: applied).filter { !known.contains($0) }.compactMap {
                finding(about: $0, in: subject, isLastApplied: true, context: context)
            }
        }
        return findings.inOrderOfPlaces
    }

    public func need(in context: CheckContext) -> CheckNeed {
        // Kustomize's selectors name group and version apart, so their files are wanted whole.
        .anyGroupOf(
            APIVerdict.words(context: context) { _, verdict in
                switch verdict {
                case .removed, .notYet, .notServed: true
                case .offByDefault, .deprecated, .served: false
                }
            }.union([["kustomize.config.k8s.io"], ["builtin"], ["argoproj.io"], ["toolkit.fluxcd.io"]]))
    }

    private static func references(in object: KubeObject) -> [APIReference] {
        APIReferenceWalk(object).references + KustomizeReferences.all(in: object)
    }

    private func finding(
        about reference: APIReference, in subject: CheckSubject, isLastApplied: Bool = false, context: CheckContext
    ) -> Finding? {
        guard let (gvk, since) = Self.gone(reference, context) else { return nil }
        let replacement = context.replacement(for: gvk)
        let named = reference.gvk.version.isEmpty ? "\(reference.gvk.groupKind)" : "\(reference.gvk)"
        let annotation = FieldPath([
            .member("metadata"), .member("annotations"), .member(LastAppliedAPICheck.annotation),
        ])
        let (severity, consequence, effect): (Finding.Severity, Finding.Consequence, String) =
            switch reference.meaning {
            case .acts: (.breaks, .behavesDifferently, "")
            case .owns: (.info, .behavesDifferently, ", so the garbage collector cannot look the owner up")
            case .patches: (.breaks, .ignored, ", so it picks nothing once the resource is written for the target")
            }
        return subject.finding(
            code, severity, consequence: consequence, about: gvk, at: isLastApplied ? annotation : reference.path,
            place: isLastApplied ? .lastApplied : .reference, since: since, replacement: replacement,
            message:
                "\(reference.path) \(isLastApplied ? "as last applied " : "")refers to \(named), which is no longer "
                + "served since \(since)\(effect).",
            remedy: replacement.map {
                reference.path.elements.last == .member("group")
                    ? "Write group \($0.group) there." : "Write \($0.apiVersion) there."
            } ?? "Point it at a kind that is served.")
    }

    /// What a reference no longer finds at the target, and since when; nil when it finds something, or nobody knows.
    private static func gone(
        _ reference: APIReference, _ context: CheckContext
    ) -> (gvk: GroupVersionKind, since: KubernetesVersion)? {
        switch reference.match {
        case .version:
            guard case .removed(let since) = APIVerdict(of: reference.gvk, context: context) else { return nil }
            return (reference.gvk, since)
        case .kind:
            let versions = context.catalog.lifecycles(of: reference.gvk.groupKind)
            // A version that never was tells nothing, unless none was named.
            let named = reference.gvk.version.isEmpty ? versions.first : versions.first { $0.gvk == reference.gvk }
            guard let named, !context.isKnown(reference.gvk.groupKind),
                let since = versions.compactMap(\.endOfService).max(), context.target >= since
            else { return nil }
            return (named.gvk, since)
        }
    }
}

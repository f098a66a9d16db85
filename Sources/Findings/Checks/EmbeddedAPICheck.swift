import Catalog
import Conversion
import Manifests

/// Manifests that stand inside other objects, where whoever reads those applies them: patches and values of Argo CD
/// and Flux, bases of compositions, templates of templates.
public struct EmbeddedAPICheck: Check {
    public let code = "embedded-api"
    public let summary = "An object carries a manifest or a patch at an apiVersion the target does not serve."

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        EmbeddedManifests.all(in: subject.object).compactMap { manifest in
            let place = manifest.line.map { "line \($0) of \(manifest.path)" } ?? "\(manifest.path)"
            let replacement = context.replacement(for: manifest.gvk)
            switch APIVerdict(of: manifest.gvk, context: context) {
            case .removed(let since):
                return subject.finding(
                    code, .breaks, consequence: .refused, about: manifest.gvk, at: manifest.path, place: .reference,
                    since: since, replacement: replacement,
                    message: "It carries \(manifest.gvk), which is no longer served since \(since) (\(place)).",
                    remedy: APIVerdict.remedy(replacing: manifest.gvk, by: replacement, context: context))
            case .notYet(let introduced):
                return subject.finding(
                    code, .breaks, consequence: .refused, about: manifest.gvk, at: manifest.path, place: .reference,
                    replacement: replacement,
                    message: "It carries \(manifest.gvk), which is served from \(introduced) on, not at "
                        + "\(context.target) (\(place)).",
                    remedy: replacement.map { "Write \($0.apiVersion) for \(context.target)." }
                        ?? "Leave it out until the cluster runs \(introduced).")
            case .deprecated(let since):
                guard let end = context.catalog.lifecycle(of: manifest.gvk)?.endOfService else { return nil }
                return subject.finding(
                    code, .warns, consequence: .nothingYet, about: manifest.gvk, at: manifest.path, place: .reference,
                    since: since, replacement: replacement,
                    message: "It carries \(manifest.gvk), which is deprecated since \(since) and gone in \(end) "
                        + "(\(place)).",
                    remedy: APIVerdict.remedy(replacing: manifest.gvk, by: replacement, context: context))
            default: return nil
            }
        }.inOrderOfPlaces
    }

    public func need(in context: CheckContext) -> CheckNeed {
        guard context.served == nil else { return .everything }
        return .anyGroupOf(
            APIVerdict.words(context: context) { gvk, verdict in
                switch verdict {
                case .removed, .notYet: true
                case .deprecated: context.catalog.lifecycle(of: gvk)?.endOfService != nil
                case .offByDefault, .notServed, .served: false
                }
            })
    }
}

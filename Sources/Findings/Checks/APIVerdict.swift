import Catalog
import Manifests

/// What becomes of a kind at a version when the release changes.
///
/// Kinds the catalog does not know (custom resources, kustomize's and Helm's own files) have no verdict.
enum APIVerdict: Equatable {
    /// No longer served by default, since that release.
    case removed(since: KubernetesVersion)
    /// Served first by a later release than the target.
    case notYet(introduced: KubernetesVersion)
    /// In the release, but off unless the server is told otherwise.
    case offByDefault(APILifecycle.Stability)
    /// Served, and deprecated since that release.
    case deprecated(since: KubernetesVersion)
    case served

    /// Nil for kinds that are nobody's object: unknown ones and bodies of subresources.
    init?(of gvk: GroupVersionKind, context: CheckContext) {
        guard let entry = context.catalog.lifecycle(of: gvk), entry.kindClass != .aggregated,
            entry.kindClass != .subresource
        else { return nil }
        if let end = entry.endOfService, context.target >= end {
            self = .removed(since: end)
        } else if let introduced = entry.introduced, context.target < introduced {
            self = .notYet(introduced: introduced)
        } else if entry.isDeprecated(at: context.target), let since = entry.deprecated ?? entry.plannedDeprecation {
            self = .deprecated(since: since)
        } else if entry.kindClass != .configuration, !entry.defaultEnabled {
            self = .offByDefault(entry.stability)
        } else {
            self = .served
        }
    }

    /// How to say what takes a removed or deprecated kind's place.
    static func remedy(
        replacing gvk: GroupVersionKind, by replacement: GroupVersionKind?, context: CheckContext
    )
        -> String
    {
        guard let replacement else {
            return "Nothing takes its place in \(context.target): remove the object, or keep a release that serves it."
        }
        if replacement.kind == gvk.kind {
            return "Write \(replacement.apiVersion)."
        }
        return "Use \(replacement) instead."
    }
}

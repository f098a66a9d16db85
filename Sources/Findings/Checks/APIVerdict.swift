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
    /// In the release and on by default, and yet the target's own server does not serve it.
    case notServed(by: String)
    /// Served, and deprecated since that release.
    case deprecated(since: KubernetesVersion)
    case served

    /// Nil for kinds that are nobody's object: unknown ones and bodies of subresources.
    init?(of gvk: GroupVersionKind, context: CheckContext) {
        let entry = context.catalog.lifecycle(of: gvk)
        if let served = context.served,
            entry.map({ $0.kindClass != .configuration && $0.kindClass != .subresource }) ?? true,
            let isServed = served.serves(gvk)
        {
            self.init(entry, of: gvk, isServed: isServed, served: served, context: context)
            return
        }
        guard let entry, entry.kindClass != .aggregated, entry.kindClass != .subresource else { return nil }
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

    /// Where the server was asked, it decides; the catalog knows why, and since when.
    private init?(
        _ entry: APILifecycle?, of gvk: GroupVersionKind, isServed: Bool, served: ServedAPIs, context: CheckContext
    ) {
        if isServed {
            if let entry, entry.isDeprecated(at: context.target),
                let since = entry.deprecated ?? entry.plannedDeprecation
            {
                self = .deprecated(since: since)
            } else {
                self = .served
            }
        } else if let entry {
            if let end = entry.endOfService, context.target >= end {
                self = .removed(since: end)
            } else if let introduced = entry.introduced, context.target < introduced {
                self = .notYet(introduced: introduced)
            } else {
                self = .notServed(by: served.name)
            }
        } else {
            // A custom kind of which the server has no version at all may come with its CRD; one that it has at other
            // versions only will not.
            guard !served.versions(of: gvk.groupKind).isEmpty else { return nil }
            self = .notServed(by: served.name)
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

import Catalog
import Manifests

extension APIVerdict {
    /// The words of which a document must hold a group to be, or to name, a kind with such a verdict.
    ///
    /// The `apiVersion` alone where all its kinds have it, and with the kind's name where only some do.
    static func words(context: CheckContext, where isMeant: (APIVerdict) -> Bool) -> Set<Set<String>> {
        var meant: [String: [String]] = [:]
        var others: Set<String> = []
        for entry in context.catalog.lifecycles {
            guard let verdict = APIVerdict(of: entry.gvk, context: context), isMeant(verdict) else {
                others.insert(entry.gvk.apiVersion)
                continue
            }
            meant[entry.gvk.apiVersion, default: []].append(entry.gvk.kind)
        }
        var groups: Set<Set<String>> = []
        for (apiVersion, kinds) in meant {
            if others.contains(apiVersion) {
                for kind in kinds { groups.insert(kind == "*" ? [apiVersion] : [apiVersion, kind]) }
            } else {
                groups.insert([apiVersion])
            }
        }
        return groups
    }

    /// Whether it is no longer served.
    var isRemoved: Bool {
        if case .removed = self { true } else { false }
    }
}

extension CheckNeed {
    /// Documents that hold the word beside one of the groups.
    static func groups(_ groups: Set<Set<String>>, beside word: String) -> CheckNeed {
        .anyGroupOf(Set(groups.map { $0.union([word]) }))
    }
}

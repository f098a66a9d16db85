import Catalog
import Manifests

extension APIVerdict {
    /// The words of which a document must hold a group to be, or to name, a kind with such a verdict.
    ///
    /// The `apiVersion` alone where all its kinds have it, and with the kind's name where only some do.
    static func words(context: CheckContext, where isMeant: (GroupVersionKind, APIVerdict) -> Bool) -> Set<Set<String>>
    {
        var meant: [String: [String]] = [:]
        var others: Set<String> = []
        for entry in context.catalog.lifecycles {
            guard let verdict = APIVerdict(of: entry.gvk, context: context), isMeant(entry.gvk, verdict) else {
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
    /// Documents of kinds with such a verdict.
    static func objects(context: CheckContext, where isMeant: (APIVerdict) -> Bool) -> CheckNeed {
        var clauses: Set<DocumentFilter.Clause> = []
        for entry in context.catalog.lifecycles {
            guard let verdict = APIVerdict(of: entry.gvk, context: context), isMeant(verdict) else { continue }
            clauses.insert(
                DocumentFilter.Clause(
                    words: [entry.gvk.apiVersion], kinds: entry.gvk.kind == "*" ? nil : [entry.gvk.kind]))
        }
        return CheckNeed(clauses)
    }
}

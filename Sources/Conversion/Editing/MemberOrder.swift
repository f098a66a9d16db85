import Manifests

/// Where a new member belongs among others.
enum MemberOrder {
    /// Names that have a customary place; the others stand between ``middle`` and what comes last.
    private static let ranks: [String: Int] = {
        let first = [
            "apiVersion", "kind", "metadata", "type", "driver", "name", "namespace", "labels", "annotations", "spec",
            "group",
            "scope", "path", "pathType", "schedule", "timeZone", "ingressClassName", "replicas", "served", "storage",
        ]
        let last = ["strategy", "updateStrategy", "selector", "jobTemplate", "template", "webhooks", "data", "status"]
        var ranks: [String: Int] = [:]
        for (rank, name) in first.enumerated() { ranks[name] = rank }
        for (rank, name) in last.enumerated() { ranks[name] = middle + 1 + rank }
        return ranks
    }()
    private static let middle = 100
    /// The first of the customary names, which begin a mapping.
    private static let heads = 7

    private static func rank(_ name: String) -> Int { ranks[name] ?? middle }

    /// The members of a new mapping as a person would write them.
    static func ordered(_ members: JSONObject) -> [JSONObject.Member] {
        members.enumerated().sorted { (rank($0.element.key), $0.offset) < (rank($1.element.key), $1.offset) }
            .map(\.element)
    }

    /// Whether somebody seems to keep these names sorted; two may be so by chance.
    static func isSorted(_ names: [String]) -> Bool {
        names.count > 2 && zip(names, names.dropFirst()).allSatisfy { $0.utf8Precedes($1) }
    }

    /// Behind which of the names the new one belongs; nil for the first place.
    ///
    /// What everybody writes first (`name`) stays first in sorted mappings too.
    static func predecessor(of name: String, among names: [String], sorted: Bool) -> Int? {
        guard sorted else { return names.lastIndex { rank($0) <= rank(name) } }
        let place = names.lastIndex { $0.utf8Precedes(name) }
        let head = names.lastIndex { rank($0) < heads && rank($0) < rank(name) }
        return [place, head].compactMap(\.self).max()
    }
}

extension String {
    /// Order by UTF-8 bytes, as ``JSONObject`` has it.
    fileprivate func utf8Precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

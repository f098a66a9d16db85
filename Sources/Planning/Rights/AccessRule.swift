public import Manifests

/// One rule of RBAC: these verbs on these resources of one group.
public struct AccessRule: Sendable, Hashable, Comparable {
    /// The API group; the core group is empty, `*` is all of them.
    public var group: String
    /// Plural names, ascending; `*` is all of them.
    public var resources: [String]
    /// Ascending.
    public var verbs: [String]
    /// Only objects of these names; empty for all.
    public var names: [String]
    /// Where, ascending; nil everywhere.
    ///
    /// Only questions are narrowed by it, roles are bound for the whole cluster.
    public var namespaces: [String]?

    /// A rule with these parts, in any order.
    public init(
        group: String, resources: [String], verbs: [String], names: [String] = [], namespaces: [String]? = nil
    ) {
        self.group = group
        self.resources = resources.sorted()
        self.verbs = verbs.sorted()
        self.names = names.sorted()
        self.namespaces = namespaces?.sorted()
    }

    /// As a role holds it.
    public var json: JSONValue {
        var members: JSONObject = [
            "apiGroups": [.string(group)], "resources": .array(resources.map(JSONValue.string)),
            "verbs": .array(verbs.map(JSONValue.string)),
        ]
        if !names.isEmpty { members["resourceNames"] = .array(names.map(JSONValue.string)) }
        return .object(members)
    }

    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.group, lhs.resources.joined(separator: ","), lhs.verbs.joined(separator: ","))
            < (rhs.group, rhs.resources.joined(separator: ","), rhs.verbs.joined(separator: ","))
    }
}

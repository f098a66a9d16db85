import Manifests

/// Where one object lies in the store: its kind without the version, its namespace (empty for cluster-scoped
/// objects) and its name.
struct StorageKey: Sendable, Hashable, Comparable {
    var kind: GroupKind
    var namespace: String
    var name: String

    /// The name part as an API server's storage orders it: by namespace, then by name.
    var path: ObjectPath { ObjectPath(namespace: namespace, name: name) }

    static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.kind == rhs.kind ? lhs.path < rhs.path : lhs.kind < rhs.kind
    }
}

/// Namespace and name of an object within its resource.
struct ObjectPath: Sendable, Hashable, Comparable {
    var namespace: String
    var name: String

    // Compares as the bytes of `namespace/name` would, which is the order in which lists come and continue.
    static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.namespace == rhs.namespace ? lhs.name.utf8Before(rhs.name) : lhs.slashed.utf8Before(rhs.slashed)
    }

    private var slashed: String { namespace + "/" + name }
}

extension String {
    fileprivate func utf8Before(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

import Manifests

/// One rule about what an object must not take along to another cluster.
struct StripRule: Sendable {
    /// Why, as a stable code.
    let code: String
    /// The kinds it is about; nil for every object.
    let kinds: Set<GroupKind>?
    /// Takes away what must not travel.
    ///
    /// `source` is the object as it was read, before any rule.
    let apply: @Sendable (_ object: inout PortableObject, _ source: KubeObject) -> Void

    init(
        _ code: String, kinds: Set<GroupKind>? = nil,
        apply: @escaping @Sendable (_ object: inout PortableObject, _ source: KubeObject) -> Void
    ) {
        self.code = code
        self.kinds = kinds
        self.apply = apply
    }
}

/// An object on its way to another cluster, with a note of everything that was changed.
struct PortableObject: Sendable {
    /// The object so far.
    var object: KubeObject
    /// The notes, such as `strip spec.clusterIP (assigned-by-cluster)`.
    private(set) var changes: [String] = []
    /// The code of the rule at work.
    var code = ""

    init(_ object: KubeObject) { self.object = object }

    /// Takes a member away if it is there.
    mutating func strip(_ path: FieldPath) {
        guard object[path] != nil else { return }
        object[path] = nil
        note("strip", path)
    }

    /// Takes an annotation away if it is there.
    mutating func strip(annotation name: String) {
        strip(FieldPath([.member("metadata"), .member("annotations"), .member(name)]))
    }

    /// Takes a label away if it is there.
    mutating func strip(label name: String, under metadata: FieldPath = "metadata") {
        strip(metadata.member("labels").member(name))
    }

    /// Sets a member to another value.
    mutating func set(_ path: FieldPath, to value: JSONValue) {
        guard object[path] != value else { return }
        object[path] = value
        note("set", path)
    }

    /// Removes a container that rules have emptied: servers drop empty ones, and they would look like a difference.
    mutating func dropIfEmptied(_ path: FieldPath, in source: KubeObject) {
        guard object[path]?.object?.isEmpty ?? object[path]?.array?.isEmpty ?? false, source[path] != object[path]
        else { return }
        object[path] = nil
    }

    private mutating func note(_ verb: String, _ path: FieldPath) { changes.append("\(verb) \(path) (\(code))") }
}

extension GroupKind {
    /// A kind of the core group.
    static func core(_ kind: String) -> GroupKind { GroupKind(group: "", kind: kind) }
    /// A kind of the group `apps`.
    static func apps(_ kind: String) -> GroupKind { GroupKind(group: "apps", kind: kind) }
    /// A kind of the group `batch`.
    static func batch(_ kind: String) -> GroupKind { GroupKind(group: "batch", kind: kind) }
    /// A kind of RBAC.
    static func rbac(_ kind: String) -> GroupKind { GroupKind(group: "rbac.authorization.k8s.io", kind: kind) }
}

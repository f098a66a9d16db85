public import Manifests

/// What a cluster holds at one moment, as far as people put it there: every object without status and the server's
/// bookkeeping, and without our own Lease.
///
/// Two of them are compared to prove what "as before" promises (amendment A7 of the executor's specification).
public struct ClusterContent: Sendable, Equatable {
    /// By reference.
    public let objects: [ObjectReference: JSONValue]

    /// Takes the content of these objects.
    ///
    /// Leases of the given name are ours and are left out.
    public init(_ objects: [KubeObject], withoutLease lease: String) {
        var contents: [ObjectReference: JSONValue] = [:]
        for object in objects {
            let reference = object.reference
            if reference.kind == GroupKind(group: "coordination.k8s.io", kind: "Lease"), reference.name == lease {
                continue
            }
            contents[reference] = object.content
        }
        self.objects = contents
    }

    /// The same for the same content, in whatever order it was read.
    public var digest: Digest {
        Digest(
            of: .object(
                JSONObject(objects.map { (key: $0.key.description, value: $0.value) })))
    }

    /// One difference between two contents.
    public struct Difference: Sendable, Hashable, Comparable, CustomStringConvertible {
        public var object: ObjectReference
        /// Nil when the whole object is new or gone.
        public var path: FieldPath?
        public var before: JSONValue?
        public var after: JSONValue?

        public var description: String {
            let place = path.map { " \($0)" } ?? ""
            let old = before.map { path == nil ? "there" : $0.canonicalText } ?? "absent"
            let new = after.map { path == nil ? "there" : $0.canonicalText } ?? "absent"
            return "\(object)\(place): \(old) → \(new)"
        }

        /// Whether a controller bound a claim that was not bound before.
        public var isBinding: Bool {
            guard object.kind == GroupKind(group: "", kind: "PersistentVolumeClaim"), before == nil, let path else {
                return false
            }
            let bindings: [FieldPath] = [
                "spec.volumeName", "metadata.annotations['pv.kubernetes.io/bind-completed']",
                "metadata.annotations['pv.kubernetes.io/bound-by-controller']",
            ]
            return bindings.contains(path)
        }

        public static func < (lhs: Self, rhs: Self) -> Bool {
            (lhs.object, lhs.path?.description ?? "") < (rhs.object, rhs.path?.description ?? "")
        }
    }

    /// Everything that is not as it was in `earlier`, in order.
    public func differences(from earlier: ClusterContent) -> [Difference] {
        var found: [Difference] = []
        for reference in Set(objects.keys).union(earlier.objects.keys) {
            switch (earlier.objects[reference], objects[reference]) {
            case (.some(let old), .some(let new)) where old != new:
                found += Self.compare(old, new, at: FieldPath()).map {
                    Difference(object: reference, path: $0.path, before: $0.before, after: $0.after)
                }
            case (.none, .some(let new)):
                found.append(Difference(object: reference, path: nil, before: nil, after: new))
            case (.some(let old), .none):
                found.append(Difference(object: reference, path: nil, before: old, after: nil))
            default: break
            }
        }
        return found.sorted()
    }

    private typealias Leaf = (path: FieldPath, before: JSONValue?, after: JSONValue?)

    /// The smallest members that differ; lists count as a whole.
    private static func compare(_ old: JSONValue, _ new: JSONValue, at path: FieldPath) -> [Leaf] {
        guard case .object(let before) = old, case .object(let after) = new else {
            return old == new ? [] : [(path, old, new)]
        }
        return Set(before.keys).union(after.keys).sorted().flatMap { name -> [Leaf] in
            let place = path.member(name)
            switch (before[name], after[name]) {
            case (.some(let a), .some(let b)): return compare(a, b, at: place)
            case (let a, let b): return [(place, a, b)]
            }
        }
    }
}

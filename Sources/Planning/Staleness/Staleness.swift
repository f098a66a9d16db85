public import Manifests

/// Whether blue is still what the plan reasoned about.
///
/// Pure: the caller reads the objects.
public enum Staleness {
    /// One object that is not what the plan saw.
    public struct Difference: Sendable, Hashable, CustomStringConvertible {
        /// What happened to it.
        public enum Change: String, Sendable, Hashable, Codable {
            /// It is there with other content.
            case changed
            /// It is gone.
            case deleted
            /// It came since, and no line of the plan knows it. Worth a warning; the plan stays valid.
            case created
        }

        public var object: ObjectReference
        public var change: Change
        /// Where it differs, as far as the object of the plan's time is at hand; empty otherwise, and for Secrets
        /// never more than names.
        public var paths: [FieldPath]

        public init(object: ObjectReference, change: Change, paths: [FieldPath] = []) {
            self.object = object
            self.change = change
            self.paths = paths
        }

        public var description: String {
            let places = paths.isEmpty ? "" : ": \(paths.prefix(8).map(\.description).joined(separator: ", "))"
            return "\(object) \(change.rawValue)\(places)\(paths.count > 8 ? ", …" : "")"
        }
    }

    /// The digest that a plan holds of an object, without the fields that float.
    public static func sourceDigest(
        of object: KubeObject, digestKey: [UInt8]?, floating: [FieldPath] = []
    ) -> Digest {
        var object = object
        for path in floating { object[path] = nil }
        return object.contentDigest(secretKey: digestKey)
    }

    /// Whether blue's object is what the plan reasoned about.
    public static func isUnchanged(_ line: PlannedObject, now: KubeObject, digestKey: [UInt8]?) -> Bool {
        sourceDigest(of: now, digestKey: digestKey, floating: line.floating ?? []) == line.source
    }

    /// Every object of the plan that is not what it was, in the order of the references.
    ///
    /// Objects that the plan skips are not looked at: whatever happens to them changes no step.
    ///
    /// - Parameters:
    ///   - planned: the plan's objects; leave out those whose steps are done (their blue may have been quieted by us).
    ///   - live: blue's objects now, each read at the version `readAs`; absent means deleted.
    ///   - digestKey: the key of the digests over Secret data.
    ///   - inventory: the objects as the plan saw them, where at hand, to name the fields.
    public static func differences(
        planned: [PlannedObject], live: [ObjectReference: KubeObject], digestKey: [UInt8]?,
        inventory: [ObjectReference: KubeObject] = [:]
    ) -> [Difference] {
        planned.filter { $0.disposition != .skip }.compactMap { line -> Difference? in
            guard let now = live[line.object] else { return Difference(object: line.object, change: .deleted) }
            guard !isUnchanged(line, now: now, digestKey: digestKey) else { return nil }
            let paths = inventory[line.object].map { before in
                differingPaths(redacted(before, digestKey), redacted(now, digestKey))
                    .filter { !(line.floating ?? []).contains($0) }
            }
            return Difference(object: line.object, change: .changed, paths: paths ?? [])
        }
        .sorted { $0.object < $1.object }
    }

    /// Objects of the planned namespaces that came since the plan was made.
    public static func created(
        planned: [PlannedObject], live: some Sequence<ObjectReference>, namespaces: Set<String>
    ) -> [Difference] {
        let known = Set(planned.map(\.object))
        return Set(live.filter { $0.namespace.map(namespaces.contains) ?? false }).subtracting(known).sorted()
            .map { Difference(object: $0, change: .created) }
    }

    /// The places where two values differ, deepest first difference only, in order.
    public static func differingPaths(
        _ before: JSONValue, _ after: JSONValue, at path: FieldPath = FieldPath()
    )
        -> [FieldPath]
    {
        if before == after { return [] }
        switch (before, after) {
        case (.object(let before), .object(let after)):
            return Set(before.keys).union(after.keys).sorted().flatMap { key -> [FieldPath] in
                let place = path.member(key)
                guard let first = before[key], let second = after[key] else { return [place] }
                return differingPaths(first, second, at: place)
            }
        case (.array(let before), .array(let after)) where before.count == after.count:
            return zip(before, after).enumerated().flatMap { index, pair in
                differingPaths(pair.0, pair.1, at: path.index(index))
            }
        default: return [path]
        }
    }

    private static func redacted(_ object: KubeObject, _ key: [UInt8]?) -> JSONValue {
        (key.map { SecretRedaction.redact(object, key: $0) } ?? object).content
    }
}

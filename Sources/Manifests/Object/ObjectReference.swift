/// Names one object in a cluster, whatever version it is read at.
///
/// Written `Deployment.apps/shop/web` for namespaced objects and `ClusterRole.rbac.authorization.k8s.io/viewer`
/// for cluster-scoped ones. Names cannot hold a slash, so the form can be read back.
public struct ObjectReference: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    public var kind: GroupKind
    /// Nil for cluster-scoped objects.
    public var namespace: String?
    public var name: String

    public init(kind: GroupKind, namespace: String?, name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// Reads the written form; nil when it has fewer than two or more than three parts, or an empty part.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(
            kind: GroupKind(parts[0]), namespace: parts.count == 3 ? parts[1] : nil, name: parts[parts.count - 1])
    }

    public var description: String {
        namespace.map { "\(kind)/\($0)/\(name)" } ?? "\(kind)/\(name)"
    }

    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.namespace ?? "", lhs.kind, lhs.name) < (rhs.namespace ?? "", rhs.kind, rhs.name)
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let reference = ObjectReference(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an object reference: \(text)"))
        }
        self = reference
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

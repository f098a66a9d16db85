/// A kind at one version of an API group.
///
/// The core group is the empty string.
public struct GroupVersionKind: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var group: String
    public var version: String
    public var kind: String

    public init(group: String, version: String, kind: String) {
        self.group = group
        self.version = version
        self.kind = kind
    }

    /// From an object's `apiVersion` (`v1` or `apps/v1`) and `kind`.
    public init(apiVersion: String, kind: String) {
        guard let slash = apiVersion.utf8.firstIndex(of: UInt8(ascii: "/")) else {
            self.init(group: "", version: apiVersion, kind: kind)
            return
        }
        self.init(
            group: String(apiVersion[..<slash]), version: String(apiVersion[apiVersion.utf8.index(after: slash)...]),
            kind: kind)
    }

    /// `v1` for the core group, `group/version` otherwise.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The kind without its version, which identifies a resource across versions.
    public var groupKind: GroupKind { GroupKind(group: group, kind: kind) }

    /// `apps/v1 Deployment`, as people write it.
    public var description: String { "\(apiVersion) \(kind)" }

    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.group, lhs.kind, lhs.version) < (rhs.group, rhs.kind, rhs.version)
    }
}

/// A kind of an API group, whatever the version.
///
/// Written `Deployment.apps`; core kinds without a dot.
public struct GroupKind: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    public var group: String
    public var kind: String

    public init(group: String, kind: String) {
        self.group = group
        self.kind = kind
    }

    /// Reads the written form: the kind up to the first dot, the group behind it.
    public init(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1)
        self.init(group: parts.count == 2 ? String(parts[1]) : "", kind: parts.first.map(String.init) ?? "")
    }

    public var description: String { group.isEmpty ? kind : "\(kind).\(group)" }

    public static func < (lhs: Self, rhs: Self) -> Bool { (lhs.group, lhs.kind) < (rhs.group, rhs.kind) }

    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

public import Manifests

/// A field that came, left, became required or was deprecated while its kind at its version stayed.
public struct FieldChange: Sendable, Hashable {
    /// What it is about.
    public enum Owner: Sendable, Hashable, CustomStringConvertible {
        case kind(GroupVersionKind)
        /// A type that many kinds share, such as `PodSpec`.
        case shared(String)

        public var description: String {
            switch self {
            case .kind(let gvk): gvk.description
            case .shared(let name): "@\(name)"
            }
        }
    }

    /// What happened to it.
    public enum Change: String, Sendable, Hashable, CaseIterable {
        /// There is no such field any more.
        case gone
        case new
        case required
        /// No longer required.
        case optional
        case deprecated
    }

    public var owner: Owner
    public var change: Change
    /// The first release in which it is so; nil when it was so before the oldest one compared.
    public var since: KubernetesVersion?
    /// The last release of which the description said "deprecated", where it stopped.
    public var last: KubernetesVersion?
    public var path: PathPattern
    /// The change of behaviour that says it better.
    public var told: String?
    /// Why no check speaks of it.
    public var unseen: String?

    public init(
        owner: Owner, change: Change, since: KubernetesVersion?, last: KubernetesVersion? = nil, path: PathPattern,
        told: String? = nil, unseen: String? = nil
    ) {
        self.owner = owner
        self.change = change
        self.since = since
        self.last = last
        self.path = path
        self.told = told
        self.unseen = unseen
    }

    /// Stable: what, where and when.
    public var id: String { "\(owner) \(change.rawValue) \(since?.description ?? "<=") \(path)" }
}

/// Where a type that many kinds share stands in one of them.
public struct TypeMount: Sendable, Hashable {
    public var name: String
    public var group: String
    /// Nil is any.
    public var version: String?
    public var kind: String
    public var path: PathPattern
}

public import Manifests

/// One place where the traffic of a route is split: a balancer, a DNS zone, a file that something else reads.
///
/// A back end is one file or folder under `Backends/` and one line in ``RouterRegistry``. It never retries, never
/// waits for propagation, and never believes a write: the caller reads back and verifies.
public protocol Router: Sendable {
    /// The name by which a migration file chooses this back end.
    static var kind: String { get }

    /// What this back end can and cannot do; the planner inserts gates accordingly.
    var capabilities: RouterCapabilities { get }

    /// What stands there now. Throws ``RoutingError`` with `unreachable` when it cannot be read.
    func read() async throws(RoutingError) -> RoutingState

    /// Replaces `expected` by `weights` as one compare-and-set: `conflict` when something else stands there, and
    /// nothing is written then. Absolute weights only. Idempotent for equal arguments.
    func set(_ weights: Weights, expecting expected: RoutingState) async throws(RoutingError)

    /// Whether traffic really flows by `weights` now.
    func verify(_ weights: Weights) async throws(RoutingError) -> RouteVerification

    /// Puts back what stood there when `saved` was read, with every detail the back end knows, not only weights.
    /// The same compare-and-set rule as ``set(_:expecting:)``.
    func restore(_ saved: RoutingState, expecting expected: RoutingState) async throws(RoutingError)
}

/// What a back end can do.
public struct RouterCapabilities: Sendable, Hashable {
    /// False for back ends that only switch, such as plain DNS.
    public var weighted: Bool
    /// The longest time until a change has reached every client, such as a TTL.
    ///
    /// Zero when it is immediate.
    public var propagation: Duration

    public init(weighted: Bool, propagation: Duration) {
        self.weighted = weighted
        self.propagation = propagation
    }
}

/// What was read from a back end.
public struct RoutingState: Sendable, Hashable, Codable {
    public var weights: Weights
    /// Changes with every change of the back end's state, whoever made it: the compare-and-set key.
    public var etag: String
    /// The back end's own state in full, enough to restore it exactly.
    ///
    /// Holds no credentials.
    public var raw: JSONValue

    public init(weights: Weights, etag: String, raw: JSONValue) {
        self.weights = weights
        self.etag = etag
        self.raw = raw
    }
}

/// The answer to ``Router/verify(_:)``.
public enum RouteVerification: Sendable, Hashable {
    case verified
    /// Written but not yet in force; ask again.
    case pending(String)
    /// This back end cannot tell; the plan puts a manual gate behind the step.
    case unverifiable(String)
}

/// Why a back end could not do what was asked.
public struct RoutingError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// The back end did not answer; nothing was written.
        case unreachable
        /// It is not known whether the write took effect: read before anything else.
        case ambiguous
        /// Something else stands there than was expected; nothing was written.
        case conflict
        /// The back end refuses the request as it is.
        case refused
        /// The configuration names no such back end, or lacks what it needs.
        case invalidConfiguration
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}

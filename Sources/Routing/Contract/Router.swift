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

    /// What would be sent to bring `weights` about, one line each, for a person to read. Asks nobody.
    ///
    /// Throws `refused` for weights that this back end cannot express.
    func plan(_ weights: Weights) throws(RoutingError) -> [String]

    /// Replaces `expected` by `weights` as one compare-and-set: `conflict` when something else stands there, and
    /// nothing is written then. Absolute weights only; raises what rises before it lowers what falls. Idempotent for
    /// equal arguments: where `weights` stand already it makes sure that they stay, and is content.
    func set(_ weights: Weights, expecting expected: RoutingState) async throws(RoutingError)

    /// Whether traffic really flows by `weights` now: by reading back, and by asking through the balancer where a
    /// probe is configured.
    func verify(_ weights: Weights) async throws(RoutingError) -> RouteVerification

    /// Puts back what stood there when `saved` was read, with every detail the back end knows, not only weights.
    /// The same compare-and-set rule as ``set(_:expecting:)``.
    func restore(_ saved: RoutingState, expecting expected: RoutingState) async throws(RoutingError)

    /// Requests, streams and sessions that are still open on each side; nil when this back end cannot count them.
    func openConnections() async throws(RoutingError) -> OpenConnections?
}

extension Router {
    public func plan(_ weights: Weights) throws(RoutingError) -> [String] { ["set \(weights)"] }

    public func openConnections() async throws(RoutingError) -> OpenConnections? { nil }
}

/// What is still open on each side.
public struct OpenConnections: Sendable, Hashable {
    public var blue: Int
    public var green: Int

    public init(blue: Int, green: Int) {
        self.blue = blue
        self.green = green
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

import Manifests
public import Routing
import Synchronization

/// A balancer in memory, for drills: it keeps weights, answers compare-and-set as a real one does, and remembers
/// every change, so that a drill can prove where traffic stood at each moment.
///
/// It stands in for whatever back end the plan names: a drill must never move real traffic.
public final class SimRouter: Router {
    public static let kind = "simulated"

    private struct State {
        var weights: Weights
        /// What it says instead of the truth.
        var pretence: Weights?
        var isLiar = false
        var generation = 0
        var history: [Weights] = []
    }

    private let state: Mutex<State>

    /// A balancer with these weights at the start.
    public init(weights: Weights = .allBlue) { state = Mutex(State(weights: weights)) }

    /// From now on the balancer agrees to everything and changes nothing; for tests of what a drill notices.
    func startLying() { state.withLock { $0.isLiar = true } }

    public let capabilities = RouterCapabilities(exclusion: .everybody)

    /// The weights now.
    public var weights: Weights { state.withLock { $0.weights } }

    /// Every value the weights took, in order, without the first.
    public var history: [Weights] { state.withLock { $0.history } }

    public func read() async throws(RoutingError) -> RoutingState { state.withLock { Self.read($0) } }

    public func set(_ weights: Weights, expecting expected: RoutingState) async throws(RoutingError) {
        try change(to: weights, expecting: expected)
    }

    public func verify(_ weights: Weights) async throws(RoutingError) -> RouteVerification {
        let now = state.withLock { $0.pretence ?? $0.weights }
        return now == weights ? .verified : .pending("the balancer still says \(now)")
    }

    public func restore(_ saved: RoutingState, expecting expected: RoutingState) async throws(RoutingError) {
        try change(to: saved.weights, expecting: expected)
    }

    private func change(to weights: Weights, expecting expected: RoutingState) throws(RoutingError) {
        let found: Weights? = state.withLock { state in
            if state.isLiar {
                state.pretence = weights
                state.generation += 1
                return nil
            }
            if state.weights == weights { return nil }
            guard Self.read(state).etag == expected.etag else { return state.weights }
            state.weights = weights
            state.generation += 1
            state.history.append(weights)
            return nil
        }
        if let found {
            throw RoutingError(.conflict, "expected \(expected.weights), but the balancer says \(found)")
        }
    }

    private static func read(_ state: State) -> RoutingState {
        let weights = state.pretence ?? state.weights
        return RoutingState(
            weights: weights, etag: String(state.generation),
            raw: ["blue": .integer(Int64(weights.blue)), "green": .integer(Int64(weights.green))])
    }
}

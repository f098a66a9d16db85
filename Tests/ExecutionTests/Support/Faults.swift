import Execution
import Manifests
import Planning
import Routing
import Synchronization

/// Counts the calls at all ports of one process, and ends that process at a chosen one.
///
/// A crash *before* a call leaves the world as it was; a crash *after* it leaves the effect, but nobody hears of it.
/// Afterwards every port is dead: nothing the dead process still does has an effect.
final class Faults: Sendable {
    enum Moment: Sendable, CaseIterable {
        case before
        case after
    }

    private struct State {
        var calls = 0
        var crashAt: Int?
        var moment = Moment.before
        var isDead = false
        var violations: [String] = []
        var onWrite: (@Sendable (ObjectReference, Side) -> String?)?
    }

    private let state = Mutex(State())

    var calls: Int { state.withLock { $0.calls } }
    var hasCrashed: Bool { state.withLock { $0.isDead } }
    var violations: [String] { state.withLock { $0.violations } }

    /// The process after this one: alive, with or without a crash ahead.
    func restart(crashAt: Int? = nil, _ moment: Moment = .before) {
        state.withLock { state in
            state.calls = 0
            state.crashAt = crashAt
            state.moment = moment
            state.isDead = false
        }
    }

    func watchWrites(_ body: @escaping @Sendable (ObjectReference, Side) -> String?) {
        state.withLock { $0.onWrite = body }
    }

    func willWrite(_ object: ObjectReference, _ side: Side) {
        guard !hasCrashed, let body = state.withLock({ $0.onWrite }), let violation = body(object, side) else { return }
        state.withLock { $0.violations.append(violation) }
    }

    func call(_ what: String, _ body: () -> Void) throws(StepFailure) {
        guard pass(body) else { throw StepFailure(.notSent, "the process has ended") }
    }

    func journal(_ body: () -> Void) throws(JournalError) {
        guard pass(body) else { throw JournalError(.writeFailed, "the process has ended") }
    }

    func route(_ body: () throws(RoutingError) -> Void) throws(RoutingError) {
        var failure: RoutingError?
        let passed = pass {
            do throws(RoutingError) { try body() } catch { failure = error }
        }
        if let failure { throw failure }
        guard passed else { throw RoutingError(.unreachable, "the process has ended") }
    }

    private func pass(_ body: () -> Void) -> Bool {
        let verdict = state.withLock { state -> Moment? in
            guard !state.isDead else { return .before }
            defer { state.calls += 1 }
            guard state.calls == state.crashAt else { return nil }
            state.isDead = true
            return state.moment
        }
        if verdict != .before { body() }
        return verdict == nil
    }
}

/// A clock on which waiting takes no time.
final class TestClock: RunClock {
    private let nanoseconds = Mutex<Int64>(0)
    private let shift = Mutex<Int64>(0)
    static let start: Int64 = 1_767_225_600_000

    var wallMilliseconds: Int64 { Self.start + nanoseconds.withLock { $0 } / 1_000_000 + shift.withLock { $0 } }
    var monotonicNanoseconds: Int64 { nanoseconds.withLock { $0 } }

    /// Somebody sets the wall clock.
    func jump(_ milliseconds: Int64) { shift.withLock { $0 += milliseconds } }

    func sleep(for duration: Duration) async {
        let (seconds, attoseconds) = duration.components
        nanoseconds.withLock { $0 += seconds * 1_000_000_000 + attoseconds / 1_000_000_000 }
    }
}

/// A route in memory.
final class TestRouter: Router {
    static let kind = "test"
    let capabilities = RouterCapabilities(weighted: true, propagation: .zero)
    let faults: Faults
    private let state = Mutex((green: 0, version: 0, most: 0))

    init(_ faults: Faults) { self.faults = faults }

    var green: Int { state.withLock { $0.green } }
    func force(_ green: Int) { state.withLock { $0 = (green, $0.version + 1, green) } }
    var mostGreenSinceForced: Int { state.withLock { $0.most } }

    func read() async throws(RoutingError) -> RoutingState {
        try faults.route { () throws(RoutingError) in }
        let (green, version, _) = state.withLock { $0 }
        return RoutingState(
            weights: Weights(green: green) ?? .allBlue, etag: "\(version)", raw: ["green": .integer(Int64(green))])
    }

    func set(_ weights: Weights, expecting expected: RoutingState) async throws(RoutingError) {
        try faults.route { () throws(RoutingError) in
            let isSame = state.withLock { state in
                guard "\(state.version)" == expected.etag else { return false }
                state = (weights.green, state.version + 1, max(state.most, weights.green))
                return true
            }
            if !isSame { throw RoutingError(.conflict, "etag") }
        }
    }

    func verify(_ weights: Weights) async throws(RoutingError) -> RouteVerification { .verified }

    func restore(_ saved: RoutingState, expecting expected: RoutingState) async throws(RoutingError) {
        try await set(saved.weights, expecting: expected)
    }
}

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

    /// Where a process meets the world.
    enum Site: Hashable, Sendable {
        case read(Side)
        case write(Side)
        case readRoute
        case writeRoute
        case probe
        case journal
        case mirror
        case readMirror
    }

    /// What befalls one call.
    enum Strike: Sendable {
        /// The process ends, before or after the effect.
        case crash(Moment)
        /// Nothing takes effect, and the answer is this.
        case refusal(StepFailure)
        /// It takes effect, and nobody hears of it.
        case lostReply
        /// The disk does not take it.
        case disk(JournalError)
        /// Nothing takes effect, and the answer is that all went well.
        case lie
    }

    private struct State {
        var calls = 0
        var crashAt: Int?
        var moment = Moment.before
        var isDead = false
        var violations: [String] = []
        var onWrite: (@Sendable (ObjectReference, Side) -> String?)?
        var afterWrite: (@Sendable () -> String?)?
        var weather: (@Sendable (Site) -> Strike?)?
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

    /// A new process, in the same weather.
    func revive() {
        state.withLock { state in
            state.crashAt = nil
            state.isDead = false
        }
    }

    func watchWrites(_ body: @escaping @Sendable (ObjectReference, Side) -> String?) {
        state.withLock { $0.onWrite = body }
    }

    /// Looks at the world after every effect.
    func watchWorld(_ body: @escaping @Sendable () -> String?) { state.withLock { $0.afterWrite = body } }

    /// What befalls the calls to come; nil for good weather.
    func set(weather: (@Sendable (Site) -> Strike?)?) { state.withLock { $0.weather = weather } }

    func report(_ violation: String) { state.withLock { $0.violations.append(violation) } }

    func willWrite(_ object: ObjectReference, _ side: Side) {
        guard !hasCrashed, let body = state.withLock({ $0.onWrite }), let violation = body(object, side) else { return }
        state.withLock { $0.violations.append(violation) }
    }

    func call(_ site: Site, _ body: () -> Void) throws(StepFailure) {
        switch strike(site) {
        case .refusal(let failure): throw failure
        case .lostReply:
            guard pass(body) else { throw StepFailure(.notSent, "the process has ended") }
            look()
            throw StepFailure(.ambiguous, "the reply was lost")
        default:
            guard pass(body) else { throw StepFailure(.notSent, "the process has ended") }
            look()
        }
    }

    func journal(_ body: () -> Void) throws(JournalError) {
        if case .disk(let error) = strike(.journal) { throw error }
        guard pass(body) else { throw JournalError(.writeFailed, "the process has ended") }
    }

    func mirror(_ site: Site, _ body: () -> Void) throws(MirrorError) {
        let struck = strike(site)
        if case .refusal(let refusal) = struck { throw MirrorError(.unreachable, refusal.message) }
        if case .lie = struck { return }
        guard pass(body) else { throw MirrorError(.unreachable, "the process has ended") }
        if case .lostReply = struck { throw MirrorError(.unreachable, "the reply was lost") }
    }

    func route(_ site: Site, _ body: () throws(RoutingError) -> Void) throws(RoutingError) {
        let struck = strike(site)
        if case .refusal(let refusal) = struck { throw RoutingError(.unreachable, refusal.message) }
        var failure: RoutingError?
        let passed = pass {
            do throws(RoutingError) { try body() } catch { failure = error }
        }
        look()
        if let failure { throw failure }
        guard passed else { throw RoutingError(.unreachable, "the process has ended") }
        if case .lostReply = struck { throw RoutingError(.ambiguous, "the reply was lost") }
    }

    /// What befalls this call; a crash is arranged at once.
    private func strike(_ site: Site) -> Strike? {
        guard !hasCrashed, let weather = state.withLock({ $0.weather }), let strike = weather(site) else { return nil }
        if case .crash(let moment) = strike {
            state.withLock { state in
                state.crashAt = state.calls
                state.moment = moment
            }
        }
        return strike
    }

    private func look() {
        guard let body = state.withLock({ $0.afterWrite }), let violation = body() else { return }
        report(violation)
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
    let capabilities = RouterCapabilities()
    let faults: Faults
    private let state = Mutex((green: 0, version: 0, most: 0))
    private let changes = Mutex<[Int]>([])

    init(_ faults: Faults) { self.faults = faults }

    var green: Int { state.withLock { $0.green } }
    /// Connections that are still open on green; one ends whenever they are counted, unless they never do.
    private let lingering = Mutex((count: 0, ends: true))
    func linger(_ count: Int, ends: Bool = true) { lingering.withLock { $0 = (count, ends) } }
    var stillOpen: Int { lingering.withLock { $0.count } }

    func openConnections() async throws(RoutingError) -> OpenConnections? {
        try faults.route(.readRoute) { () throws(RoutingError) in }
        return lingering.withLock { lingering in
            defer { if lingering.ends { lingering.count = max(0, lingering.count - 1) } }
            return OpenConnections(blue: 0, green: lingering.count)
        }
    }
    /// Looks at every turn of the weights: from, to.
    func watch(_ body: @escaping @Sendable (Int, Int) -> String?) { watcher.withLock { $0 = body } }
    private let watcher = Mutex<(@Sendable (Int, Int) -> String?)?>(nil)

    func force(_ green: Int) { state.withLock { $0 = (green, $0.version + 1, green) } }
    /// Every share that was set, in order.
    var history: [Int] { changes.withLock { $0 } }
    var mostGreenSinceForced: Int { state.withLock { $0.most } }

    func read() async throws(RoutingError) -> RoutingState {
        try faults.route(.readRoute) { () throws(RoutingError) in }
        let (green, version, _) = state.withLock { $0 }
        return RoutingState(
            weights: Weights(green: green) ?? .allBlue, etag: "\(version)", raw: ["green": .integer(Int64(green))])
    }

    func set(_ weights: Weights, expecting expected: RoutingState) async throws(RoutingError) {
        try faults.route(.writeRoute) { () throws(RoutingError) in
            if let watch = watcher.withLock({ $0 }), "\(state.withLock { $0.version })" == expected.etag,
                let violation = watch(green, weights.green)
            {
                faults.report(violation)
            }
            let isSame = state.withLock { state in
                guard "\(state.version)" == expected.etag else { return false }
                state = (weights.green, state.version + 1, max(state.most, weights.green))
                changes.withLock { $0.append(weights.green) }
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

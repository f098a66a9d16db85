import Execution
import HTTP
import Planning
import Synchronization

/// Answers probes as it is told to, and remembers how often it did.
final class TestProber: Prober {
    private struct State {
        /// Per cent of green's answers that are errors.
        var badPercent = 0
        var milliseconds: [Side: Int] = [.blue: 10, .green: 10]
        var isMute = false
        var number: [Side: Double] = [:]
        /// Answers of green since users first came to it.
        var answers = 0
        var asked: [ProbeRequest] = []
    }

    private let faults: Faults
    private let random = SeededRandom(seed: 77)
    private let state = Mutex(State())

    init(_ faults: Faults) { self.faults = faults }

    var isConnected: Bool { true }
    var answers: Int { state.withLock { $0.answers } }
    var asked: [ProbeRequest] { state.withLock { $0.asked } }

    func set(badPercent: Int) { state.withLock { $0.badPercent = badPercent } }
    func set(milliseconds: Int, of side: Side) { state.withLock { $0.milliseconds[side] = milliseconds } }
    func set(number: Double?, of side: Side) { state.withLock { $0.number[side] = number } }
    /// Nothing can be sent from here any more, or again.
    func set(isMute: Bool) { state.withLock { $0.isMute = isMute } }
    func forget() { state.withLock { $0.answers = 0 } }

    func ask(_ request: ProbeRequest) async -> ProbeAnswer {
        do throws(StepFailure) { try faults.call(.probe) {} } catch { return .unsent(error.message) }
        let chance = Int(random.next() % 100)
        return state.withLock { state in
            state.asked.append(request)
            if state.isMute { return .unsent("no way out of here") }
            let milliseconds = state.milliseconds[request.side] ?? 10
            guard request.side == .green else {
                return .answered(status: 200, headers: [:], milliseconds: milliseconds)
            }
            state.answers += 1
            if chance < state.badPercent { return .answered(status: 503, headers: [:], milliseconds: milliseconds) }
            return .answered(status: 200, headers: ["X-Cluster": "green"], milliseconds: milliseconds)
        }
    }

    func query(_ query: String, at url: String, of side: Side) async -> QueryAnswer {
        state.withLock { $0.number[side] }.map { .number($0) } ?? .nothing("no data")
    }
}

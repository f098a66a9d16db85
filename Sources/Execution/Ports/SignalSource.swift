import Synchronization

/// Tells a run that a person wants it to stop.
///
/// The stages are those of the executor's specification: 1 stops starting steps and lets what is in flight end; 2
/// cancels what is in flight. The third, leaving at once, is the process's own.
public protocol SignalSource: Sendable {
    /// How often a stop was asked for so far.
    var stage: Int { get }
    /// What asked first, such as `SIGINT`. Nil while nothing did.
    var name: String? { get }
    /// Returns once `stage` has reached that number, or when the task is cancelled.
    func reached(stage: Int) async
}

/// A signal source that something else feeds: the process's signal handler, or a test.
public final class SignalCounter: SignalSource {
    private struct State {
        var stage = 0
        var name: String?
        var waiters: [Int: (stage: Int, continuation: CheckedContinuation<Void, Never>)] = [:]
        var nextWaiter = 0
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    public init() {}

    public var stage: Int { state.withLock { $0.stage } }
    public var name: String? { state.withLock { $0.name } }

    /// Counts one more wish to stop and returns the stage now reached.
    @discardableResult
    public func receive(_ name: String) -> Int {
        let (stage, woken) = state.withLock { state in
            state.stage += 1
            if state.name == nil { state.name = name }
            let woken = state.waiters.filter { $0.value.stage <= state.stage }
            for key in woken.keys { state.waiters[key] = nil }
            return (state.stage, woken.values.map(\.continuation))
        }
        for continuation in woken { continuation.resume() }
        return stage
    }

    public func reached(stage: Int) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let done = state.withLock { state in
                    if state.stage >= stage || state.cancelled.remove(id) != nil { return true }
                    state.waiters[id] = (stage, continuation)
                    return false
                }
                if done { continuation.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                if let waiter = state.waiters.removeValue(forKey: id) { return Optional(waiter.continuation) }
                state.cancelled.insert(id)
                return nil
            }
            continuation?.resume()
        }
    }
}

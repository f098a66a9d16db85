import HTTP
import Synchronization

/// What a stream's connection has brought and its reader has not yet taken.
///
/// Bounded: when it is full the connection is paused, the kernel's buffer fills, and the server waits.
final class StreamBuffer: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var end: Result<Void, TransportError>?
        var isPaused = false
        var waiter: CheckedContinuation<Result<[UInt8]?, TransportError>, Never>?
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int = 256 << 10) { self.capacity = capacity }

    /// Takes a piece, or refuses it until ``take(resume:)`` has made room.
    func offer(_ piece: [UInt8]) -> Bool {
        let (isTaken, waiter) = state.withLock { state in
            if let waiter = state.waiter {
                state.waiter = nil
                return (true, waiter as CheckedContinuation<Result<[UInt8]?, TransportError>, Never>?)
            }
            guard state.bytes.isEmpty || state.bytes.count + piece.count <= capacity else {
                state.isPaused = true
                return (false, nil)
            }
            state.bytes += piece
            return (true, nil)
        }
        waiter?.resume(returning: .success(piece))
        return isTaken
    }

    /// Nothing follows.
    ///
    /// What is buffered can still be taken; of several ends the first one counts.
    func finish(_ end: Result<Void, TransportError>) {
        let waiter = state.withLock { state in
            if state.end == nil { state.end = end }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: end.map { nil })
    }

    /// Ends the stream for its reader at once and throws away what is buffered.
    func cancel() {
        state.withLock { $0.bytes = [] }
        finish(.failure(TransportError(.cancelled, "the task that read the stream was cancelled")))
    }

    /// Waits for the next bytes; nil at the end.
    ///
    /// One reader at a time.
    ///
    /// - Parameter resume: called when a paused connection should go on.
    func take(resume: () -> Void) async -> Result<[UInt8]?, TransportError> {
        var isPaused = false
        let result = await withCheckedContinuation { continuation in
            let ready: Result<[UInt8]?, TransportError>? = state.withLock { state in
                if !state.bytes.isEmpty {
                    defer { state.bytes = [] }
                    isPaused = state.isPaused
                    state.isPaused = false
                    return .success(state.bytes)
                }
                if let end = state.end { return end.map { nil } }
                precondition(state.waiter == nil, "a stream has one reader at a time")
                state.waiter = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
        if isPaused { resume() }
        return result
    }
}

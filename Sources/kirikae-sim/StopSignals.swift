@preconcurrency import Dispatch
import Glibc

/// Turns the first SIGTERM or SIGINT into the end of a wait; the second one ends the process at once.
final class StopSignals: @unchecked Sendable {
    // Held, not used: a source that is let go stops listening.
    private let sources: [any DispatchSourceSignal]
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// Takes over both signals for the rest of the process.
    init() {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        self.stream = stream
        self.continuation = continuation
        let queue = DispatchQueue(label: "dev.kirikae.sim.signals")
        let count = SignalCount()
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if count.isFirst() { continuation.yield() } else { _exit(128 + number) }
            }
            source.resume()
            return source
        }
    }

    /// Takes the end of standard input for a signal.
    func watchInput() {
        let continuation = continuation
        // A thread of its own: the read blocks for as long as the process lives.
        DispatchQueue(label: "dev.kirikae.sim.input").async {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { break }
            }
            continuation.yield()
        }
    }

    /// Returns when a signal came, or the task was cancelled.
    func wait() async {
        for await _ in stream { return }
    }
}

/// How many signals came; used on one queue only.
private final class SignalCount: @unchecked Sendable {
    private var count = 0

    func isFirst() -> Bool {
        count += 1
        return count == 1
    }
}

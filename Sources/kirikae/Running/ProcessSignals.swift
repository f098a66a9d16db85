import Dispatch
import Execution
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Turns SIGINT, SIGTERM and SIGHUP into the stages of stopping: the first lets what is in flight end, the second
/// cancels it, the third leaves at once.
///
/// SIGPIPE is ignored: a closed terminal must not end a run half-way.
enum ProcessSignals {
    /// Whether a person is being asked: nothing is in flight then, and a signal leaves at once.
    private static let isAsking = Atomic(false)

    /// Does something while a person is being asked.
    static func whileAsking<Value>(_ body: () throws -> Value) rethrows -> Value {
        isAsking.store(true, ordering: .sequentiallyConsistent)
        defer { isAsking.store(false, ordering: .sequentiallyConsistent) }
        return try body()
    }

    /// Begins to listen; the counter tells the run.
    static func install() -> SignalCounter {
        let counter = SignalCounter()
        signal(SIGPIPE, SIG_IGN)
        for (number, name) in [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                // The handler keeps its own source alive: it listens until the process ends.
                _ = source
                let console = Console()
                if isAsking.load(ordering: .sequentiallyConsistent) {
                    console.message("\n\(name): not confirmed; nothing was changed")
                    _exit((number == SIGINT ? ExitStatus.interrupted : .terminated).rawValue)
                }
                let stage = counter.receive(name)
                switch stage {
                case 1: console.message("\n\(name): finishing what is in flight, then stopping. Again to cancel it.")
                case 2: console.message("\n\(name) again: cancelling what is in flight. Once more to leave at once.")
                default: _exit(137)
                }
            }
            source.activate()
        }
        return counter
    }
}

import Dispatch
import Execution

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
                let stage = counter.receive(name)
                let console = Console()
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

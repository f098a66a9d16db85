import ArgumentParser
import Execution

/// `kirikae pause`.
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Ask the process that works on a run to stop at the next safe place.",
        discussion: """
            From another terminal of the same machine and state directory. What is in flight ends first, as with the \
            first Ctrl-C; nothing is left in doubt. `kirikae resume` goes on. On another machine press Ctrl-C there.
            """)

    @OptionGroup var chosen: RunArgument
    @OptionGroup var state: StateOptions

    @Option(help: ArgumentHelp("How long to wait until it has stopped.", valueName: "seconds"))
    var within: Int = 120

    func run() async throws {
        let store = try state.store()
        let run = try chosen.resolve(in: store)
        guard let migration = run.state?.planName else {
            throw CommandFailure(.journalFailed, "run \(run.id) has no readable journal")
        }
        guard let holder = store.lockHolder(of: migration) else {
            throw CommandFailure(
                .usage, "no process here works on run \(run.id)", next: "kirikae lock show says where one does")
        }
        do throws(JournalError) { try store.askToPause(migration, by: Operator.name) } catch {
            throw RunFailure.failure(error)
        }
        let console = Console()
        console.message("asked \(holder) to stop")
        let clock = SystemClock()
        let end = clock.monotonicNanoseconds + Int64(within) * 1_000_000_000
        while store.lockHolder(of: migration) != nil {
            guard clock.monotonicNanoseconds < end else {
                throw CommandFailure(
                    .notAsWanted, "\(holder) has not stopped within \(within) s; it will when what is in flight ends",
                    next: "kirikae pause \(run.id) --within 600, or Ctrl-C twice where it runs")
            }
            await clock.sleep(for: .milliseconds(100))
        }
        let phase = (try? store.runs())?.first { $0.id == run.id }?.state?.phase
        console.result("run \(run.id) is \(phase.map { "\($0)" } ?? "stopped")")
    }
}

/// Listens for `kirikae pause` from another terminal while a run is at work.
enum PauseRequests {
    /// Begins to listen until the process ends.
    static func listen(_ store: FileRunStore, migration: String, _ signals: SignalCounter) {
        Task.detached {
            let clock = SystemClock()
            while signals.stage == 0 {
                if let person = store.takePauseRequest(migration) {
                    Console().message("\npause asked for by \(person): finishing what is in flight, then stopping.")
                    signals.receive("pause, asked for by \(person)")
                    return
                }
                await clock.sleep(for: .milliseconds(250))
            }
        }
    }
}

import ArgumentParser
import Execution
import Manifests

/// `kirikae runs`.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List runs, or show one.", subcommands: [List.self, Show.self],
        defaultSubcommand: List.self)

    /// `kirikae runs list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all runs, the oldest first.")

        @OptionGroup var state: StateOptions
        @OptionGroup var format: OutputOptions

        func run() async throws {
            let store = try state.store()
            let runs: [StoredRun]
            do { runs = try store.runs() } catch { throw RunFailure.failure(error) }
            let console = Console()
            if format.output == .json {
                console.result(JSONValue.array(runs.map(RunSummary.json)).indentedText)
            } else if runs.isEmpty {
                console.message("No runs in \(store.root).")
            } else {
                console.result(RunSummary.table(runs))
            }
            if runs.contains(where: { $0.problem != nil }) { throw ExitStatus.notEverythingRead.exitCode }
        }
    }

    /// `kirikae runs show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one run: its phase, its cuts, its operations, what is in doubt.")

        @OptionGroup var chosen: RunArgument
        @OptionGroup var state: StateOptions
        @OptionGroup var format: OutputOptions

        func run() async throws {
            let run = try chosen.resolve(in: try state.store(), orNewest: true)
            if let problem = run.problem { throw RunFailure.failure(problem) }
            switch format.output {
            case .json: Console().result(RunSummary.json(run).indentedText)
            case .text: Console().result(RunSummary.text(run))
            }
        }
    }
}

import ArgumentParser
import Execution
import Manifests

/// `kirikae approve`.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Write into the journal that you open the gate at which a run waits.",
        discussion: "`kirikae status` shows the gate, what it asks, and the digest of exactly that.")

    @Argument(help: ArgumentHelp("The gate's step id.", valueName: "gate"))
    var gate: String

    @Option(
        name: .customLong("run"), help: ArgumentHelp("The run; the only unfinished one otherwise.", valueName: "run"))
    var chosenRun: String?

    @Option(
        help: ArgumentHelp(
            "The digest that was shown; the approval is refused when it is another now.", valueName: "digest"))
    var digest: String?

    @OptionGroup var pair: PairOptions
    @OptionGroup var state: StateOptions

    func run() async throws {
        var argument = RunArgument()
        argument.run = chosenRun
        let run = try argument.resolve(in: try state.store())
        let shown = try digest.map { text in
            guard let digest = Digest(text) else { throw CommandFailure(.usage, "--digest is no digest: \(text)") }
            return digest
        }
        let setting = try RunSetting.reopen(
            run, pair: pair, state: state, approver: ListedApprover(gates: [], person: Operator.person))
        let outcome = await setting.runner.approve(
            run.id, gate: gate, by: Operator.person, digest: shown, setting.document)
        setting.observer.finish()
        // A gate that was opened leaves the run waiting for its resume: here that is what was wanted.
        if outcome.kind == .waiting {
            Console().result("run \(run.id): \(outcome.message)")
            Console().message("Next:\n" + outcome.next.map { "  \($0)" }.joined(separator: "\n"))
        } else {
            try RunFailure.report(outcome)
        }
    }
}

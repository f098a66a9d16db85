import ArgumentParser
import Execution
import Planning

/// `kirikae abandon`.
struct AbandonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abandon",
        abstract: "Give a run up: what it did stays as it is, the journal says so, the locks are freed.",
        discussion: "Where you can, roll back instead. After this only a person can take back what the run did.")

    @OptionGroup var chosen: RunArgument

    @Option(help: "Why; written into the journal.")
    var reason: String

    @OptionGroup var pair: PairOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var key: ImageKeyOptions
    @OptionGroup var confirmation: ConfirmOptions

    func run() async throws {
        let run = try chosen.resolve(in: try state.store())
        let setting = try RunSetting.reopen(
            run, pair: pair, state: state, key: key, approver: ListedApprover(gates: [], person: Operator.person))
        try confirmation.confirm(setting.document.plan, "About to give up run \(run.id), as it stands:")
        let outcome = await setting.runner.abandon(run.id, reason: reason, setting.document)
        setting.observer.finish()
        try RunFailure.report(outcome)
    }
}

import ArgumentParser
import Execution
import Planning

/// `kirikae resume`.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a run: after a crash, a gate, a stop, or forward again after a rollback.",
        discussion: """
            What was in doubt is looked at before anything is repeated. What a rollback still owes to a green that did \
            not answer is settled first. A finished run stays as it is.

            When the machine that began the run is lost, --from-store takes it in from its mirror: the store, the run's \
            image key and a kubeconfig are enough.
            """)

    @OptionGroup var chosen: RunArgument
    @OptionGroup var pair: PairOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var key: ImageKeyOptions
    @OptionGroup var hooks: HookOptions
    @OptionGroup var mirroring: MirrorOptions
    @OptionGroup var lost: FromStoreOptions
    @OptionGroup var gates: GateOptions
    @OptionGroup var confirmation: ConfirmOptions

    func run() async throws {
        var chosen = chosen
        let mirror = try await lost.fetch(&chosen, into: try state.store(), state: state, key: key, pair: pair)
        let run = try chosen.resolve(in: try state.store(), orNewest: true)
        let setting = try RunSetting.reopen(
            run, pair: pair, state: state, key: key, mirror: mirroring.mirror ?? mirror, hooks: hooks,
            approver: gates.approver)
        try gates.check(against: setting.document.plan)
        try confirmation.confirm(setting.document.plan, "About to go on with run \(run.id):")
        setting.listenForPause()
        let outcome = await setting.runner.resume(run.id, setting.document)
        setting.observer.finish()
        ReturnWords.say(setting.store, outcome)
        try RunFailure.report(outcome)
    }
}

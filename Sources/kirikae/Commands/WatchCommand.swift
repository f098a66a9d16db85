import ArgumentParser
import Execution
import Planning

/// `kirikae watch`.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Stay with a run through soaks and gates, for days if need be, and go on whenever something lets it.",
        discussion: """
            The locks are kept alive and gates go on measuring; where the plan says so, the run goes back by itself, also \
            when green's API has died. At a gate for people it waits until somebody types `kirikae approve` elsewhere. \
            What could not be judged is measured again, a cluster that cannot be reached is tried again. A run that is \
            halted or paused is left to you. Ctrl-C stops watching.
            """)

    @OptionGroup var chosen: RunArgument
    @OptionGroup var pair: PairOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var key: ImageKeyOptions
    @OptionGroup var gates: GateOptions
    @OptionGroup var confirmation: ConfirmOptions

    func run() async throws {
        let run = try chosen.resolve(in: try state.store())
        let setting = try RunSetting.reopen(run, pair: pair, state: state, key: key, approver: gates.approver)
        try gates.check(against: setting.document.plan)
        try confirmation.confirm(setting.document.plan, "About to stay with run \(run.id):")
        setting.listenForPause()
        let outcome = await setting.runner.watch(run.id, setting.document)
        setting.observer.finish()
        ReturnWords.say(setting.store, outcome)
        try RunFailure.report(outcome)
    }
}

import ArgumentParser
import Execution
import Planning

/// `kirikae rollback`.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Go back to a checkpoint, or take back one wave and what depends on it.",
        discussion: """
            Without --to and --wave it goes to the last checkpoint at which all traffic was on blue. Green is quieted, \
            blue woken, traffic moved, then the rest taken away. A green that does not answer never holds this up: what \
            is owed to it is recorded, and `kirikae resume` settles it.

            Exit code 8 says that it went back.
            """)

    @OptionGroup var chosen: RunArgument

    @Option(help: ArgumentHelp("Back to exactly this checkpoint.", valueName: "checkpoint"))
    var to: String?

    @Option(help: ArgumentHelp("Take back this wave and those that depend on it.", valueName: "wave"))
    var wave: String?

    @Flag(help: "Print what would be undone, in order, and change nothing.")
    var dryRun = false

    @Option(
        name: .customLong("overwrite-foreign"),
        help: ArgumentHelp(
            "Overwrite what somebody else changed since, for this step only; repeat for more.", valueName: "step"))
    var overwriteForeign: [String] = []

    @OptionGroup var pair: PairOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var key: ImageKeyOptions
    @OptionGroup var hooks: HookOptions
    @OptionGroup var lost: FromStoreOptions
    @OptionGroup var confirmation: ConfirmOptions

    func validate() throws {
        if to != nil, wave != nil { throw ValidationError("--to and --wave exclude each other.") }
    }

    /// What only the run's key would bring back.
    private static func warn(of sealed: [OperationID], _ run: StoredRun, _ console: Console) {
        guard !sealed.isEmpty else { return }
        console.message(
            "\(console.paint("warning:", .yellow)) \(sealed.count) of these cannot be restored without key "
                + "\(run.state?.imageKey ?? "?"), with which their before-images are sealed; they stay owed:\n"
                + sealed.map { "  \($0)" }.joined(separator: "\n"))
    }

    func run() async throws {
        var chosen = chosen
        let mirror = try await lost.fetch(&chosen, into: try state.store(), state: state, key: key, pair: pair)
        let run = try chosen.resolve(in: try state.store(), orNewest: true)
        if run.state?.phase == .abandoned {
            throw CommandFailure(
                .usage, "run \(run.id) was abandoned: what it did stands, and only a person can take it back",
                next: "WAY-BACK.md beside the plan has the commands; kirikae runs show \(run.id) says how far it came")
        }
        let setting = try RunSetting.reopen(
            run, pair: pair, state: state, key: key, mirror: mirror, hooks: hooks,
            approver: ListedApprover(gates: [], person: Operator.person))
        let target: RollbackTarget? = to.map { .checkpoint($0) } ?? wave.map { .wave($0) }
        let preview: [PlannedOperation]
        do { preview = try setting.runner.rollbackPreview(run.id, to: target, setting.document) } catch {
            throw CommandFailure(.usage, "\(error)", next: "kirikae status \(run.id)")
        }
        let console = Console()
        try Self.warn(of: setting.runner.unrestorable(run.id), run, console)
        let list = preview.map { "  \($0.id)" }.joined(separator: "\n")
        let estimate = try? setting.runner.returnEstimate(run.id, undoing: preview, setting.document)
        if dryRun {
            console.result(
                preview.isEmpty
                    ? "Nothing to undo." : "Would undo, in this order:\n\(list)\n\(estimate?.text ?? "")")
            return
        }
        if let estimate, !preview.isEmpty { console.message(estimate.text) }
        if wave != nil { console.message("This takes back, in this order:\n\(list)") }
        try confirmation.confirm(
            setting.document.plan, "About to take back \(preview.count) operations of run \(run.id):")
        setting.listenForPause()
        let outcome = await setting.runner.rollback(
            run.id, to: target, overwriteForeign: Set(overwriteForeign), setting.document)
        setting.observer.finish()
        ReturnWords.say(setting.store, outcome)
        try RunFailure.report(outcome)
    }
}

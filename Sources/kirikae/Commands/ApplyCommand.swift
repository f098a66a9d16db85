import ArgumentParser
import Execution
import Planning

/// `kirikae apply`.
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Begin a run of a plan and carry it out until it is done or a gate is closed.",
        discussion: """
            Preflight comes first: identities, versions, staleness, collisions, routes. Nothing is written before all \
            of it holds. It may be killed at any moment; `kirikae resume` goes on.

            A plan can be begun once. The first SIGINT stops after what is in flight, the second cancels that, the \
            third leaves at once.
            """)

    @Argument(help: ArgumentHelp("The plan's folder.", valueName: "plan"))
    var plan: String

    @OptionGroup var pair: PairOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var key: ImageKeyOptions
    @OptionGroup var hooks: HookOptions
    @OptionGroup var mirroring: MirrorOptions
    @OptionGroup var gates: GateOptions
    @OptionGroup var confirmation: ConfirmOptions

    func run() async throws {
        let setting = try RunSetting.begin(
            plan, pair: pair, state: state, key: key, mirror: mirroring.mirror, hooks: hooks, approver: gates.approver)
        try gates.check(against: setting.document.plan)
        for wave in setting.document.plan.waves where !PlanSummary.times(wave).isEmpty {
            Console().message("expected, wave \(wave.name): \(PlanSummary.times(wave))")
        }
        try confirmation.confirm(setting.document.plan, "About to carry out plan \(setting.document.plan.name):")
        setting.listenForPause()
        let outcome = await setting.runner.apply(setting.document, arguments: CommandLine.arguments)
        setting.observer.finish()
        ReturnWords.say(setting.store, outcome)
        try RunFailure.report(outcome)
    }
}

/// Gates that may be opened without asking anybody.
struct GateOptions: ParsableArguments {
    @Option(
        name: .customLong("auto-approve"),
        help: ArgumentHelp("Open exactly this gate; repeat for more. There is no \"all\".", valueName: "gate"))
    var gates: [String] = []

    /// Opens those, and no other.
    var approver: ListedApprover { ListedApprover(gates: Set(gates), person: Operator.person) }

    /// Refuses names that are no gate of the plan: who misspells one waits for nothing.
    func check(against plan: Plan) throws {
        let known = plan.steps.compactMap { entry -> String? in
            if case .gate = entry.step.action { return entry.step.id.description }
            return nil
        }
        for gate in gates where !known.contains(gate) {
            throw CommandFailure(
                .usage, "--auto-approve \(gate): the plan has no such gate",
                next: known.isEmpty ? "It has no gates." : "There is: " + known.joined(separator: ", "))
        }
    }
}

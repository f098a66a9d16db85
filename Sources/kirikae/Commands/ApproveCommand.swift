import ArgumentParser
import Execution
import Manifests

/// `kirikae approve`.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Write into the journal that you open the gate at which a run waits.",
        discussion: "`kirikae status` shows the gate, what it asks, and the digest of exactly that.")

    @OptionGroup var chosen: RunArgument

    @Option(help: ArgumentHelp("The gate's step id; the one at which the run waits otherwise.", valueName: "gate"))
    var gate: String?

    @Option(
        help: ArgumentHelp(
            "The digest that was shown; the approval is refused when it is another now.", valueName: "digest"))
    var digest: String?

    @OptionGroup var pair: PairOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var key: ImageKeyOptions
    @OptionGroup var confirmation: ConfirmOptions

    func run() async throws {
        let run = try chosen.resolve(in: try state.store())
        let shown = try digest.map { text in
            guard let digest = Digest(text) else { throw CommandFailure(.usage, "--digest is no digest: \(text)") }
            return digest
        }
        let setting = try RunSetting.reopen(
            run, pair: pair, state: state, key: key, approver: ListedApprover(gates: [], person: Operator.person))
        let asked = try Self.gate(gate, of: run)
        try confirmation.confirm(
            setting.document.plan, "About to open gate \(asked.name) of run \(run.id): \(asked.message)")
        let outcome = await setting.runner.approve(
            run.id, gate: asked.name, by: Operator.person, digest: shown, setting.document)
        setting.observer.finish()
        // A gate that was opened leaves the run waiting for its resume: here that is what was wanted.
        if outcome.kind == .waiting {
            Console().result("run \(run.id): \(outcome.message)")
            Console().message("Next:\n" + outcome.next.map { "  \($0)" }.joined(separator: "\n"))
        } else {
            try RunFailure.report(outcome)
        }
    }

    /// The gate that is meant and what it asks.
    private static func gate(_ name: String?, of run: StoredRun) throws -> (name: String, message: String) {
        guard let state = run.state, case .waiting(let gate) = state.phase, name ?? gate == gate else {
            throw CommandFailure(
                .usage, "run \(run.id) does not wait at \(name.map { "gate \($0)" } ?? "a gate")",
                next: "kirikae status \(run.id)")
        }
        return (gate, state.gates[gate]?.message ?? "")
    }
}

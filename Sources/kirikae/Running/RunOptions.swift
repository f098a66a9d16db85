import ArgumentParser
import Execution
import FoundationEssentials
import Manifests
import Planning

/// Where runs are kept, on every command that works on them.
struct StateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where runs and their journals are kept; $KIRIKAE_STATE_DIR or ~/.local/state/kirikae otherwise.",
            valueName: "dir"))
    var stateDir: String?

    /// The store of runs in that folder.
    func store() throws -> FileRunStore { FileRunStore(try StateDirectory.path(override: stateDir)) }
}

/// Which run a command works on.
struct RunArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The run; the only unfinished one otherwise.", valueName: "run"))
    var run: String?

    /// The run that is meant.
    ///
    /// `kirikae status` also takes the newest run when none is unfinished.
    func resolve(in store: FileRunStore, orNewest: Bool = false) throws -> StoredRun {
        let runs: [StoredRun]
        do { runs = try store.runs() } catch { throw RunFailure.failure(error) }
        if let run {
            guard let found = runs.first(where: { $0.id == run }) else {
                throw CommandFailure(
                    .usage, "there is no run \(run)",
                    next: "kirikae runs list shows those in \(store.root)")
            }
            return found
        }
        let open = runs.filter { $0.state.map { !$0.phase.isTerminal } ?? true }
        if open.count == 1 { return open[0] }
        if open.isEmpty, orNewest, let newest = runs.last { return newest }
        guard !open.isEmpty else {
            throw CommandFailure(
                .usage, "there is no unfinished run in \(store.root)", next: "kirikae apply PLAN begins one")
        }
        throw CommandFailure(
            .usage, "\(open.count) runs are unfinished: \(open.map(\.id).joined(separator: ", "))",
            next: "Name the one you mean.")
    }
}

/// How the two clusters are reached.
///
/// What a run was begun with is remembered and used again.
struct PairOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The kubeconfig file; $KUBECONFIG or ~/.kube/config otherwise.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("Blue's context; the name in the plan otherwise.", valueName: "name"))
    var blueContext: String?

    @Option(help: ArgumentHelp("Green's context; the name in the plan otherwise.", valueName: "name"))
    var greenContext: String?
}

/// Asking before anything is changed.
struct ConfirmOptions: ParsableArguments {
    @Flag(name: [.customShort("y"), .long], help: "Do not ask for green's name first.")
    var yes = false

    /// Prints both clusters and asks for green's name, unless told not to.
    func confirm(_ plan: Plan, _ what: String) throws {
        let console = Console()
        console.message(
            """
            \(what)
              blue   \(plan.blue.name)  Kubernetes \(plan.blue.version)  kube-system \(plan.blue.uid ?? "unknown")
              green  \(plan.green.name)  Kubernetes \(plan.green.version)  kube-system \(plan.green.uid ?? "unknown")
            """)
        if yes { return }
        guard console.interactive else {
            throw CommandFailure(
                .usage, "nobody can be asked: standard error is no terminal",
                next: "Add --yes once you have read the plan.")
        }
        console.raw("Type green's name (\(plan.green.name)) to go on: ")
        guard ProcessSignals.whileAsking({ readLine() }) == plan.green.name else {
            throw CommandFailure(.usage, "not confirmed; nothing was changed")
        }
    }
}

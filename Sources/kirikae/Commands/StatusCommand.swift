import ArgumentParser
import Execution
import Manifests
import Planning
import Routing

/// `kirikae status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say where traffic is now, what is in doubt, and the one command that makes users safe.",
        discussion:
            "Traffic is read live from the routes. Neither cluster is asked, so it works with both of them dead.")

    @OptionGroup var chosen: RunArgument
    @OptionGroup var state: StateOptions
    @OptionGroup var key: ImageKeyOptions
    @OptionGroup var lost: FromStoreOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
        var store = try state.store()
        var chosen = chosen
        // To look must not leave a run behind that nobody took in.
        let aside = lost.fromStore == nil ? nil : try TemporaryFolder()
        defer { aside?.remove() }
        if let aside {
            store = FileRunStore(aside.path)
            _ = try await lost.fetch(&chosen, into: store, state: state, key: key)
        }
        let run = try chosen.resolve(in: store, orNewest: true)
        if let problem = run.problem { throw RunFailure.failure(problem) }
        guard let fold = run.state else { throw CommandFailure(.journalFailed, "run \(run.id) has no journal") }
        let files: PlanDocument
        let origin: PlanFolder.Origin
        do {
            origin = try PlanFolder.origin(in: try store.plan(of: run.id))
            files = try PlanFolder.read(store.folder(of: run.id) + "/plan")
        } catch let error as JournalError {
            throw RunFailure.failure(error)
        }
        var traffic: [(route: String, text: String, weights: Weights?)] = []
        for (name, router) in try RunSetting.routers(files.plan, folder: origin.folder).sorted(by: { $0.key < $1.key })
        {
            do throws(RoutingError) {
                let weights = try await router.read().weights
                traffic.append((name, weights.description, weights))
            } catch {
                traffic.append((name, "not known: \(error.message)", nil))
            }
        }
        let quieting = Set(files.plan.steps.filter { $0.step.undoPhase == .wakeBlue }.map(\.step.id))
        let status = RunStatus(
            state: fold, traffic: traffic.map { ($0.route, $0.text, $0.weights) },
            isBlueQuieted: fold.effects.contains { quieting.contains($0.id.step) })
        switch format.output {
        case .text: Console().result(status.text)
        case .json:
            guard case .object(var members) = RunSummary.json(run) else { return }
            members["trafficNow"] = .object(
                JSONObject(
                    traffic.map { (key: $0.route, value: $0.weights.map { .integer(Int64($0.green)) } ?? .null) }))
            members["safe"] = .string(status.safeCommand)
            Console().result(JSONValue.object(members).indentedText)
        }
    }
}

import ArgumentParser
import Execution
import Findings
import FoundationEssentials
import Manifests
import Planning
import Rehearsal

/// `kirikae drill`.
struct DrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Rehearse a plan on two embedded clusters: forward, back, forward again.",
        discussion: """
            The plan's own bytes run through the same engine as apply. Blue is rebuilt from the inventory beside the \
            plan; green is empty and serves the target version. No cluster and no route is touched, and time is virtual.

            Without --way-back the drill switches the first wave, returns to the checkpoint before its cutover, and goes \
            forward again. Gates that measure are answered by the embedded clusters; --fail-gate lets one find green \
            failing first. Other faults on demand (--faults) are not there yet.
            """)

    @Argument(help: ArgumentHelp("The plan's folder.", valueName: "plan"))
    var plan: String

    @Option(help: ArgumentHelp("The inventory to rebuild blue from; PLAN/inventory otherwise.", valueName: "dir"))
    var inventory: String?

    @Option(
        name: .customLong("way-back"),
        help: ArgumentHelp("Return from one checkpoint to another on the way; repeat for more.", valueName: "from:to"))
    var waysBack: [String] = []

    @Flag(help: "Rehearse the way back to every checkpoint, each in a run of its own.")
    var everyWayBack = false

    @Option(
        name: .customLong("fail-gate"),
        help: ArgumentHelp("Let this gate find green failing, once; repeat for more.", valueName: "gate"))
    var failGates: [String] = []

    @Option(help: "The same seed gives the same journal.")
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "Keep journal and report here; a folder under the state directory otherwise.", valueName: "dir"))
    var out: String?

    @OptionGroup var format: OutputOptions

    func run() async throws {
        let document = try PlanFolder.read(plan)
        let blue = try InventoryFolder.read(inventory ?? "\(plan)/inventory")
        guard blue.digest == document.plan.inputs.inventory else {
            throw CommandFailure(
                .stale, "the inventory is not the one that the plan was made from",
                next: "kirikae plan -f MIGRATION --out \(plan), or name the right one with --inventory")
        }
        let drill = Drill(document: document, blueObjects: blue.objects.map(\.object), seed: seed)
        for gate in failGates where !drill.measuringGates.contains(gate) {
            throw CommandFailure(
                .usage, "--fail-gate \(gate): the plan has no such gate that measures",
                next: drill.measuringGates.isEmpty
                    ? "It has none that measures." : "There is: " + drill.measuringGates.joined(separator: ", "))
        }
        let folder =
            try out ?? (StateDirectory.path() + "/drills/\(document.plan.name)-\(document.digest.short)-\(seed)")
        try refuseForeign(folder)
        try? FileManager.default.removeItem(atPath: folder + "/runs")
        try? FileManager.default.removeItem(atPath: folder + "/locks")
        try StateDirectory.make(folder)
        let store = FileRunStore(folder)
        let console = Console()
        let observer = ConsoleObserver(console: console)
        var proofs: [DrillProof] = []
        do {
            if everyWayBack {
                for wayBack in drill.everyWayBack {
                    let report = try await drill.run(waysBack: [wayBack], store: MemoryRunStore())
                    proofs.append(DrillProof(report, document: document))
                }
            }
            let report = try await drill.run(
                waysBack: try chosen(drill), failingGates: failGates, store: store, observer: observer)
            observer.finish()
            proofs.append(DrillProof(report, document: document))
            let text = DrillText.render(proofs, report: report, plan: plan, folder: folder, console: console)
            // Readable by its owner only, as everything beside it is.
            let json = Data(DrillText.json(proofs, report: report).indentedText.utf8)
            let isWritten = FileManager.default.createFile(
                atPath: folder + "/report.json", contents: json, attributes: [.posixPermissions: 0o600])
            guard isWritten else { throw CommandFailure(.usage, "cannot write \(folder)/report.json") }
            switch format.output {
            case .text: console.result(text)
            case .json: console.result(DrillText.json(proofs, report: report).indentedText)
            }
        } catch let error as DrillError {
            throw CommandFailure(.usage, error.description)
        }
        if !proofs.allSatisfy(\.holds) { throw ExitStatus.notAsWanted.exitCode }
    }

    /// A drill begins by clearing away the last one, and `--out` may name any folder: real runs must not go that way.
    private func refuseForeign(_ folder: String) throws {
        guard out != nil else { return }
        let files = FileManager.default
        let isState = files.fileExists(atPath: folder + "/digest.key")
        let isUnknown = files.fileExists(atPath: folder + "/runs") && !files.fileExists(atPath: folder + "/report.json")
        guard !isState, !isUnknown else {
            throw CommandFailure(
                .usage, "--out \(folder) holds runs that are not a drill's", next: "Name another folder, or a new one.")
        }
    }

    private func chosen(_ drill: Drill) throws -> [Drill.WayBackRehearsal] {
        if waysBack.isEmpty { return drill.defaultWayBack.map { [$0] } ?? [] }
        let known = Set(drill.checkpoints)
        return try waysBack.map { text in
            let parts = text.split(separator: ":").map(String.init)
            guard parts.count == 2, parts.allSatisfy(known.contains) else {
                throw CommandFailure(
                    .usage, "--way-back \(text): not two checkpoints of this plan",
                    next: "There is: " + drill.checkpoints.joined(separator: ", "))
            }
            return Drill.WayBackRehearsal(from: parts[0], to: parts[1])
        }
    }
}

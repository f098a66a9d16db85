import FoundationEssentials
import Manifests
import Planning

/// The shop on two live clusters, as somebody who migrates it for the first time has it: two kubeconfig contexts, a
/// migration file, a file of routes.
final class Shop {
    let blue: Cluster
    let green: Cluster
    /// The folder of migration file, routes and plan.
    let migration: String
    let state: String

    /// Everything of this test; gone with it.
    let home: String

    private let folder: Folder
    private var runs = 0

    /// Starts both clusters: blue from the fixture, green empty.
    ///
    /// What stands before the weights of wave `back` go beyond the first.
    enum TrafficGate: String {
        /// Nothing: the weights follow one another within milliseconds.
        case none = ""
        /// A person is asked.
        case manual = "\n      - {gate: manual, before: traffic, message: Does the first percent look well?}"
        /// Time passes before each of them, so that something can happen in between.
        case soak = "\n      - {gate: soak, before: traffic, seconds: 5, message: Watch the errors.}"
    }

    init(trafficGate: TrafficGate = .none, seed: UInt64 = 1) async throws {
        folder = try Folder()
        let path = folder.path
        home = path
        migration = path + "/migration"
        state = path + "/state"
        try Files.makeFolder(migration)
        let fixture = Tools.project + "/plans/shop"
        blue = try await Cluster(
            "shop-blue", version: "1.24", from: "\(fixture)/inventory", seed: seed, folder: path)
        green = try await Cluster("shop-green", version: "1.36", seed: seed + 1, folder: path)
        let text = try Files.read("\(fixture)/migration.yaml")
        let edits = [
            ("inventory: inventory", "context: shop-blue"), ("name: shop-green", "context: shop-green"),
            (
                "is the last payment of blue written?",
                "is the last payment of blue written?" + trafficGate.rawValue
            ),
        ]
        try Files.write(
            edits.reduce(text) { Self.replace($1.0, by: $1.1, in: $0) }, to: "\(migration)/migration.yaml")
        try Files.copy("\(fixture)/routes.json", to: "\(migration)/routes.json")
    }

    /// What every program of this test sees.
    var environment: [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": home,
            "KUBECONFIG": "\(blue.kubeconfig):\(green.kubeconfig)", "KIRIKAE_STATE_DIR": state, "NO_COLOR": "1",
        ]
    }

    /// Runs the tool to its end.
    func kirikae(
        _ arguments: String..., gates: [String] = [], environment: [String: String] = [:], within seconds: Double = 60
    ) async throws -> Program.Exit {
        try await start(arguments, gates: gates, environment: environment).end(within: seconds)
    }

    /// Starts the tool.
    func start(
        _ arguments: [String], gates: [String] = [], environment extra: [String: String] = [:]
    ) throws
        -> Program
    {
        runs += 1
        return try Program(
            Tools.kirikae, arguments + gates.flatMap { ["--auto-approve", $0] },
            environment: environment.merging(extra) { $1 }, folder: home, label: "kirikae-\(runs)")
    }

    /// What kubectl prints; an error when it fails.
    func kubectl(_ kubectl: String, _ arguments: String...) async throws -> String {
        runs += 1
        let exit = try await Program(
            kubectl, arguments, environment: environment, folder: home, label: "kubectl-\(runs)"
        ).end()
        guard exit.code == 0 else { throw Program.Failure(description: "kubectl \(arguments): \(exit)") }
        return exit.output
    }

    /// Makes the plan, and reads it.
    func plan() async throws -> PlanFile.Contents {
        let exit = try await kirikae("plan", "-f", "\(migration)/migration.yaml")
        guard exit.code == 0 else { throw Program.Failure(description: "kirikae plan: \(exit)") }
        return try PlanFile.read(migration)
    }

    /// Green's share of every route, as the file says.
    func shares() throws -> [String: Int64] {
        let routes = try JSONValue(parsing: Array(Files.read("\(migration)/routes.json").utf8))["routes"]?.object
        return Dictionary(uniqueKeysWithValues: (routes ?? [:]).map { ($0.key, $0.value["green"]?.integer ?? -1) })
    }

    /// Appends to the migration file.
    func extendMigration(by text: String) throws {
        let file = "\(migration)/migration.yaml"
        try Files.write(try Files.read(file) + text, to: file)
    }

    /// What `kirikae runs show` knows of the only run.
    func run() async throws -> JSONValue {
        let exit = try await kirikae("runs", "show", "-o", "json")
        guard exit.code == 0 else { throw Program.Failure(description: "kirikae runs show: \(exit)") }
        return try JSONValue(parsing: Array(exit.output.utf8))
    }

    private static func replace(_ old: String, by new: String, in text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasSuffix(old) ? String($0.dropLast(old.count)) + new : String($0) }.joined(separator: "\n")
    }
}

extension PlanFile.Contents {
    /// Both files.
    var parts: (plan: Plan, objects: [PlannedObject]) { (plan, objects) }
}

extension Plan {
    /// The ids of all gates, or of those of these waves.
    func gates(_ waves: String...) -> [String] {
        steps.filter { waves.isEmpty || waves.contains($0.wave.name) }.compactMap { _, step in
            if case .gate = step.action { step.id } else { nil }
        }
    }

    /// What the plan does to blue, as ``Difference`` shows it: its first value of every field, and its last.
    var blueActions: [String] {
        var fields: [String: (object: ObjectReference, path: FieldPath, from: JSONValue?, to: JSONValue?)] = [:]
        for (_, step) in steps {
            guard case .setFields(let action) = step.action, action.side == .blue else { continue }
            for change in action.changes {
                for field in change.fields {
                    let key = "\(change.object) \(field.path)"
                    let first = fields[key]?.from ?? field.from
                    fields[key] = (change.object, field.path, first, field.to)
                }
            }
        }
        return fields.values.filter { $0.from != $0.to }.map {
            "\($0.object) \($0.path): \(Difference.text($0.from)) → \(Difference.text($0.to))"
        }.sorted()
    }
}

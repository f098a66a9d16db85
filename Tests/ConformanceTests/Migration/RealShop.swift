import FoundationEssentials
import KubeAPI
import Manifests
import Planning
import Subprocess
import SystemPackage
import Testing

/// The shop of `shop.yaml` in a namespace of its own on the real blue, and what its operator has at hand.
final class RealShop {
    enum Side: String {
        case blue
        case green
    }

    /// How a program ended.
    struct Exit: CustomStringConvertible {
        var code: Int32
        var output: String
        var error: String
        var description: String { "exit \(code)\n\(output)\n\(error)" }
    }

    let namespace: String
    /// The folder of migration file, routes and plan.
    let folder: String
    let blue: KubeClient
    let green: KubeClient
    let home: String
    var kubeconfigs: [String]
    private var granted: [KubeObject] = []

    static let manifest = project + "/fixtures/conformance/shop.yaml"
    static let project = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" }

    init() async throws {
        namespace = "shop-\(String(UInt32.random(in: .min ... .max), radix: 36))"
        home = FileManager.default.temporaryDirectory.path + "/kirikae-\(namespace)"
        folder = home + "/migration"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let folders = [try #require(Started.folder("BLUE")), try #require(Started.folder("GREEN"))]
        kubeconfigs = folders.map { "\($0)/kubeconfig" }
        blue = try Started.client(kubeconfigs[0])
        green = try Started.client(kubeconfigs[1])
        try write(
            "migration.yaml",
            """
            apiVersion: kirikae.dev/v1
            kind: Migration
            name: \(namespace)
            blue: {context: real-blue}
            green: {context: real-green, version: "1.20"}
            unassignedNamespaces: platform
            waves:
            - name: front
              namespaces: [\(namespace)]
            routes:
            - {name: web, wave: front, backend: file, settings: {path: routes.json, route: web}, steps: [50, 100]}
            """)
        try write("routes.json", #"{"routes": {"web": {"blue": 100, "green": 0}}}"#)
        try await fill()
    }

    deinit { try? FileManager.default.removeItem(atPath: home) }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    /// Makes the shop, and waits until its pods are ready.
    private func fill() async throws {
        let made: JSONValue = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)]]
        _ = try await blue.create(try #require(KubeObject(made)), as: .namespaces)
        let path = Self.manifest
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            .replacing("SHOP", with: namespace)
        let report = ManifestLoader().load(bytes: Array(text.utf8), file: path)
        #expect(report.errors.isEmpty)
        let discovery = try await blue.discover()
        for loaded in report.objects {
            let resource = try #require(discovery.resource(for: loaded.object.gvk), "\(loaded.object.gvk)")
            _ = try await blue.create(loaded.object, as: resource)
        }
        try await ready(blue)
    }

    /// Waits until the shop's pods are.
    func ready(_ client: KubeClient) async throws {
        let end = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < end {
            let web = try await client.get(.deployments, namespace: namespace, name: "web")
            if web["status.readyReplicas"]?.integer == 2 { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        Issue.record("the pods of web are never ready")
    }

    /// Everything that stands on a side; without status, resourceVersion, generation and managedFields, and without
    /// what the cluster's own controllers make of other objects or renew by the clock.
    func content(_ side: Side) async throws -> [ObjectReference: JSONValue] {
        let client = side == .blue ? blue : green
        let discovery = try await client.discover()
        let restless: Set = ["Endpoints", "EndpointSlice", "Event", "Lease", "Node"]
        var found: [ObjectReference: JSONValue] = [:]
        for resource in discovery.preferredResources
        where resource.allows("list") && !restless.contains(resource.gvk.kind) {
            for object in try await client.listAll(resource).items where object["metadata.ownerReferences"] == nil {
                found[object.reference] = object.content
            }
        }
        return found
    }

    /// Takes the shop away, and waits until it is.
    func remove() async throws {
        for client in [blue, green] {
            _ = try? await client.delete(.namespaces, namespace: nil, name: namespace)
            let end = ContinuousClock.now + .seconds(90)
            while try await client.getIfPresent(.namespaces, namespace: nil, name: namespace) != nil,
                ContinuousClock.now < end
            {
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// A7; a namespace takes its time to go.
    func expectAsBefore(_ side: Side, _ before: [ObjectReference: JSONValue]) async throws {
        let end = ContinuousClock.now + .seconds(90)
        while true {
            let now = try await content(side)
            let differences = RealMigrationTests.differences(before, now)
            if differences.isEmpty { return }
            guard ContinuousClock.now < end else {
                let lines = differences.sorted().map {
                    "\($0)\n  before \(before[$0].map { "\($0)" } ?? "nothing")\n  after  \(now[$0].map { "\($0)" } ?? "nothing")"
                }
                Issue.record("\(side.rawValue) is not as before:\n\(lines.joined(separator: "\n"))")
                return
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    func plan() async throws -> Plan {
        let exit = try await kirikae(["plan", "-f", "\(folder)/migration.yaml"])
        guard exit.code == 0 else { throw Failure(description: "plan: \(exit)") }
        return try PlanFile.read(folder).plan
    }

    /// Green's share of the route.
    func share() throws -> Int64 {
        let bytes = Array(try Data(contentsOf: URL(filePath: "\(folder)/routes.json")))
        return try JSONValue(parsing: bytes)["routes"]?["web"]?["green"]?.integer ?? -1
    }

    /// From now on the tool speaks with other credentials.
    func become(_ file: String) throws {
        kubeconfigs = kubeconfigs.map { $0.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/\(file)" }
    }

    /// Gives what `kirikae rbac` prints.
    func grant(user: String) async throws {
        for (side, client) in [("blue", blue), ("green", green)] {
            let exit = try await kirikae(["rbac", side, folder, "--user", user])
            guard exit.code == 0 else { throw Failure(description: "rbac: \(exit)") }
            let discovery = try await client.discover()
            for loaded in ManifestLoader().load(bytes: Array(exit.output.utf8), file: "rbac").objects {
                let resource = try #require(discovery.resource(for: loaded.object.gvk))
                let made = try await client.create(loaded.object, as: resource)
                granted.append(made)
            }
        }
    }

    /// Takes it away again.
    func revoke() async throws {
        for client in [blue, green] {
            let discovery = try await client.discover()
            for object in granted {
                let resource = try #require(discovery.resource(for: object.gvk))
                _ = try? await client.delete(resource, namespace: object.namespace, name: object.name)
            }
        }
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Runs the tool to its end.
    func kirikae(_ arguments: [String]) async throws -> Exit {
        let result = try await Subprocess.run(
            .path(FilePath(Self.program)), arguments: Arguments(arguments), environment: environment, input: .none,
            output: .string(limit: 16 << 20), error: .string(limit: 4 << 20))
        guard case .exited(let code) = result.terminationStatus else {
            throw Failure(description: "\(arguments): \(result.terminationStatus)")
        }
        return Exit(code: code, output: result.standardOutput, error: result.standardError)
    }

    /// Begins to run the tool, lets it crash after a while, and returns what it said until then.
    func crash(_ arguments: [String], after moment: Duration) async throws -> (hasCrashed: Bool, text: String) {
        let result = try await Subprocess.run(
            .path(FilePath(Self.program)), arguments: Arguments(arguments), environment: environment, input: .none,
            output: .string(limit: 16 << 20), error: .string(limit: 16 << 20)
        ) { execution in
            try await Task.sleep(for: moment)
            // Swift's runtime catches the first of these and tells what it knows of the crash, where its tools are at
            // hand; what comes from outside ends the process only with the second. It may have ended by then.
            try? execution.send(signal: Signal(rawValue: 6))
            try await Task.sleep(for: .milliseconds(100))
            try? execution.send(signal: Signal(rawValue: 6))
        }
        return (result.terminationStatus == .signaled(6), "\(result.standardOutput)\n\(result.standardError)")
    }

    private static let program =
        ProcessInfo.processInfo.environment["KIRIKAE"] ?? "\(project)/.build/debug/kirikae"

    private var environment: Environment {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in [
            ("PATH", "/usr/bin:/bin"), ("HOME", home), ("KUBECONFIG", kubeconfigs.joined(separator: ":")),
            ("KIRIKAE_STATE_DIR", home + "/state"), ("NO_COLOR", "1"),
        ] {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        return .custom(variables)
    }
}

import CurlTransport
import Glibc
import KubeAPI
import Manifests

/// One simulated cluster in a process of its own, and a way to look into it that shares nothing with the run under
/// test.
final class Cluster {
    let name: String
    let kubeconfig: String
    /// Speaks to it directly.
    let client: KubeClient

    private let arguments: [String]
    private let folder: String
    private let server: String
    private var program: Program

    /// Starts it and waits until it serves.
    ///
    /// Every change is kept, so that ``kill()`` is what it is to a real API server: etcd stays.
    init(
        _ name: String, version: String, from: String? = nil, uid: String? = nil, seed: UInt64, folder: String
    )
        async throws
    {
        self.name = name
        self.folder = folder
        kubeconfig = "\(folder)/\(name).kubeconfig"
        var arguments = [
            "serve", "--version", version, "--name", name, "--seed", "\(seed)", "--keep", "\(folder)/\(name).keep",
            "--until-input-closes",
        ]
        if let from { arguments += ["--from", from] }
        if let uid { arguments += ["--uid", uid] }
        program = try Program(
            Tools.simulator, arguments + ["--kubeconfig-out", kubeconfig], environment: [:], folder: folder,
            label: "sim-\(name)")
        server = try await Self.address(of: program)
        guard let port = server.split(separator: ":").last else { throw Program.Failure(description: server) }
        self.arguments = arguments + ["--port", String(port)]
        client = KubeClient(
            transport: try CurlTransport(CurlConfiguration(server: server)), userAgent: "end-to-end-test",
            cluster: name)
    }

    /// Ends it as a power cut would.
    func kill() async throws {
        program.signal(SIGKILL)
        _ = try await program.end()
    }

    /// Starts it again, on the same port, with everything it had answered for.
    func comeBack() async throws {
        program = try Program(Tools.simulator, arguments, environment: [:], folder: folder, label: "sim-\(name)")
        _ = try await Self.address(of: program)
    }

    /// Stops answering without closing anything.
    func hang() { program.signal(SIGSTOP) }
    /// Answers again after ``hang()``.
    func wake() { program.signal(SIGCONT) }

    /// Everything in it, by reference, as it is stored now; without what the simulator's controllers make up as they
    /// go (events) and without the Leases of runs.
    func objects() async throws -> [ObjectReference: KubeObject] {
        let discovery = try await client.discover()
        var found: [ObjectReference: KubeObject] = [:]
        for resource in discovery.preferredResources where resource.allows("list") && resource.gvk.kind != "Event" {
            for object in try await client.listAll(resource).items where !Self.isOurLease(object) {
                found[object.reference] = object
            }
        }
        return found
    }

    /// The content of everything in it: what "as before" speaks of.
    func content() async throws -> [ObjectReference: JSONValue] { try await objects().mapValues(\.content) }

    /// ``content()`` without what the cluster's own controllers made for other objects: their Pods come and go by
    /// themselves, by the clock too.
    func declared() async throws -> [ObjectReference: JSONValue] {
        try await objects().filter { $0.value["metadata.ownerReferences"] == nil }.mapValues(\.content)
    }

    private static func isOurLease(_ object: KubeObject) -> Bool {
        object.gvk.kind == "Lease" && object.name.hasPrefix("kirikae")
    }

    private static func address(of program: Program) async throws -> String {
        let ready = try await Waiting.until(20) { program.output.contains(" serves ") || !program.isRunning }
        let words = program.output.split(whereSeparator: \.isWhitespace)
        guard ready, let address = words.first(where: { $0.hasPrefix("http://") }) else {
            throw Program.Failure(description: "the simulator did not start: \(program.output)\(program.error)")
        }
        return String(address)
    }
}

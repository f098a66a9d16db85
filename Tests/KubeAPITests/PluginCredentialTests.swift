import HTTP
import KubeAPI
import Manifests
import Programs
import Synchronization
import Testing

/// Plays the plugin: answers from a closure and remembers how it was called.
private final class FakeRunner: ProgramRunner {
    let canAsk: Bool
    private let calls = Mutex<[ProgramCall]>([])
    private let answer: @Sendable (Int) async throws(ProgramFailure) -> ProgramAnswer

    init(canAsk: Bool = false, _ answer: @escaping @Sendable (Int) async throws(ProgramFailure) -> ProgramAnswer) {
        self.canAsk = canAsk
        self.answer = answer
    }

    var seen: [ProgramCall] { calls.withLock { $0 } }

    func run(_ call: ProgramCall, limit: Duration) async throws(ProgramFailure) -> ProgramAnswer {
        let number = calls.withLock { calls in
            calls.append(call)
            return calls.count
        }
        return try await answer(number)
    }
}

private func credential(
    _ status: JSONObject, apiVersion: String = "client.authentication.k8s.io/v1", kind: String = "ExecCredential"
) -> ProgramAnswer {
    let json: JSONValue = ["apiVersion": .string(apiVersion), "kind": .string(kind), "status": .object(status)]
    return ProgramAnswer(code: 0, output: json.canonicalBytes)
}

extension ProgramCall {
    /// The whole of the program's environment; nil where it would have ours.
    fileprivate var variables: [String: String]? {
        if case .only(let variables) = environment { variables } else { nil }
    }
}

@Suite("Credential plugins")
struct PluginCredentialTests {
    private static func failure(_ reason: ProgramFailure.Reason, _ message: String = "") -> ProgramFailure {
        ProgramFailure(message, hasBegun: false, reason: reason)
    }

    private static let plugin = ExecPlugin(
        user: "ops", apiVersion: "client.authentication.k8s.io/v1", command: "get-token",
        arguments: ["--cluster", "a"],
        environment: [ExecPlugin.Variable(name: "PROFILE", value: "prod")], installHint: "apt-get install get-token",
        clusterInfo: ["server": "https://b:6443", "config": .null])

    private func client(
        _ runner: FakeRunner, plugin: ExecPlugin = PluginCredentialTests.plugin,
        now: @escaping @Sendable () -> Int64 = { 0 },
        answer: @escaping FakeTransport.Answer = { _ in .json(200, ["major": "1", "minor": "36"]) }
    ) -> (client: KubeClient, transport: FakeTransport) {
        var (client, transport) = KubeClient.fake(answer)
        let inherited = ["PATH": "/bin", "PROFILE": "test", "KIRIKAE_STATE_DIR": "/s", "KUBERNETES_EXEC_INFO": "other"]
        client.credential = .plugin(PluginCredential(plugin, runner: runner, environment: inherited, now: now))
        return (client, transport)
    }

    @Test func `it is told what the kubeconfig says, and nothing that is meant for others`() async throws {
        let runner = FakeRunner { _ in credential(["token": "t"]) }
        let (client, transport) = client(runner)
        _ = try await client.serverVersion()
        #expect(transport.requests.map { $0.headers["Authorization"] } == ["Bearer t"])
        let call = try #require(runner.seen.first)
        #expect(call.words == ["get-token", "--cluster", "a"] && call.input == .bytes([]) && call.messages == .shown)
        let environment = try #require(call.variables)
        #expect(Set(environment.keys) == ["PATH", "PROFILE", "KUBERNETES_EXEC_INFO"])
        #expect(environment["PROFILE"] == "prod", "the plugin's own variables win")
        let info = try JSONValue(parsing: Array((environment["KUBERNETES_EXEC_INFO"] ?? "").utf8))
        let expected: JSONValue = [
            "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
            "spec": ["interactive": false, "cluster": ["server": "https://b:6443", "config": .null]],
        ]
        #expect(info == expected)
    }

    @Test func `an answer serves until it expires, and no longer`() async throws {
        let clock = Mutex<Int64>(1_700_000_000)
        let runner = FakeRunner { number in
            credential(["token": .string("t\(number)"), "expirationTimestamp": "2023-11-14T23:00:00Z"])
        }
        let (client, transport) = client(runner, now: { clock.withLock { $0 } })
        for _ in 0..<3 { _ = try await client.serverVersion() }
        clock.withLock { $0 = 1_700_002_799 }
        _ = try await client.serverVersion()
        #expect(runner.seen.count == 1)
        clock.withLock { $0 = 1_700_002_800 }
        _ = try await client.serverVersion()
        #expect(runner.seen.count == 2)
        #expect(transport.requests.last?.headers["Authorization"] == "Bearer t2")
    }

    @Test func `many requests at once run it once`() async throws {
        let runner = FakeRunner { (number) async throws(ProgramFailure) -> ProgramAnswer in
            do { try await Task.sleep(for: .milliseconds(50)) } catch { throw Self.failure(.cancelled) }
            return credential(["token": .string("t\(number)")])
        }
        let (client, _) = client(runner)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = try await client.serverVersion() } }
            try await group.waitForAll()
        }
        #expect(runner.seen.count == 1)
    }

    @Test func `what the server refuses is asked for again, once, and not kept`() async throws {
        let runner = FakeRunner { number in credential(["token": .string("t\(number)")]) }
        let (client, transport) = client(
            runner,
            answer: { request in
                request.headers["Authorization"] == "Bearer t2"
                    ? .json(200, ["major": "1", "minor": "36"])
                    : .json(401, ["kind": "Status", "reason": "Unauthorized", "message": "Unauthorized"])
            })
        _ = try await client.serverVersion()
        #expect(transport.requests.map { $0.headers["Authorization"] } == ["Bearer t1", "Bearer t2"])
        let never = FakeRunner { number in credential(["token": .string("x\(number)")]) }
        let (refused, requests) = self.client(
            never, answer: { _ in .json(401, ["kind": "Status", "reason": "Unauthorized"]) })
        for _ in 0..<2 {
            let error = await #expect(throws: KubeError.self) { try await refused.serverVersion() }
            #expect(error?.code == .unauthorized)
        }
        #expect(requests.requests.count == 4 && never.seen.count == 4)
    }

    @Test func `cancelling a request returns at once and stops a plugin that nobody waits for`() async throws {
        let stopped = Mutex(false)
        let runner = FakeRunner { (_) async throws(ProgramFailure) -> ProgramAnswer in
            do { try await Task.sleep(for: .seconds(600)) } catch {
                stopped.withLock { $0 = true }
                throw Self.failure(.cancelled)
            }
            return credential(["token": "t"])
        }
        let (client, transport) = client(runner)
        let task = Task { try await client.serverVersion() }
        while runner.seen.isEmpty { await Task.yield() }
        task.cancel()
        let error = await #expect(throws: KubeError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        while !stopped.withLock({ $0 }) { await Task.yield() }
        #expect(transport.requests.isEmpty)
    }

    @Test func `a certificate takes the place of the kubeconfig's`() async throws {
        let runner = FakeRunner { _ in
            credential(
                ["clientCertificateData": "CERT", "clientKeyData": "KEY"],
                apiVersion: "client.authentication.k8s.io/v1beta1")
        }
        var plugin = Self.plugin
        plugin.apiVersion = "client.authentication.k8s.io/v1beta1"
        let given = PluginCredential(plugin, runner: runner, environment: [:]) { 0 }
        let files = CertificateFiles(ClusterConnection.TLS(serverName: "n"), plugin: given)
        #expect(files.current().clientCertificate == nil)
        var (client, transport) = KubeClient.fake { _ in .json(200, ["major": "1", "minor": "36"]) }
        client.credential = .plugin(given)
        _ = try await client.serverVersion()
        #expect(transport.requests[0].headers["Authorization"] == nil)
        #expect(files.current().clientCertificate == Array("CERT".utf8))
        #expect(files.current().clientKey == Array("KEY".utf8) && files.current().serverName == "n")
    }

    struct Trouble: Sendable, CustomTestStringConvertible {
        var exit: Result<ProgramAnswer, ProgramFailure>
        var says: [String]
        var retry: RetryClass = .permanent
        var testDescription: String { says.joined(separator: " ") }
    }

    static let troubles: [Trouble] = [
        Trouble(exit: .failure(Self.failure(.notFound)), says: ["is not there", "apt-get install get-token"]),
        Trouble(exit: .failure(Self.failure(.timedOut)), says: ["too long"], retry: .notSent),
        Trouble(exit: .failure(Self.failure(.failed, "Exec format error")), says: ["Exec format error"]),
        Trouble(
            exit: .success(ProgramAnswer(code: 255, output: Array("t0ps3cret".utf8))), says: ["255"], retry: .notSent),
        Trouble(exit: .success(ProgramAnswer(code: -9, output: [])), says: ["signal 9"], retry: .notSent),
        Trouble(exit: .success(ProgramAnswer(code: 0, output: [])), says: ["printed nothing"]),
        Trouble(exit: .success(ProgramAnswer(code: 0, output: Array("t0ps3cret".utf8))), says: ["not JSON"]),
        Trouble(exit: .success(credential(["token": "t0ps3cret"], kind: "Token")), says: ["no ExecCredential"]),
        Trouble(
            exit: .success(credential(["token": "t0ps3cret"], apiVersion: "client.authentication.k8s.io/v1beta1")),
            says: ["client.authentication.k8s.io/v1,", "v1beta1"]),
        Trouble(exit: .success(credential([:])), says: ["neither a token nor a certificate"]),
        Trouble(exit: .success(credential(["clientKeyData": "t0ps3cret"])), says: ["only one of certificate and key"]),
        Trouble(exit: .success(credential(["token": "t0ps3cret\r\nX-Evil: 1"])), says: ["characters"]),
        Trouble(
            exit: .success(credential(["token": "t0ps3cret", "expirationTimestamp": "soon"])), says: ["RFC 3339"]),
    ]

    @Test(arguments: troubles)
    func `what goes wrong is said with user and program, without what the program printed`(_ one: Trouble) async {
        let runner = FakeRunner { _ throws(ProgramFailure) in try one.exit.get() }
        let (client, transport) = client(runner)
        let error = await #expect(throws: KubeError.self) { try await client.serverVersion() }
        #expect(error?.code == .unauthorized && error?.reason == PluginCredential.reason)
        #expect(error?.retryClass == one.retry)
        let text = error?.description ?? ""
        for word in ["\"ops\"", "get-token"] + one.says { #expect(text.contains(word), "\(text)") }
        #expect(!text.contains("t0ps3cret"))
        #expect(transport.requests.isEmpty)
    }

    struct Mode: Sendable {
        var mode: ExecPlugin.InteractiveMode
        var canAsk: Bool
        var isInteractive: Bool?
    }

    static let modes: [Mode] = [
        Mode(mode: .never, canAsk: true, isInteractive: false),
        Mode(mode: .ifAvailable, canAsk: true, isInteractive: true),
        Mode(mode: .ifAvailable, canAsk: false, isInteractive: false),
        Mode(mode: .always, canAsk: true, isInteractive: true),
        Mode(mode: .always, canAsk: false, isInteractive: nil),
    ]

    @Test(arguments: modes)
    func `it may ask a person only where it should and one is there`(_ one: Mode) async throws {
        var plugin = Self.plugin
        plugin.interactiveMode = one.mode
        let runner = FakeRunner(canAsk: one.canAsk) { _ in credential(["token": "t"]) }
        let (client, _) = client(runner, plugin: plugin)
        guard let isInteractive = one.isInteractive else {
            let error = await #expect(throws: KubeError.self) { try await client.serverVersion() }
            #expect(error?.message.contains("no terminal") == true && runner.seen.isEmpty)
            return
        }
        _ = try await client.serverVersion()
        #expect(runner.seen.map(\.input) == [isInteractive ? .ours : .bytes([])])
        #expect(
            runner.seen[0].variables?["KUBERNETES_EXEC_INFO"]?.contains("\"interactive\":\(isInteractive)") == true)
    }

    @Test func `neither the token nor the plugin's variables show in any text form`() async throws {
        var plugin = Self.plugin
        plugin.environment = [ExecPlugin.Variable(name: "SECRET", value: "t0ps3cret")]
        plugin.arguments = ["t0ps3cret"]
        let given = PluginCredential(
            plugin, runner: FakeRunner { _ in credential(["token": "t0ps3cret"]) }, environment: [:]
        ) { 0 }
        var (client, _) = KubeClient.fake { _ in .json(200, ["major": "1", "minor": "36"]) }
        client.credential = .plugin(given)
        _ = try await client.serverVersion()
        var dumped = ""
        dump(client, to: &dumped)
        dump(plugin, to: &dumped)
        dumped += "\(given) \(String(reflecting: given)) \(plugin) \(String(reflecting: client.credential))"
        #expect(!dumped.contains("t0ps3cret"))
    }
}

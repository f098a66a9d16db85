import CurlTransport
import FoundationEssentials
import HTTP
import KubeAPI
import Manifests
import Subprocess
import SystemPackage

/// Measures the client against a running API server, as ratios within one run.
///
///     client-benchmark KUBECONFIG create 10000     creates per second, against those of `curl --parallel`
///     client-benchmark KUBECONFIG list             listing ConfigMaps, against transferring and parsing the same pages
///
/// Both use the namespace `benchmark`, which is made and left there.
@main
struct ClientBenchmark {
    static let configMaps = APIResource(
        gvk: GroupVersionKind(group: "", version: "v1", kind: "ConfigMap"), plural: "configmaps", namespaced: true)
    static let namespace = "benchmark"
    static let parallel = 16

    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count >= 3 else {
            print("client-benchmark KUBECONFIG create COUNT | list")
            return
        }
        let connection = try Kubeconfig.load(path: words[1], environment: [:]).connection()
        let transport = try CurlTransport(
            CurlConfiguration(
                server: connection.server, certificateAuthority: connection.tls.certificateAuthority,
                clientCertificate: connection.tls.clientCertificate, clientKey: connection.tls.clientKey,
                maximumConcurrentRequests: parallel))
        let client = KubeClient(transport: transport, credential: connection.credential, timeout: .seconds(300))
        let made = KubeObject(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)]])
        if let made { _ = try? await client.create(made, as: .namespaces) }
        if words[2] == "create" {
            try await create(client, connection, count: words.count > 3 ? Int(words[3]) ?? 10_000 : 10_000)
        } else {
            try await list(client, transport)
        }
    }

    // MARK: Creating

    /// Ours and curl's in turn, a quarter of the objects each time, so that a server that slows down hits both.
    static func create(_ client: KubeClient, _ connection: ClusterConnection, count: Int) async throws {
        let stamp = String(UInt32.random(in: .min ... .max), radix: 36)
        var ours = Duration.zero
        var curls = Duration.zero
        for part in 0..<4 {
            let numbers = Array(part * count / 4..<(part + 1) * count / 4)
            ours += try await clocked { try await createOurs(client, numbers.map { "o\(stamp)-\($0)" }) }
            let file = try curlFile(connection, numbers.map { "c\(stamp)-\($0)" })
            curls += try await clocked {
                let result = try await Subprocess.run(
                    .name("curl"),
                    arguments: [
                        "-s", "-S", "--no-progress-meter", "--parallel", "--parallel-max", "\(parallel)", "-K", file,
                    ],
                    input: .none, output: .discarded, error: .currentStandardError)
                guard case .exited(0) = result.terminationStatus else { throw Failed() }
            }
        }
        let rate = { (time: Duration) in Double(count) / (time / .seconds(1)) }
        print(
            "create \(count): ours \(Int(rate(ours)))/s, curl --parallel \(Int(rate(curls)))/s, ratio \(two(curls / ours))"
        )
    }

    static func createOurs(_ client: KubeClient, _ names: [String]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var rest = names[...]
            func begin(_ name: String) {
                group.addTask {
                    guard let object = KubeObject(body(name)) else { throw Failed() }
                    _ = try await client.create(object, as: configMaps)
                }
            }
            for name in rest.prefix(parallel * 2) { begin(name) }
            rest = rest.dropFirst(parallel * 2)
            while try await group.next() != nil { if let name = rest.popFirst() { begin(name) } }
        }
    }

    static func body(_ name: String) -> JSONValue {
        let text = JSONValue.string(String(repeating: "key=value\n", count: 60))
        return [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string(name), "namespace": .string(namespace), "labels": ["app": "benchmark"]],
            "data": ["a": text, "b": text],
        ]
    }

    /// The same requests as curl's configuration; in a folder for this user only, since it needs the key in a file.
    static func curlFile(_ connection: ClusterConnection, _ names: [String]) throws -> String {
        let folder = FileManager.default.temporaryDirectory.path + "/client-benchmark-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for (name, bytes) in [
            ("ca", connection.tls.certificateAuthority), ("crt", connection.tls.clientCertificate),
            ("key", connection.tls.clientKey),
        ] { try Data(bytes ?? []).write(to: URL(filePath: "\(folder)/\(name)")) }
        var text = ""
        for (index, name) in names.enumerated() {
            let json = "\(folder)/\(index).json"
            try Data(body(name).canonicalBytes).write(to: URL(filePath: json))
            if index > 0 { text += "next\n" }
            text += """
                url = "\(connection.server)/api/v1/namespaces/\(namespace)/configmaps"
                cacert = "\(folder)/ca"
                cert = "\(folder)/crt"
                key = "\(folder)/key"
                header = "Content-Type: application/json"
                header = "Accept: application/json"
                data-binary = "@\(json)"
                output = "/dev/null"
                fail
                silent

                """
        }
        let file = "\(folder)/requests"
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }

    // MARK: Listing

    /// Both in turn, three times; the best of each, because the machine does other things too.
    static func list(_ client: KubeClient, _ transport: CurlTransport) async throws {
        var ours: [Duration] = []
        var plain: [Duration] = []
        var count = 0
        for _ in 0..<3 {
            plain.append(try await clocked { count = try await plainList(transport) })
            var seen = 0
            ours.append(
                try await clocked {
                    var walk = client.walk(configMaps)
                    while let step = try await walk.next() {
                        if case .page(let page) = step { seen += page.items.count }
                    }
                })
            guard seen == count else { throw Failed() }
        }
        guard let best = ours.min(), let least = plain.min() else { return }
        print("list \(count): ours \(best), transfer and parse \(least), ratio \(two(best / least))")
        print("peak resident memory: \(peak())")
    }

    /// The bytes, and the JSON, and nothing else.
    static func plainList(_ transport: CurlTransport) async throws -> Int {
        var count = 0
        var token: String?
        repeat {
            var query: [(name: String, value: String)] = [("limit", "500")]
            if let token { query.append(("continue", token)) }
            let response = try await transport.send(
                HTTPRequest(.get, "/api/v1/configmaps", query: query, headers: ["Accept": "application/json"]))
            let json = try JSONValue(parsing: response.body)
            count += json["items"]?.array?.count ?? 0
            token = json["metadata"]?["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        } while token != nil
        return count
    }

    // MARK: Measuring

    struct Failed: Error {}

    static func clocked(_ body: () async throws -> Void) async throws -> Duration {
        let start = ContinuousClock.now
        try await body()
        return ContinuousClock.now - start
    }

    static func two(_ ratio: Double) -> String { String(Double(Int(ratio * 100)) / 100) }

    static func peak() -> String {
        let status = FileManager.default.contents(atPath: "/proc/self/status") ?? Data()
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM") }
        return line.map { $0.dropFirst(6).split(separator: " ").joined(separator: " ") } ?? "unknown"
    }
}

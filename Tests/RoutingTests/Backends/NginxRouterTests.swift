import Glibc
import HTTP
import Manifests
import Programs
import Testing

@testable import Routing
@testable import kirikae

/// A real nginx in front of two clusters that it plays itself.
final class NginxBench: RouterBench {
    let folder: ServedFolder
    let port: Int
    private let program: String

    init() async throws {
        folder = try ServedFolder()
        program = try #require(Installed.nginx)
        port = try ServedFolder.freePort()
        try folder.write(try router().include.text(.allBlue), to: "shop.conf")
        try configure()
        try await start()
    }

    func configure(broken: Bool = false) throws {
        let path = folder.path
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(path)/\($0);" }
        let clusters = ["blue", "green"].map { side in
            """
            upstream \(side) { server unix:\(path)/\(side).sock; }
            server { listen unix:\(path)/\(side).sock; location / { add_header X-Cluster \(side); return 200 \(side); } }
            """
        }
        try folder.write(
            """
            daemon off;
            pid \(path)/nginx.pid;
            worker_processes 1;
            \(Glibc.getuid() == 0 ? "user root;" : "")
            \(broken ? "no such directive;" : "")
            events { worker_connections 64; }
            http {
                access_log off;
                \(temporary.joined(separator: "\n    "))
                include \(path)/shop.conf;
                \(clusters.joined(separator: "\n"))
                server {
                    listen 127.0.0.1:\(port);
                    location / {
                        add_header X-Kirikae-Shop $shop_cluster_marker always;
                        proxy_pass http://$shop_cluster;
                    }
                }
            }
            """, to: "nginx.conf")
    }

    private var words: [String] {
        [program, "-e", "\(folder.path)/error.log", "-p", folder.path, "-c", "\(folder.path)/nginx.conf"]
    }

    private func start() async throws {
        try folder.serve(words)
        try await folder.wait(for: "nginx") { (try? await truth()) != nil }
    }

    func router(_ ports: RouterPorts? = nil) throws -> NginxRouter {
        try NginxRouter(
            settings: [
                "include": "shop.conf", "variable": "shop_cluster", "header": "X-Kirikae-Shop", "timeout": 5,
                "test": .array((words + ["-t"]).map(JSONValue.string)),
                "reload": .array((words + ["-s", "reload"]).map(JSONValue.string)),
                "probe": [
                    "url": .string("http://127.0.0.1:\(port)/"), "host": "shop.example.com", "header": "X-Cluster",
                ],
            ], ports: ports ?? RouterAccess.ports(folder: folder.path))
    }

    func router() throws -> NginxRouter { try router(nil) }

    func router(_ fault: RouterFault) throws -> NginxRouter? {
        var ports = RouterAccess.ports(folder: folder.path)
        switch fault {
        case .unreachable:
            ports.web = { (server, _) throws(TransportError) -> any Transport in
                throw TransportError(.notSent, "nobody is at \(server)")
            }
        case .timesOutAfterApplying: ports.programs = FaultyRunner.silent { $0.words.last == "reload" }
        case .lies:
            ports.programs = FaultyRunner { (call, real, limit) async throws(ProgramFailure) -> ProgramAnswer in
                if call.words.last == "reload" { return ProgramAnswer(code: 0, output: [], error: "") }
                return try await real.run(call, limit: limit)
            }
        }
        return try router(ports)
    }

    func meddle(_ weights: Weights) async throws {
        let router = try router()
        try folder.write(router.include.text(weights), to: "shop.conf")
        _ = try? await SubprocessRunner().run(ProgramCall(router.reload, folder: "/"), limit: .seconds(10))
        try await folder.wait(for: "the other's reload") { try await settled() == weights }
    }

    /// What new connections are answered by: the marker, once it does not change any more.
    func truth() async throws -> Weights {
        var found: Weights?
        try await folder.wait(for: "nginx at rest") {
            found = try await settled()
            return found != nil
        }
        return try #require(found)
    }

    /// nginx tells its old processes to go a tenth of a second after the new ones came.
    private func settled() async throws -> Weights? {
        var seen: Set<Weights> = []
        let router = try router()
        for _ in 0..<8 { seen.insert(try await router.markers()) }
        return seen.count == 1 ? seen.first : nil
    }

    func restart() async throws -> Bool {
        folder.stopServer()
        try await start()
        return true
    }

    static let invalidSettings: [(settings: JSONValue, place: String)] = {
        let sound: JSONValue = [
            "include": "/i", "variable": "shop", "header": "X-Shop", "probe": ["url": "http://127.0.0.1/"],
        ]
        func with(_ name: String, _ value: JSONValue?) -> JSONValue {
            var settings = sound
            settings[name] = value
            return settings
        }
        return [
            (with("include", nil), "include"), (with("variable", "$shop"), "variable"),
            (with("header", "X Shop"), "header"), (with("probe", nil), "probe"), (with("green", "a;b"), "green"),
            (with("green", "blue"), "green"), (with("key", "$a; reload"), "key"), (with("reload", []), "reload"),
            (with("prob", [:]), "prob"), (with("probe", ["url": "ftp://x"]), "probe.url"),
        ]
    }()
}

extension NginxRouter {
    /// The weights that one answer is marked with.
    fileprivate func markers() async throws -> Weights {
        try #require(include.weights(ofMarker: try await marker()))
    }
}

@Suite("nginx back end", .enabled(if: Installed.nginx != nil, "nginx is not installed: scripts/setup --tests"))
struct NginxRouterTests {
    @Test("does what every back end must do")
    func conforms() async throws {
        try await RouterConformance { try await NginxBench() }.runAll()
    }

    @Test("puts the file back when nginx does not take the configuration, and traffic goes on")
    func brokenConfiguration() async throws {
        let bench = try await NginxBench()
        let router = try bench.router()
        let state = try await router.read()
        try bench.configure(broken: true)
        let error = await #expect(throws: RoutingError.self) { try await router.set(.allGreen, expecting: state) }
        #expect(error?.code == .refused)
        #expect(error?.message.contains("directive") == true)
        #expect(try await router.read() == state)
        #expect(try await bench.truth() == .allBlue)
    }

    @Test("believes the answers and not the file")
    func fileAheadOfServer() async throws {
        let bench = try await NginxBench()
        let router = try bench.router()
        let before = try await router.read()
        // What a crash between writing and reloading leaves behind.
        try bench.folder.write(router.include.text(.allGreen), to: "shop.conf")
        #expect(try await router.read().weights == .allBlue)
        #expect(try await router.verify(.allGreen) != .verified)
        try await router.set(.allGreen, expecting: before)
        #expect(try await bench.truth() == .allGreen)
    }

    @Test("refuses a file that somebody edited")
    func editedByHand() async throws {
        let bench = try await NginxBench()
        let router = try bench.router()
        try bench.folder.write(router.include.text(.allBlue) + "# tuned\n", to: "shop.conf")
        let error = await #expect(throws: RoutingError.self) { try await router.read() }
        #expect(error?.code == .refused)
    }

    @Test("names weights that nginx takes, at both ends")
    func ends() throws {
        let include = SplitInclude(variable: "v", key: "$request_id", blue: "blue", green: "green", header: "X-V")
        #expect(!include.text(.allBlue).contains("% green;"), "0% is no percent to nginx")
        #expect(include.text(.allGreen).contains("* green;"))
        for share in 0...100 {
            let weights = try #require(Weights(green: share))
            #expect(include.weights(ofText: include.text(weights)) == weights)
            #expect(include.weights(ofMarker: include.marker(weights)) == weights)
        }
    }
}

import Manifests
import Synchronization
import Testing

@testable import Routing
@testable import kirikae

/// A real haproxy in front of two clusters that it plays itself.
final class HAProxyBench: RouterBench {
    let folder: ServedFolder
    let port: Int
    private let program: String
    private let keepsState: Bool

    init(keepsState: Bool = true, green: [String] = ["green-1"], greenIsDown: Bool = false) async throws {
        folder = try ServedFolder()
        program = try #require(Installed.haproxy)
        self.keepsState = keepsState
        port = try ServedFolder.freePort()
        let path = folder.path
        let servers = green.map {
            "server \($0) unix@\(path)/\(greenIsDown ? "nobody" : "green").sock weight 0 check inter 50ms"
        }
        try folder.write(
            """
            global
                stats socket \(path)/admin.sock mode 600 level admin
                server-state-file \(path)/state
                nbthread 1
                hard-stop-after 2s
            defaults
                mode http
                timeout connect 2s
                timeout client 10s
                timeout server 10s
                \(keepsState ? "load-server-state-from-file global" : "")
            frontend shop
                bind 127.0.0.1:\(port)
                default_backend shop
            backend shop
                server blue-1 unix@\(path)/blue.sock weight 100
                server blue-2 unix@\(path)/blue.sock weight 100
                \(servers.joined(separator: "\n    "))
            frontend blue
                bind unix@\(path)/blue.sock
                http-request return status 200 hdr X-Cluster blue
            frontend green
                bind unix@\(path)/green.sock
                http-request return status 200 hdr X-Cluster green

            """, to: "haproxy.cfg")
        try await start()
    }

    private func start() async throws {
        try folder.serve([program, "-f", "\(folder.path)/haproxy.cfg", "-db"])
        try await folder.wait(for: "haproxy") { (try? await command("show info"))?.contains("Version") == true }
    }

    func command(_ line: String) async throws -> String {
        try await RuntimeSocket(address: .unix("\(folder.path)/admin.sock"), limit: .seconds(5)).ask(line)
    }

    func router(_ settings: JSONValue = [:], socket: (any HAProxySocket)? = nil) throws -> HAProxyRouter {
        var all: JSONValue = [
            "socket": "admin.sock", "proxy": "shop", "blue": ["blue-1", "blue-2"], "green": "green-1",
            "probe": [
                "url": .string("http://127.0.0.1:\(port)/"), "host": "shop.example.com", "header": "X-Cluster",
                "samples": 40,
            ],
        ]
        if keepsState { all["stateFile"] = "state" }
        for member in settings.object ?? [:] { all[member.key] = member.value }
        return try HAProxyRouter(
            settings: all, ports: RouterAccess.ports(folder: folder.path), socket: socket)
    }

    func router() throws -> HAProxyRouter { try router([:]) }

    func router(_ fault: RouterFault) throws -> HAProxyRouter? {
        let real = RuntimeSocket(address: .unix("\(folder.path)/admin.sock"), limit: .seconds(5))
        return switch fault {
        case .unreachable: try router(["socket": "nobody.sock"])
        case .timesOutAfterApplying: try router(socket: SilentSocket(real: real))
        case .lies: try router(socket: LyingSocket(real: real))
        }
    }

    func meddle(_ weights: Weights) async throws {
        _ = try await command("set weight shop/green-1 \(weights.green * 2)")
        for server in ["blue-1", "blue-2"] { _ = try await command("set weight shop/\(server) \(weights.blue)") }
    }

    func truth() async throws -> Weights {
        var weights: [String: Int] = [:]
        for server in ["blue-1", "blue-2", "green-1"] {
            let answer = try await command("get weight shop/\(server)")
            weights[server] = Int(answer.prefix { $0.isNumber })
        }
        let blue = (weights["blue-1"] ?? 0) + (weights["blue-2"] ?? 0)
        return try #require(ServerShares.percent(blue: blue, green: weights["green-1"] ?? 0))
    }

    func restart() async throws -> Bool {
        folder.stopServer()
        try await start()
        return true
    }

    static let invalidSettings: [(settings: JSONValue, place: String)] = {
        let sound: JSONValue = ["socket": "/s", "proxy": "shop", "blue": "b", "green": "g"]
        func with(_ name: String, _ value: JSONValue?) -> JSONValue {
            var settings = sound
            settings[name] = value
            return settings
        }
        return [
            (with("socket", nil), "socket"), (with("proxy", nil), "proxy"), (with("blue", []), "blue"),
            (with("green", "b"), "green"), (with("blue", "a;shutdown"), "blue"), (with("timeout", 0), "timeout"),
            (with("sokcet", "x"), "sokcet"), (with("probe", ["url": "shop.example.com"]), "probe.url"),
            (with("probe", ["url": "http://shop/"]), "probe.header"),
            (with("probe", ["url": "http://shop/", "header": "X", "samples": 0]), "probe.samples"),
        ]
    }()
}

/// Does what it is told to, and says nothing.
private struct SilentSocket: HAProxySocket {
    let real: RuntimeSocket

    func ask(_ line: String) async throws(RoutingError) -> String {
        let answer = try await real.ask(line)
        if line.hasPrefix("set ") { throw RoutingError(.ambiguous, "no answer") }
        return answer
    }
}

/// Agrees to everything, does nothing, and reads back what it was told.
private final class LyingSocket: HAProxySocket {
    let real: RuntimeSocket
    private let told = Mutex<[String: String]>([:])

    init(real: RuntimeSocket) { self.real = real }

    func ask(_ line: String) async throws(RoutingError) -> String {
        if line.hasPrefix("set ") {
            for command in line.split(separator: ";") {
                let words = command.split(separator: " ")
                told.withLock { $0[String(words[2].split(separator: "/")[1])] = String(words[3]) }
            }
            return "\n"
        }
        let answer = try await real.ask(line)
        let told = told.withLock { $0 }
        return answer.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var words = line.split(separator: " ").map(String.init)
            guard words.count > 8, let weight = told[words[3]] else { return String(line) }
            words[6] = weight
            return words.joined(separator: " ")
        }.joined(separator: "\n")
    }
}

@Suite("HAProxy back end", .enabled(if: Installed.haproxy != nil, "haproxy is not installed: scripts/setup --tests"))
struct HAProxyRouterTests {
    @Test("does what every back end must do")
    func conforms() async throws {
        try await RouterConformance { try await HAProxyBench() }.runAll()
    }

    @Test("without a state file a restart forgets the weights, and reading says so")
    func forgets() async throws {
        let bench = try await HAProxyBench(keepsState: false)
        let router = try bench.router()
        let before = try await router.read()
        try await router.set(.allGreen, expecting: before)
        _ = try await bench.restart()
        let now = try await router.read()
        #expect(now.weights == .allBlue)
        #expect(try await router.verify(.allGreen) != .verified)
        try await router.set(.allGreen, expecting: now)
        #expect(try await bench.truth() == .allGreen)
    }

    @Test("says that the weights will not last when the state file cannot be written")
    func stateFileNotWritable() async throws {
        let bench = try await HAProxyBench()
        let router = try bench.router(["stateFile": "nowhere/state"])
        let state = try await bench.router().read()
        let error = await #expect(throws: RoutingError.self) { try await router.set(.allGreen, expecting: state) }
        // The lock stands beside the state file, so nothing was begun.
        #expect(error?.effect == .notApplied)
        #expect(try await bench.truth() == .allBlue)
    }

    @Test("sends no traffic to a side without a running server")
    func refusesDeadGreen() async throws {
        let bench = try await HAProxyBench(greenIsDown: true)
        let router = try bench.router()
        try await bench.folder.wait(for: "green's end") {
            let servers = HAProxyServer.all(try await bench.command("show servers state shop"), proxy: "shop")
            return servers?.contains { $0.name == "green-1" && !$0.isRunning } == true
        }
        let state = try await router.read()
        let error = await #expect(throws: RoutingError.self) {
            try await router.set(try #require(Weights(green: 10)), expecting: state)
        }
        #expect(error?.code == .refused)
        #expect(error?.message.contains("no server of green is up") == true)
        #expect(try await bench.truth() == .allBlue)
    }

    @Test("counts a server that drains as one without weight")
    func drainingServer() async throws {
        let bench = try await HAProxyBench()
        let router = try bench.router()
        try await router.set(try #require(Weights(green: 50)), expecting: try await router.read())
        _ = try await bench.command("set server shop/green-1 state drain")
        #expect(try await router.read().weights == .allBlue)
        #expect(try await router.verify(try #require(Weights(green: 50))) != .verified)
    }

    @Test("tells a person without kirikae what to type")
    func byHand() throws {
        let text = try #require(
            RouterRegistry.byHand(
                kind: "haproxy", settings: ["socket": "/run/admin.sock", "proxy": "shop", "blue": "b", "green": "g"],
                weights: .allBlue))
        #expect(text.contains("'set weight shop/b 100;set weight shop/g 0'"))
        #expect(text.contains("UNIX-CONNECT:/run/admin.sock"))
    }
}

@Suite("HAProxy's weights")
struct ServerSharesTests {
    @Test("every share that is given out reads back as itself, and never sends a part to a side without a share")
    func roundTrip() throws {
        var refused = 0
        for blue in 1...8 {
            for green in 1...8 {
                for share in 0...100 {
                    let weights = try #require(Weights(green: share))
                    guard let each = ServerShares.perServer(weights, blue: blue, green: green) else {
                        // Only where one against 256 on each server is still too much.
                        let finest = share < 50 ? (256 * blue, green) : (blue, 256 * green)
                        let most = try #require(ServerShares.percent(blue: finest.0, green: finest.1)).green
                        #expect(share < 50 ? most > share : most < share)
                        refused += 1
                        continue
                    }
                    #expect((0...256).contains(each.blue) && (0...256).contains(each.green))
                    #expect((each.blue == 0) == (share == 100) && (each.green == 0) == (share == 0))
                    #expect(ServerShares.percent(blue: each.blue * blue, green: each.green * green) == weights)
                }
            }
        }
        #expect(refused > 0)
        #expect(ServerShares.perServer(try #require(Weights(green: 1)), blue: 2, green: 100) == nil)
    }

    @Test("a percent or less is never rounded to nothing")
    func neverNothing() {
        #expect(ServerShares.percent(blue: 256 * 8, green: 1)?.green == 1)
        #expect(ServerShares.percent(blue: 1, green: 256 * 8)?.green == 99)
        #expect(ServerShares.percent(blue: 0, green: 0) == nil)
    }
}

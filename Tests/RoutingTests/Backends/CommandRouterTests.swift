import FoundationEssentials
import Manifests
import Programs
import Synchronization
import Testing

@testable import Routing
@testable import kirikae

/// The example script of the project, and the file that it keeps its weights in.
final class CommandBench: RouterBench {
    let folder: ServedFolder
    private static let script =
        #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" } + "/Examples/balancer/balancer.sh"

    init() async throws {
        folder = try ServedFolder()
        try folder.write("100 0 1\n", to: "weights")
    }

    func router(_ runner: any ProgramRunner, read: JSONValue? = nil) throws -> CommandRouter {
        var ports = RouterAccess.ports(folder: folder.path)
        ports.programs = runner
        return try CommandRouter(
            settings: [
                "route": "shop", "read": read ?? ["sh", .string(Self.script)], "set": ["sh", .string(Self.script)],
                "verify": ["sh", .string(Self.script)], "environment": ["BALANCER_FILE": "weights"], "timeout": 120,
            ], ports: ports)
    }

    func router() throws -> CommandRouter { try router(SubprocessRunner()) }

    func router(_ fault: RouterFault) throws -> CommandRouter? {
        switch fault {
        case .unreachable:
            return try router(
                FaultyRunner { (call, real, limit) async throws(ProgramFailure) -> ProgramAnswer in
                    var call = call
                    call.words = ["/nonexistent/balancer"]
                    return try await real.run(call, limit: limit)
                })
        case .timesOutAfterApplying:
            return try router(
                FaultyRunner.silent { call in
                    guard case .bytes(let input) = call.input else { return false }
                    return String(decoding: input, as: UTF8.self).contains(#""set""#)
                })
        case .lies:
            let told = Mutex<JSONValue?>(nil)
            return try router(
                FaultyRunner { (call, real, limit) async throws(ProgramFailure) -> ProgramAnswer in
                    guard case .bytes(let input) = call.input else { throw ProgramFailure("it asks", hasBegun: false) }
                    let request = (try? JSONValue(parsing: input)) ?? [:]
                    switch request["action"]?.string {
                    case "set":
                        told.withLock { $0 = request["weights"] }
                        return ProgramAnswer(code: 0, output: Array(#"{"result":"applied"}"#.utf8), error: "")
                    case "read":
                        guard let weights = told.withLock({ $0 }) else { fallthrough }
                        let answer: JSONValue = ["weights": weights, "etag": "lie"]
                        return ProgramAnswer(code: 0, output: answer.canonicalBytes, error: "")
                    default: return try await real.run(call, limit: limit)
                    }
                })
        }
    }

    func meddle(_ weights: Weights) async throws {
        let version = try folder.read("weights").split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) } ?? 0
        try folder.write("\(weights.blue) \(weights.green) \(version + 1)\n", to: "weights")
    }

    func truth() async throws -> Weights {
        let words = try folder.read("weights").split(whereSeparator: \.isWhitespace)
        return try #require(words.count == 3 ? Int(words[1]).flatMap { Weights(green: $0) } : nil)
    }

    func restart() async throws -> Bool { false }

    static let invalidSettings: [(settings: JSONValue, place: String)] = [
        ([:], "route"), (["route": "shop", "set": "x"], "read"), (["route": "shop", "read": "x"], "set"),
        (["route": "shop", "read": [], "set": "x"], "read"), (["route": "shop", "read": "x", "set": [1]], "set"),
        (["route": "shop", "read": "x", "set": "x", "environment": ["A": 1]], "environment"),
        (["route": "shop", "read": "x", "set": "x", "timeout": "10"], "timeout"),
        (["route": "shop", "read": "x", "set": "x", "shell": "y"], "shell"),
    ]
}

@Suite("Command back end")
struct CommandRouterTests {
    @Test("does what every back end must do")
    func conforms() async throws {
        try await RouterConformance { try await CommandBench() }.runAll()
    }

    @Test(
        "refuses what is no answer to a question",
        arguments: [
            ("echo '{}'", RoutingError.Code.refused), ("echo '{\"weights\":{\"blue\":0,\"green\":0}}'", .refused),
            ("echo nonsense", .unreachable), ("exit 3", .unreachable), ("kill -9 $$", .unreachable),
        ])
    func badAnswers(script: String, code: RoutingError.Code) async throws {
        let bench = try await CommandBench()
        let router = try bench.router(SubprocessRunner(), read: ["sh", "-c", .string(script)])
        let error = await #expect(throws: RoutingError.self) { try await router.read() }
        #expect(error?.code == code)
    }

    @Test(
        "knows nothing about a change whose command gave no sound answer",
        arguments: ["exit 1", "echo", "echo '{\"result\":\"well\"}'", "kill -9 $$"])
    func badChanges(script: String) async throws {
        let router = try CommandRouter(
            settings: ["route": "shop", "read": "true", "set": ["sh", "-c", .string(script)]],
            ports: RouterAccess.ports(folder: "/"))
        let state = RoutingState(weights: .allBlue, etag: "1", raw: [:])
        let error = await #expect(throws: RoutingError.self) { try await router.set(.allGreen, expecting: state) }
        #expect(error?.effect == .unknown)
    }

    @Test("ends a command that takes too long, with all that it started")
    func timeLimit() async throws {
        let folder = try ServedFolder()
        let router = try CommandRouter(
            settings: [
                "route": "shop", "read": "true", "timeout": 1,
                "set": ["sh", "-c", "(sleep 30; echo late > late) & echo $! > child; sleep 30"],
            ], ports: RouterAccess.ports(folder: folder.path))
        let state = RoutingState(weights: .allBlue, etag: "1", raw: [:])
        let error = await #expect(throws: RoutingError.self) { try await router.set(.allGreen, expecting: state) }
        #expect(error?.effect == .unknown)
        let child = try #require(Int32(folder.read("child").filter(\.isNumber)))
        try await folder.wait(for: "the end of what it started") {
            // Gone, or dead and not yet reaped by whoever adopted it.
            guard let status = try? DurableFile.read("/proc/\(child)/stat") else { return true }
            return String(decoding: status, as: UTF8.self).contains(") Z")
        }
    }
}

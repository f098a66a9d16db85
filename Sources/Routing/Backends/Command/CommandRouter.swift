public import Manifests
import Programs

/// Moves traffic through commands of the house: any balancer that a script can read and set.
///
///     backend: command
///     settings:
///       route: shop                              # what the commands are told
///       read: [./balancer, read]
///       set: [./balancer, set]                   # also puts a saved state back
///       verify: [./balancer, verify]             # may be left out
///       timeout: 10
///       environment: {BALANCER: "10.0.0.5"}      # no secrets: let the command find its own
///
/// Each command gets one JSON object on standard input and prints one on standard output; `docs/routing.md` describes
/// both. What a command cannot promise, such as a real compare-and-set, is then not promised here either: a `set` that
/// does not look at `expected` overwrites other people's changes.
///
/// Crash: a command that was begun and gave no answer leaves `ambiguous` behind. It is ended after `timeout` seconds,
/// with everything it started.
public struct CommandRouter: Router {
    public static let kind = "command"

    let route: String
    let reading: [String]
    let setting: [String]
    let verifying: [String]?
    private let environment: [String: String]
    private let folder: String
    private let limit: Duration
    private let programs: (any ProgramRunner)?

    /// From the settings.
    public init(settings: JSONValue, ports: RouterPorts) throws(RoutingError) {
        let settings = try RouterSettings(
            settings, kind: Self.kind, known: ["route", "read", "set", "verify", "timeout", "environment"])
        route = try settings.text("route", for: "the name by which the commands know the route")
        reading = try settings.texts("read", for: "the command, and its arguments, that reads the weights")
        setting = try settings.texts("set", for: "the command, and its arguments, that sets the weights")
        verifying = try settings.optionalTexts("verify")
        limit = .seconds(try settings.integer("timeout", in: 1...3600, otherwise: 10))
        environment = try settings.map("environment")
        folder = ports.folder
        programs = ports.programs
    }

    public var capabilities: RouterCapabilities {
        RouterCapabilities(evidence: verifying == nil ? .readBack : .probe)
    }

    public func plan(_ weights: Weights) throws(RoutingError) -> [String] {
        ["\(ShellWord.line(setting)) <<< \(ShellWord.quoted(request("set", weights).canonicalText))"]
    }

    public func read() async throws(RoutingError) -> RoutingState {
        let answer = try await ask(reading, request("read"), orElse: .unreachable)
        guard let blue = answer["weights"]?["blue"]?.integer, let green = answer["weights"]?["green"]?.integer,
            (0...100).contains(green), blue == 100 - green, let weights = Weights(green: Int(green))
        else {
            throw RoutingError(
                .refused,
                "'\(ShellWord.line(reading))' must print weights blue and green that sum to 100, not: "
                    + "\(answer.canonicalText.prefix(200))")
        }
        let state = answer["state"] ?? answer["weights"] ?? [:]
        let etag = answer["etag"]?.string ?? Digest(of: .array([answer["weights"] ?? .null, state])).description
        return RoutingState(weights: weights, etag: etag, raw: state)
    }

    public func set(_ weights: Weights, expecting expected: RoutingState) async throws(RoutingError) {
        try await write(request("set", weights, expected))
    }

    public func restore(_ saved: RoutingState, expecting expected: RoutingState) async throws(RoutingError) {
        var request = request("restore", saved.weights, expected)
        request["state"] = saved.raw
        try await write(request)
    }

    public func verify(_ weights: Weights) async throws(RoutingError) -> RouteVerification {
        let found = try await read().weights
        guard found == weights else {
            return .pending("'\(ShellWord.line(reading))' says \(found), not \(weights)")
        }
        guard let verifying else { return .verified }
        let answer = try await ask(verifying, request("verify", weights), orElse: .unreachable)
        let message = answer["message"]?.string ?? "'\(ShellWord.line(verifying))' does not say why"
        switch answer["result"]?.string {
        case "verified": return .verified
        case "pending": return .pending(message)
        case "unverifiable": return .unverifiable(message)
        default:
            throw RoutingError(
                .refused,
                "'\(ShellWord.line(verifying))' must print a result: verified, pending or unverifiable; it printed: "
                    + "\(answer.canonicalText.prefix(200))")
        }
    }

    private func write(_ request: JSONValue) async throws(RoutingError) {
        let answer = try await ask(setting, request, orElse: .ambiguous)
        let message = answer["message"]?.string ?? "'\(ShellWord.line(setting))' does not say why"
        switch answer["result"]?.string {
        case "applied": return
        case "notKept": throw RoutingError(.notKept, message)
        case "conflict": throw RoutingError(.conflict, message)
        case "refused": throw RoutingError(.refused, message)
        case "unreachable": throw RoutingError(.unreachable, message)
        default:
            throw RoutingError(
                .ambiguous,
                "'\(ShellWord.line(setting))' must print a result: applied, notKept, conflict, refused, unreachable or "
                    + "unknown; \(message)")
        }
    }

    private func request(_ action: String, _ weights: Weights? = nil, _ expected: RoutingState? = nil) -> JSONValue {
        var request: JSONValue = ["version": 1, "action": .string(action), "route": .string(route)]
        if let weights { request["weights"] = Self.json(weights) }
        if let expected {
            request["expected"] = [
                "weights": Self.json(expected.weights), "etag": .string(expected.etag), "state": expected.raw,
            ]
        }
        return request
    }

    private static func json(_ weights: Weights) -> JSONValue {
        ["blue": .integer(Int64(weights.blue)), "green": .integer(Int64(weights.green))]
    }

    /// Runs one command.
    ///
    /// `code` says what a command that was begun and gave no answer leaves behind.
    private func ask(
        _ words: [String], _ request: JSONValue, orElse code: RoutingError.Code
    ) async throws(RoutingError) -> JSONValue {
        guard let programs else {
            throw RoutingError(.unreachable, "nothing is there to run '\(ShellWord.line(words))' with")
        }
        let answer: ProgramAnswer
        do throws(ProgramFailure) {
            answer = try await programs.run(
                ProgramCall(
                    words, environment: .ours(adding: environment), folder: folder.isEmpty ? "/" : folder,
                    input: .bytes(Array((request.canonicalText + "\n").utf8))), limit: limit)
        } catch {
            throw RoutingError(
                error.hasBegun ? code : .unreachable, "'\(ShellWord.line(words))': \(error.message)")
        }
        guard answer.code == 0 else {
            throw RoutingError(
                code, "'\(ShellWord.line(words))' ended with \(answer.code): \(answer.error.suffix(400))")
        }
        do { return try JSONValue(parsing: answer.output) } catch {
            throw RoutingError(code, "'\(ShellWord.line(words))' did not print JSON: \(error)")
        }
    }

    /// The command for a person without kirikae.
    static func byHand(settings: JSONValue, weights: Weights) -> String? {
        guard let router = try? CommandRouter(settings: settings, ports: RouterPorts(folder: "")) else { return nil }
        // Without `expected`: whoever types this wants the weights whatever stands there.
        let request = router.request("set", weights)
        let variables = router.environment.sorted { $0.key < $1.key }.map {
            "\($0.key)=\(ShellWord.quoted($0.value)) "
        }
        return "printf '%s\\n' \(ShellWord.quoted(request.canonicalText)) | "
            + "\(variables.joined())\(ShellWord.line(router.setting))"
    }
}

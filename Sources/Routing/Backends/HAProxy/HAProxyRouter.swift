public import Manifests

/// Moves traffic by the weights of servers, through haproxy's runtime socket of level admin.
///
///     backend: haproxy
///     settings:
///       socket: /run/haproxy/admin.sock      # or 127.0.0.1:9999
///       proxy: shop                          # haproxy's `backend`
///       blue: [blue-1, blue-2]               # its servers
///       green: green-1
///       stateFile: /var/lib/haproxy/state    # haproxy's `server-state-file`; so that a reload keeps the weights
///       probe: {url: "http://127.0.0.1/", host: shop.example.com, header: X-Cluster}
///
/// New requests follow at once, open connections stay. haproxy has no compare-and-set: a lock on the state file keeps
/// our own processes apart, and between the look and the write another program may come in for the time of one command;
/// the look that follows finds it. Servers of a side share its part evenly. A server in maintenance or draining counts
/// as 0, and a share for a side without a running server is refused.
///
/// Crash: one line of commands is sent, raising before lowering. When the connection breaks behind it the error is
/// `ambiguous`. A reload loads the state file; when that could not be written the error is `notKept`.
public struct HAProxyRouter: Router {
    public static let kind = "haproxy"

    let proxy: String
    let blue: [String]
    let green: [String]
    let stateFile: String?
    let socket: any HAProxySocket
    private let lockPath: String?
    private let probe: RouteProbe?

    /// From the settings.
    public init(settings: JSONValue, ports: RouterPorts) throws(RoutingError) {
        try self.init(settings: settings, ports: ports, socket: nil)
    }

    init(settings: JSONValue, ports: RouterPorts, socket replaced: (any HAProxySocket)?) throws(RoutingError) {
        let settings = try RouterSettings(
            settings, kind: Self.kind,
            known: ["socket", "proxy", "blue", "green", "stateFile", "timeout", "probe"])
        let address = try settings.text("socket", for: "haproxy's stats socket of level admin, a path or host:port")
        proxy = try settings.text("proxy", for: "the name of haproxy's backend")
        blue = try settings.texts("blue", for: "the servers of that backend that lead to blue")
        green = try settings.texts("green", for: "the servers of that backend that lead to green")
        for name in blue + green + [proxy] where !Self.isName(name) {
            throw settings.error(name == proxy ? "proxy" : "blue", "holds '\(name)', which haproxy takes for no name")
        }
        guard Set(blue + green).count == blue.count + green.count else {
            throw settings.error("green", "names a server twice, or one of blue's")
        }
        stateFile = try settings.optionalText("stateFile").map(ports.path)
        let limit = Duration.seconds(try settings.integer("timeout", in: 1...60, otherwise: 5))
        probe = try settings.section("probe", known: RouteProbe.known).map { (section) throws(RoutingError) in
            try RouteProbe(section, ports: ports)
        }
        let place: StreamSocket.Address
        if !address.contains("/"), let colon = address.lastIndex(of: ":") {
            place = .tcp(host: String(address[..<colon]), port: String(address[address.index(after: colon)...]))
            lockPath = stateFile
        } else {
            place = .unix(ports.path(address))
            lockPath = stateFile ?? ports.path(address)
        }
        socket = replaced ?? RuntimeSocket(address: place, limit: limit)
    }

    public var capabilities: RouterCapabilities {
        RouterCapabilities(evidence: probe == nil ? .readBack : .probe, countsConnections: true)
    }

    public func plan(_ weights: Weights) throws(RoutingError) -> [String] {
        let target = try target(weights)
        // Whatever rises can only be known by looking; green first is right for every step of a cutover.
        return (green + blue).compactMap { name in target[name].map { "set weight \(proxy)/\(name) \($0)" } }
    }

    public func read() async throws(RoutingError) -> RoutingState { try state(of: try await servers()) }

    public func set(_ weights: Weights, expecting expected: RoutingState) async throws(RoutingError) {
        try await replace(expected, by: try target(weights))
    }

    public func restore(_ saved: RoutingState, expecting expected: RoutingState) async throws(RoutingError) {
        var target: [String: Int] = [:]
        for name in blue + green {
            guard let weight = saved.raw["servers"]?[name]?["weight"]?.integer, (0...256).contains(weight) else {
                throw RoutingError(.refused, "what was saved holds no weight of server '\(name)'; nothing was written")
            }
            target[name] = Int(weight)
        }
        guard target.values.contains(where: { $0 > 0 }) else {
            throw RoutingError(.refused, "what was saved sends traffic nowhere; nothing was written")
        }
        try await replace(expected, by: target)
    }

    public func verify(_ weights: Weights) async throws(RoutingError) -> RouteVerification {
        let servers = try await servers()
        let found = try state(of: servers).weights
        guard found == weights else { return .pending("haproxy says \(found) for '\(proxy)', not \(weights)") }
        for (side, names, share) in sides(weights) where share > 0 {
            if !servers.contains(where: { names.contains($0.name) && $0.isRunning && $0.effectiveWeight > 0 }) {
                return .pending("no server of \(side) is up in '\(proxy)'")
            }
        }
        if let seen = try await probe?.disagreement(with: weights) { return .pending(seen) }
        return .verified
    }

    public func openConnections() async throws(RoutingError) -> OpenConnections? {
        let answer = try await ask("show stat")
        let lines = answer.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        guard let header = lines.first, let sessions = header.firstIndex(of: "scur"),
            let name = header.firstIndex(of: "svname")
        else { throw RoutingError(.unreachable, "haproxy's statistics cannot be read: \(answer.prefix(80))") }
        var open = OpenConnections(blue: 0, green: 0)
        for line in lines.dropFirst() where line.count > sessions && line[0] == proxy {
            let count = Int(line[sessions]) ?? 0
            if blue.contains(String(line[name])) { open.blue += count }
            if green.contains(String(line[name])) { open.green += count }
        }
        return open
    }

    // MARK: - Writing

    private func replace(_ expected: RoutingState, by target: [String: Int]) async throws(RoutingError) {
        guard let lockPath else { return try await write(expected, target) }
        let lock = try await FileLock.acquire(for: lockPath)
        defer { lock.release() }
        try await write(expected, target)
    }

    private func write(_ expected: RoutingState, _ target: [String: Int]) async throws(RoutingError) {
        let servers = try await servers()
        // Asked again after a reply was lost: what we want stands there already.
        if servers.contains(where: { target[$0.name] != nil && target[$0.name] != $0.weight }) {
            let now = try state(of: servers)
            guard now.etag == expected.etag else {
                throw RoutingError(
                    .conflict,
                    "backend '\(proxy)' is not what was read before: it now stands at \(now.weights); nothing was "
                        + "written. Look who changes it, then resume")
            }
            try requireRunning(servers, target)
            // Raise before lower: at no moment is there less than before or less than after.
            let changes = servers.compactMap { server -> (rise: Int, command: String)? in
                guard let weight = target[server.name], weight != server.weight else { return nil }
                return (weight - server.weight, "set weight \(proxy)/\(server.name) \(weight)")
            }
            let line = changes.sorted { $0.rise > $1.rise }.map(\.command).joined(separator: ";")
            let answer = try await socket.ask(line).filter { !$0.isWhitespace || $0 == " " }
            guard answer.isEmpty else {
                // haproxy answers in words and each command by itself: an earlier one may have been carried out.
                throw RoutingError(
                    changes.count == 1 ? .refused : .ambiguous, "haproxy refused '\(line)': \(answer)")
            }
        }
        try await keep()
    }

    /// Writes the state file, which haproxy reads at its next start.
    private func keep() async throws(RoutingError) {
        guard let stateFile else { return }
        do {
            let state = try await ask("show servers state")
            guard HAProxyServer.all(state, proxy: proxy)?.isEmpty == false else {
                throw RoutingError(.notKept, "the weights are in force, but haproxy's state cannot be read")
            }
            let content = Array(String(state.drop { $0.isNewline }).utf8)
            if let standing = try? DurableFile.read(stateFile), standing == content { return }
            try DurableFile.replace(stateFile, with: content)
        } catch let failure as POSIX.Failure {
            throw RoutingError(.notKept, "the weights are in force, but a reload would forget them: \(failure.message)")
        } catch let error as RoutingError {
            throw RoutingError(.notKept, "the weights are in force, but a reload would forget them: \(error.message)")
        } catch { throw RoutingError(.notKept, "\(error)") }
    }

    private func requireRunning(_ servers: [HAProxyServer], _ target: [String: Int]) throws(RoutingError) {
        for (side, names) in [("blue", blue), ("green", green)] {
            let own = servers.filter { names.contains($0.name) }
            let gets = own.contains { target[$0.name] ?? 0 > 0 }
            let rises = own.contains { (target[$0.name] ?? 0) > $0.weight }
            if gets, rises, !own.contains(where: { $0.isRunning && $0.admin & 0x7F == 0 }) {
                throw RoutingError(
                    .refused,
                    "no server of \(side) is up in backend '\(proxy)' (\(names.joined(separator: ", "))); traffic is not "
                        + "sent there, nothing was written")
            }
        }
    }

    // MARK: - Reading

    private func servers() async throws(RoutingError) -> [HAProxyServer] {
        let answer = try await ask("show servers state \(proxy)")
        guard let all = HAProxyServer.all(answer, proxy: proxy) else {
            throw RoutingError(
                .invalidConfiguration,
                "haproxy does not tell of backend '\(proxy)': \(answer.prefix(200).filter { !$0.isNewline })")
        }
        let known = Set(all.map(\.name))
        for name in blue + green where !known.contains(name) {
            throw RoutingError(
                .invalidConfiguration,
                "backend '\(proxy)' has no server '\(name)'; it has: \(all.map(\.name).joined(separator: ", "))")
        }
        return all.filter { blue.contains($0.name) || green.contains($0.name) }
    }

    /// A question that changes nothing: no answer means only that it cannot be asked.
    private func ask(_ line: String) async throws(RoutingError) -> String {
        do throws(RoutingError) { return try await socket.ask(line) } catch {
            throw RoutingError(.unreachable, error.message)
        }
    }

    private func state(of servers: [HAProxyServer]) throws(RoutingError) -> RoutingState {
        func sum(_ names: [String]) -> Int {
            servers.filter { names.contains($0.name) }.map(\.effectiveWeight).reduce(0, +)
        }
        guard let weights = ServerShares.percent(blue: sum(blue), green: sum(green)) else {
            throw RoutingError(
                .refused, "all servers of '\(proxy)' that the route names are at weight 0 or out of service")
        }
        let members = servers.sorted { $0.name < $1.name }.map { server in
            (
                key: server.name,
                value: ["weight": .integer(Int64(server.weight)), "admin": .integer(Int64(server.admin))] as JSONValue
            )
        }
        let raw: JSONValue = ["servers": .object(JSONObject(members))]
        return RoutingState(weights: weights, etag: Digest(of: raw).description, raw: raw)
    }

    private func target(_ weights: Weights) throws(RoutingError) -> [String: Int] {
        guard let each = ServerShares.perServer(weights, blue: blue.count, green: green.count) else {
            throw RoutingError(
                .refused,
                "\(weights) cannot be had with \(blue.count) blue and \(green.count) green servers and weights up to 256"
            )
        }
        var target: [String: Int] = [:]
        for name in blue { target[name] = each.blue }
        for name in green { target[name] = each.green }
        return target
    }

    private func sides(_ weights: Weights) -> [(String, [String], Int)] {
        [("blue", blue, weights.blue), ("green", green, weights.green)]
    }

    /// What cannot be mistaken for the end of a command.
    private static func isName(_ name: String) -> Bool {
        name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
                || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":")].contains(byte)
        }
    }
}

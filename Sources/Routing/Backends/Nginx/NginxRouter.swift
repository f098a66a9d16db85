import HTTP
public import Manifests
import Programs

/// Moves traffic by a `split_clients` include of nginx and a validated reload.
///
///     backend: nginx
///     settings:
///       include: /etc/nginx/kirikae/shop.conf     # in nginx.conf: include …; and proxy_pass http://$shop_cluster;
///       variable: shop_cluster                    # its values are `blue` and `green`: names of upstreams
///       header: X-Kirikae-Shop                    # in nginx.conf: add_header X-Kirikae-Shop $shop_cluster_marker always;
///       reload: [systemctl, reload, nginx]        # left out: nginx -s reload
///       probe: {url: "http://127.0.0.1/", host: shop.example.com}
///
/// The file is not the truth: nginx may have been reloaded before it was written, or never. The truth is the marker that
/// answers carry, and ``read()`` goes by it. The compare-and-set covers both, under a lock beside the file.
///
/// Crash: the file is replaced by rename, then tested, then nginx told to reload. Behind a crash in between, the file is
/// ahead of the answers; reading says what the answers say, and setting again reloads. A file that nginx does not take is
/// put back.
public struct NginxRouter: Router {
    public static let kind = "nginx"

    let path: String
    let include: SplitInclude
    let test: [String]
    let reload: [String]
    private let folder: String
    private let probe: RouteProbe
    private let programs: (any ProgramRunner)?
    private let limit: Duration

    /// From the settings.
    public init(settings: JSONValue, ports: RouterPorts) throws(RoutingError) {
        let settings = try RouterSettings(
            settings, kind: Self.kind,
            known: ["include", "variable", "key", "blue", "green", "header", "test", "reload", "timeout", "probe"])
        path = ports.path(try settings.text("include", for: "the file that nginx.conf includes and kirikae writes"))
        let variable = try settings.text("variable", for: "the nginx variable that names the upstream, without $")
        guard Self.isWord(variable) else { throw settings.error("variable", "may hold letters, digits and _ only") }
        let key = try settings.optionalText("key") ?? "$request_id"
        let blue = try settings.optionalText("blue") ?? "blue"
        let green = try settings.optionalText("green") ?? "green"
        for (name, text) in [("key", key), ("blue", blue), ("green", green)]
        where text.contains(where: { "\";{}'\\#".contains($0) || $0.isNewline || $0.isWhitespace }) {
            throw settings.error(name, "holds a sign that means something to nginx")
        }
        guard blue != green else { throw settings.error("green", "must differ from blue") }
        let header = try settings.text("header", for: "the header by which every answer carries the marker")
        guard Self.isWord(header.replacing("-", with: "_")) else {
            throw settings.error("header", "is no name of a header")
        }
        include = SplitInclude(variable: variable, key: key, blue: blue, green: green, header: header)
        test = try settings.optionalTexts("test") ?? ["nginx", "-t"]
        reload = try settings.optionalTexts("reload") ?? ["nginx", "-s", "reload"]
        limit = .seconds(try settings.integer("timeout", in: 1...600, otherwise: 10))
        guard let section = try settings.section("probe", known: RouteProbe.known) else {
            throw settings.error("probe", "is missing: what nginx really does can only be seen by asking through it")
        }
        probe = try RouteProbe(section, ports: ports, needsHeader: false)
        folder = ports.folder
        programs = ports.programs
    }

    public let capabilities = RouterCapabilities(change: .reload, evidence: .probe)

    public func plan(_ weights: Weights) throws(RoutingError) -> [String] {
        [
            "write \(path): \(weights.green)% \(include.green), the rest \(include.blue)", ShellWord.line(test),
            ShellWord.line(reload),
        ]
    }

    public func read() async throws(RoutingError) -> RoutingState {
        let text = try load()
        guard let written = include.weights(ofText: text) else {
            throw RoutingError(
                .refused,
                "\(path) is not as kirikae writes it, somebody edited it. For all traffic on blue it holds:\n"
                    + include.text(.allBlue))
        }
        let running = try await running(expecting: written)
        let raw: JSONValue = ["include": .string(text), "running": .string(include.marker(running))]
        return RoutingState(weights: running, etag: Digest(of: raw).description, raw: raw)
    }

    public func set(_ weights: Weights, expecting expected: RoutingState) async throws(RoutingError) {
        try await replace(expected, by: weights)
    }

    public func restore(_ saved: RoutingState, expecting expected: RoutingState) async throws(RoutingError) {
        // The weights that were in force, also where the file had been ahead of them: the file follows from the weights.
        guard let marker = saved.raw["running"]?.string, let weights = include.weights(ofMarker: marker) else {
            throw RoutingError(.refused, "what was saved is of other settings of this route; nothing was written")
        }
        try await replace(expected, by: weights)
    }

    public func verify(_ weights: Weights) async throws(RoutingError) -> RouteVerification {
        guard try load() == include.text(weights) else { return .pending("\(path) does not hold \(weights)") }
        for _ in 0..<probe.samples {
            let marker = try await self.marker()
            if marker != include.marker(weights) {
                let found = include.weights(ofMarker: marker).map(\.description) ?? "marker \(marker)"
                return .pending("nginx still answers by \(found), not \(weights)")
            }
        }
        if let seen = try await probe.disagreement(with: weights) { return .pending(seen) }
        return .verified
    }

    /// The whole file for these weights: what a person begins with.
    package func fileContent(for weights: Weights) -> String { include.text(weights) }

    private func replace(_ expected: RoutingState, by weights: Weights) async throws(RoutingError) {
        let lock = try await FileLock.acquire(for: path)
        defer { lock.release() }
        let before = try load()
        let wanted = include.text(weights)
        if before != wanted {
            let now = try await read()
            guard now.etag == expected.etag else { throw conflict("\(path) and nginx stand at \(now.weights)") }
            do { try DurableFile.replace(path, with: Array(wanted.utf8)) } catch {
                throw RoutingError(
                    error.landed ? .ambiguous : .refused,
                    error.landed ? "\(error.message)" : "\(error.message); nothing was written")
            }
            try await validate(putBack: before)
        } else {
            // Asked again after a crash or a lost reply: the file is there, the reload may not have been.
            let running = try await running(expecting: weights)
            if running == weights { return }
            guard running == expected.weights else { throw conflict("nginx stands at \(running)") }
            try await validate(putBack: nil)
        }
        try await bringIntoForce(weights)
    }

    /// nginx's own judgement; a file that it does not take is put back.
    private func validate(putBack old: String?) async throws(RoutingError) {
        do throws(ProgramFailure) {
            let answer = try await run(test)
            if answer.code == 0 { return }
            throw ProgramFailure("it ended with \(answer.code): \(answer.error.suffix(400))", hasBegun: true)
        } catch {
            if let old {
                do { try DurableFile.replace(path, with: Array(old.utf8)) } catch {
                    throw RoutingError(.ambiguous, "\(ShellWord.line(test)) failed, and \(path): \(error.message)")
                }
            }
            throw RoutingError(
                .refused,
                "\(ShellWord.line(test)): \(error.message). nginx was not reloaded and goes on as before")
        }
    }

    private func bringIntoForce(_ weights: Weights) async throws(RoutingError) {
        do throws(ProgramFailure) {
            let answer = try await run(reload)
            guard answer.code == 0 else {
                throw ProgramFailure("it ended with \(answer.code): \(answer.error.suffix(400))", hasBegun: true)
            }
        } catch {
            throw RoutingError(
                .ambiguous, "\(ShellWord.line(reload)): \(error.message). \(path) holds \(weights), nginx may not")
        }
        // A reload is carried out behind the signal's back: it is done when the first new process answers.
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if try await marker(orElse: .ambiguous) == include.marker(weights) { return }
            do { try await Task.sleep(for: .milliseconds(10)) } catch { break }
        }
        throw RoutingError(.ambiguous, "nginx was told to reload and does not answer by \(weights) yet")
    }

    private func run(_ words: [String]) async throws(ProgramFailure) -> ProgramAnswer {
        guard let programs else { throw ProgramFailure("nothing is there to run it with", hasBegun: false) }
        return try await programs.run(ProgramCall(words, folder: folder.isEmpty ? "/" : folder), limit: limit)
    }

    /// What answers say.
    ///
    /// For a moment after a reload the old processes answer beside the new: once a new one was seen, the reload has been.
    private func running(expecting written: Weights) async throws(RoutingError) -> Weights {
        var marker = ""
        for attempt in 0..<12 {
            marker = try await self.marker()
            if marker == include.marker(written) { return written }
            if attempt < 11 { try? await Task.sleep(for: .milliseconds(15)) }
        }
        guard let weights = include.weights(ofMarker: marker) else {
            throw RoutingError(
                .refused, "\(include.header) of nginx's answers is '\(marker)', which is none of this route's markers")
        }
        return weights
    }

    func marker(orElse code: RoutingError.Code = .unreachable) async throws(RoutingError) -> String {
        do throws(RoutingError) {
            let answer = try await probe.ask()
            guard let marker = answer.headers[include.header] else {
                throw RoutingError(
                    .refused,
                    "nginx's answer (\(answer.status)) carries no \(include.header); write into nginx.conf: "
                        + "add_header \(include.header) $\(include.variable)_marker always;")
            }
            return marker
        } catch { throw RoutingError(error.code == .unreachable ? code : error.code, error.message) }
    }

    private func load() throws(RoutingError) -> String {
        do { return String(decoding: try DurableFile.read(path), as: UTF8.self) } catch {
            throw RoutingError(
                .unreachable,
                "\(error.message). nginx.conf must include the file; for all traffic on blue it holds:\n"
                    + include.text(.allBlue))
        }
    }

    private func conflict(_ found: String) -> RoutingError {
        RoutingError(
            .conflict,
            "\(found), which is not what was read before; nothing was written. Look who changes it, then resume")
    }

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
                    || byte == UInt8(ascii: "_")
            }
    }

    /// The commands for a person without kirikae.
    static func byHand(settings: JSONValue, weights: Weights) -> String? {
        guard let router = try? NginxRouter(settings: settings, ports: RouterPorts(folder: "")) else { return nil }
        return """
            printf %s \(ShellWord.quoted(router.include.text(weights))) > \(ShellWord.quoted(router.path + ".by-hand")) \\
              && mv \(ShellWord.quoted(router.path + ".by-hand")) \(ShellWord.quoted(router.path)) \\
              && \(ShellWord.line(router.test)) && \(ShellWord.line(router.reload))
            """
    }
}

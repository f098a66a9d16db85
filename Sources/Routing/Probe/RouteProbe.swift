import HTTP
import Manifests

/// Asks through the balancer, as a client would, and looks which side answers.
///
///     probe: {url: "http://10.0.0.5/healthz", host: shop.example.com, header: X-Cluster, blue: shop-blue, green: shop-green}
///
/// Every request goes over a connection of its own: one that is kept open would go on asking a process that the balancer
/// has long replaced.
struct RouteProbe: Sendable {
    /// Scheme, host and port.
    let server: String
    /// Path and query.
    let path: String
    /// The name that clients ask for.
    let host: String?
    /// The header of an answer that names the side.
    let header: String?
    let blue: String
    let green: String
    let samples: Int
    let limit: Duration
    private let web: (@Sendable (String, String?) throws(TransportError) -> any Transport)?

    static let known = ["url", "host", "header", "blue", "green", "samples", "timeout"]

    /// From the settings; `needsHeader` where the side cannot be told otherwise.
    init(_ settings: RouterSettings, ports: RouterPorts, needsHeader: Bool = true) throws(RoutingError) {
        let url = try settings.text("url", for: "the address at which clients reach the balancer")
        guard let address = ProbeAddress(url) else {
            throw settings.error("url", "must be http://host:port/path or https://host:port/path")
        }
        (server, path) = (address.server, address.path)
        host = try settings.optionalText("host")
        header =
            needsHeader
            ? try settings.text("header", for: "the header of every answer that names the cluster it came from")
            : try settings.optionalText("header")
        blue = try settings.optionalText("blue") ?? "blue"
        green = try settings.optionalText("green") ?? "green"
        if blue == green { throw settings.error("green", "must differ from blue") }
        samples = try settings.integer("samples", in: 1...10_000, otherwise: 20)
        limit = .seconds(try settings.integer("timeout", in: 1...60, otherwise: 5))
        web = ports.web
    }

    /// One answer: its status, its headers.
    func ask() async throws(RoutingError) -> HTTPResponse {
        guard let web else { throw RoutingError(.unreachable, "nothing is there to ask \(server) with") }
        do throws(TransportError) {
            return try await send(try web(server, host))
        } catch { throw RoutingError(.unreachable, "the probe \(server)\(path) got no answer: \(error.message)") }
    }

    /// Whether the answers to `samples` requests agree with the weights; nil when they do, else what was seen.
    func disagreement(with weights: Weights) async throws(RoutingError) -> String? {
        guard let web else { throw RoutingError(.unreachable, "nothing is there to ask \(server) with") }
        guard let header else { return nil }
        var seen = ShareCount()
        do throws(TransportError) {
            let transport = try web(server, host)
            for _ in 0..<samples {
                let answer = try await send(transport)
                switch answer.headers[header] {
                case blue: seen.blue += 1
                case green: seen.green += 1
                case let other:
                    let what = other.map { "with \(header): \($0)" } ?? "without \(header)"
                    return "\(server)\(path) answered \(answer.status) \(what)"
                }
            }
        } catch { return "the probe \(server)\(path) got no answer: \(error.message)" }
        return seen.isPlausible(for: weights) ? nil : "\(seen) answered \(server)\(path), which is not \(weights)"
    }

    private func send(_ transport: any Transport) async throws(TransportError) -> HTTPResponse {
        var headers: HTTPHeaders = ["Connection": "close"]
        if let host { headers["Host"] = host }
        return try await transport.send(HTTPRequest(.get, path, headers: headers, timeout: limit))
    }
}

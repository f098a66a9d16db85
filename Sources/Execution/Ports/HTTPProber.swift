public import HTTP
import Manifests
public import Planning
import Routing
import Synchronization

/// Asks over HTTP.
public final class HTTPProber: Prober {
    /// Opens a way to the server of an address such as `https://10.0.0.7:8443`, checking its certificate for `name`.
    public typealias Web = @Sendable (_ server: String, _ name: String?) throws(TransportError) -> any Transport

    private struct Server: Hashable {
        var address: String
        var name: String?
    }

    private let web: Web
    private let clock: any RunClock
    private let transports = Mutex<[Server: any Transport]>([:])

    public init(clock: any RunClock = SystemClock(), web: @escaping Web) {
        self.clock = clock
        self.web = web
    }

    public var isConnected: Bool { true }

    public func ask(_ request: ProbeRequest) async -> ProbeAnswer {
        guard let address = ProbeAddress(request.url) else { return .unsent("\(request.url) is no address") }
        // A connection that is kept open would go on asking a process that a balancer has long replaced.
        var headers: HTTPHeaders = ["Connection": "close"]
        if let host = request.host { headers["Host"] = host }
        let began = clock.monotonicNanoseconds
        do throws(TransportError) {
            let answer = try await transport(address.server, request.host).send(
                HTTPRequest(.get, address.path, headers: headers, timeout: .seconds(request.timeout)))
            let milliseconds = Int((clock.monotonicNanoseconds - began + 999_999) / 1_000_000)
            return .answered(status: answer.status, headers: answer.headers, milliseconds: milliseconds)
        } catch {
            switch error.code {
            case .notSent, .ambiguous: return .unanswered(error.message)
            case .cancelled, .invalid: return .unsent(error.message)
            }
        }
    }

    public func query(_ query: String, at url: String, of side: Side) async -> QueryAnswer {
        guard let address = ProbeAddress(url) else { return .nothing("\(url) is no address") }
        let folder = address.path.hasSuffix("/") ? String(address.path.dropLast()) : address.path
        do throws(TransportError) {
            let answer = try await transport(address.server, nil).send(
                HTTPRequest(
                    .get, folder + "/api/v1/query", query: [("query", query)], headers: ["Accept": "application/json"],
                    timeout: .seconds(10)))
            return Self.number(answer)
        } catch { return .nothing(error.message) }
    }

    /// The one number of an instant query's answer.
    static func number(_ answer: HTTPResponse) -> QueryAnswer {
        guard let body = try? JSONValue(parsing: answer.body) else {
            return .nothing("status \(answer.status), and no JSON")
        }
        guard body["status"]?.string == "success" else {
            return .nothing(body["error"]?.string ?? "status \(answer.status)")
        }
        let data = body["data"] ?? [:]
        let text: String?
        switch data["resultType"]?.string {
        case "scalar": text = data["result"]?.array?.last?.string
        case "vector":
            let series = data["result"]?.array ?? []
            guard series.count < 2 else { return .nothing("the query gives \(series.count) series, not one") }
            text = series.first?["value"]?.array?.last?.string
        case let other: return .nothing("the query gives a \(other ?? "nothing"), not a number")
        }
        guard let text else { return .nothing("the query gives nothing") }
        guard let number = Double(text), number.isFinite else { return .nothing("the query gives \(text)") }
        return .number(number)
    }

    private func transport(_ server: String, _ name: String?) throws(TransportError) -> any Transport {
        let key = Server(address: server, name: name)
        if let known = transports.withLock({ $0[key] }) { return known }
        let made = try web(server, name)
        return transports.withLock { transports in
            let kept = transports[key] ?? made
            transports[key] = kept
            return kept
        }
    }
}

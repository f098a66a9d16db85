import HTTP

/// Stands for a cluster that there is no way to: every request fails, and nothing is sent.
struct NoTransport: Transport {
    let reason: String

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        throw TransportError(.notSent, reason)
    }

    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPStream {
        throw TransportError(.notSent, reason)
    }
}

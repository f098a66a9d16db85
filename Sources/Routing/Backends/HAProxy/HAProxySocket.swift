/// haproxy's runtime socket: one line of commands, one answer, over a connection of its own.
protocol HAProxySocket: Sendable {
    /// Asks; `unreachable` when nothing was sent, `ambiguous` when no full answer came.
    func ask(_ line: String) async throws(RoutingError) -> String
}

/// The real one.
struct RuntimeSocket: HAProxySocket {
    let address: StreamSocket.Address
    let limit: Duration

    func ask(_ line: String) async throws(RoutingError) -> String {
        do throws(StreamSocket.Failure) {
            return try await StreamSocket.ask(address, line + "\n", limit: limit)
        } catch {
            throw RoutingError(error.isSent ? .ambiguous : .unreachable, "haproxy at \(address): \(error.message)")
        }
    }
}

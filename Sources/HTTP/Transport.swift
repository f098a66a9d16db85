/// Carries requests to one server.
///
/// The base address, TLS and credentials belong to the transport or to the layer above; retries belong to neither: one
/// retry layer only, in Execution.
public protocol Transport: Sendable {
    /// Sends one request and gathers the whole answer. Any status is an answer, not an error.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse

    /// Sends one request and returns once the header has come.
    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPStream
}

/// Why no answer came.
///
/// The code says what is known about the request's effect, which is what a caller needs to decide whether to repeat it
/// or to look first.
public struct TransportError: Error, Sendable, CustomStringConvertible {
    /// What is certain about the request.
    public enum Code: String, Sendable, Hashable {
        /// Nothing reached the server: the name was not resolved, the connection refused, TLS failed.
        case notSent
        /// The request was or may have been sent, and no complete answer came: it may have taken effect.
        case ambiguous
        /// The caller's task was cancelled. The request may have taken effect.
        case cancelled
        /// The request itself is not one that could be sent (a malformed address, an unreadable certificate).
        case invalid
    }

    public var code: Code
    /// In words, with host and port, never with credentials.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}

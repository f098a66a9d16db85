/// A complete answer.
public struct HTTPResponse: Sendable, Hashable {
    public var status: Int
    public var headers: HTTPHeaders
    public var body: [UInt8]

    public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// An answer whose body arrives piece by piece, as a watch does.
public struct HTTPStream: Sendable {
    public var status: Int
    public var headers: HTTPHeaders
    /// Pieces of the body as they come, of any size.
    ///
    /// Ending the iteration, or cancelling its task, closes the connection. Throws ``TransportError`` when the
    /// connection breaks.
    public var body: AsyncThrowingStream<[UInt8], any Error>

    public init(status: Int, headers: HTTPHeaders, body: AsyncThrowingStream<[UInt8], any Error>) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

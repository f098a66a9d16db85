import HTTP
import Synchronization

/// One request on its way to the loop's thread, and where its answer goes.
struct TransferJob: Sendable {
    /// Where the answer goes.
    enum Sink: Sendable {
        /// Gathered whole.
        case whole(@Sendable (Result<HTTPResponse, TransportError>) -> Void)
        /// The header once, then the body through the buffer.
        case stream(StreamBuffer, header: @Sendable (Result<StreamHead, TransportError>) -> Void)
    }

    let id: Int
    let request: HTTPRequest
    /// As they were when the request was made.
    let certificates: CurlConfiguration.Certificates
    /// For a whole answer: until its last byte.
    ///
    /// For a stream: until its header.
    let deadline: ContinuousClock.Instant
    /// The span that led to `deadline`, for messages.
    let timeout: Duration
    /// Set by a cancellation that comes before the job has begun.
    let ticket: Ticket
    let sink: Sink

    var isStream: Bool { if case .stream = sink { true } else { false } }

    /// Ends the job with an error, wherever it stands.
    ///
    /// A second end is the caller's mistake.
    func fail(_ error: TransportError, headerIsOut: Bool = false) {
        switch sink {
        case .whole(let finish): finish(.failure(error))
        case .stream(let buffer, let header):
            if headerIsOut { buffer.finish(.failure(error)) } else { header(.failure(error)) }
        }
    }
}

/// A stream's status and header fields.
struct StreamHead: Sendable {
    let status: Int
    let headers: HTTPHeaders
}

/// Says whether a job was cancelled, also before the loop has heard of it.
final class Ticket: Sendable {
    private let cancelled = Atomic(false)

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() { cancelled.store(true, ordering: .releasing) }
}

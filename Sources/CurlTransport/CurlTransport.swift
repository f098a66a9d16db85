public import HTTP
import Synchronization

/// Carries requests to one server through libcurl, on a thread of its own.
///
/// Connections are kept and reused, shared where HTTP/2 allows it, and closed when the transport goes away. It never
/// repeats a request that may have had an effect. Cancelling a task ends its request at once; the request may have
/// taken effect all the same.
public final class CurlTransport: Transport {
    private let configuration: CurlConfiguration
    private let address: ServerAddress
    private let proxy: String?
    private let requests: LoopHandle
    // A loop of their own, made with the first stream: one connection without HTTP/2 makes libcurl 7.88 stop sharing
    // the others to the same host.
    private let streams = Mutex<LoopHandle?>(nil)
    private let lastID = Atomic(0)

    /// Checks the configuration and starts the thread; no connection is made yet.
    public init(_ configuration: CurlConfiguration) throws(TransportError) {
        self.configuration = configuration
        address = try ServerAddress(configuration.server)
        try Self.checkPEM(configuration.certificateAuthority, "certificate authority")
        try Self.checkPEM(configuration.clientCertificate, "client certificate")
        try Self.checkPEM(configuration.clientKey, "client key")
        guard configuration.clientKey == nil || configuration.clientCertificate != nil else {
            throw TransportError(.invalid, "a client key was given without its certificate")
        }
        guard configuration.maximumConcurrentRequests > 0 else {
            throw TransportError(.invalid, "at least one request must be allowed at once")
        }
        proxy = try Self.proxy(configuration.proxy, for: address)
        requests = LoopHandle(try CurlLoop.start(configuration, address, proxy: proxy))
    }

    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let ticket = Ticket()
        let id = nextID()
        let handle = requests
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let job = job(id, request, ticket, .whole { continuation.resume(returning: $0) })
                handle.loop.post(.start(job))
            }
        } onCancel: {
            ticket.cancel()
            handle.loop.post(.cancel(id))
        }.get()
    }

    public func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPStream {
        let ticket = Ticket()
        let id = nextID()
        let handle = try streamLoop()
        let buffer = StreamBuffer()
        let head = try await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let sink = TransferJob.Sink.stream(buffer) { continuation.resume(returning: $0) }
                handle.loop.post(.start(job(id, request, ticket, sink)))
            }
        } onCancel: {
            ticket.cancel()
            handle.loop.post(.cancel(id))
        }.get()
        let reader = StreamReader(handle, id, buffer)
        return HTTPStream(
            status: head.status, headers: head.headers, body: AsyncThrowingStream { try await reader.next() })
    }

    private func streamLoop() throws(TransportError) -> LoopHandle {
        try streams.withLock { (handle) throws(TransportError) -> LoopHandle in
            if let handle { return handle }
            let started = LoopHandle(try CurlLoop.start(configuration, address, proxy: proxy))
            handle = started
            return started
        }
    }

    private func nextID() -> Int { lastID.wrappingAdd(1, ordering: .relaxed).newValue }

    private func job(_ id: Int, _ request: HTTPRequest, _ ticket: Ticket, _ sink: TransferJob.Sink) -> TransferJob {
        let timeout = request.timeout ?? configuration.requestTimeout
        return TransferJob(
            id: id, request: request, certificates: configuration.certificates, deadline: ContinuousClock.now + timeout,
            timeout: timeout, ticket: ticket,
            sink: sink)
    }

    private static func checkPEM(_ bytes: [UInt8]?, _ what: String) throws(TransportError) {
        guard let bytes else { return }
        let mark = Array("-----BEGIN ".utf8)
        guard bytes.indices.contains(where: { bytes[$0...].starts(with: mark) }) else {
            throw TransportError(.invalid, "the \(what) is not in PEM form (no -----BEGIN line)")
        }
    }

    private static func proxy(
        _ proxy: CurlConfiguration.Proxy, for address: ServerAddress
    ) throws(TransportError) -> String? {
        let url: String
        switch proxy {
        case .direct: return nil
        case .url(let text): url = text
        case .environment(let variables):
            guard let text = ProxyEnvironment(variables).proxy(for: address) else { return nil }
            url = text
        }
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else {
            throw TransportError(.invalid, "the proxy's address needs a scheme, as in http://proxy:3128")
        }
        switch url[..<colon].lowercased() {
        case "http", "https", "socks5h": return url
        // To Go, and so to kubectl, "socks5" means that the proxy resolves names.
        case "socks5": return "socks5h" + url[colon...]
        default: throw TransportError(.invalid, "only http, https and socks5 proxies are known")
        }
    }
}

/// Stops the thread when nobody can send any more: neither the transport nor a stream of it is left.
private final class LoopHandle: Sendable {
    let loop: CurlLoop

    init(_ loop: CurlLoop) { self.loop = loop }

    deinit { loop.post(.stop) }
}

/// The reading end of one stream.
///
/// When it goes, the connection is closed.
private final class StreamReader: Sendable {
    private let handle: LoopHandle
    private let id: Int
    private let buffer: StreamBuffer

    init(_ handle: LoopHandle, _ id: Int, _ buffer: StreamBuffer) {
        self.handle = handle
        self.id = id
        self.buffer = buffer
    }

    deinit { handle.loop.post(.cancel(id)) }

    func next() async throws(TransportError) -> [UInt8]? {
        try await withTaskCancellationHandler {
            await buffer.take { handle.loop.post(.resume(id)) }
        } onCancel: {
            buffer.cancel()
            handle.loop.post(.cancel(id))
        }.get()
    }
}

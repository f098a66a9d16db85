import HTTP
import Synchronization

extension KubeClient {
    /// Watches a resource, in one namespace or in all, from a list's resourceVersion on.
    ///
    /// The stream ends when the server ends it, which is ordinary: watch again from the last resourceVersion seen.
    /// It throws ``KubeError`` when the connection breaks. Dropping the stream or cancelling the reading task
    /// closes the connection. One reader only; what it does not take waits at the server.
    public func watch(
        _ resource: APIResource, namespace: String? = nil, options: WatchOptions = WatchOptions()
    ) async throws(KubeError) -> AsyncThrowingStream<WatchEvent, any Error> {
        let call = Call("watch", resource, namespace, nil)
        let request = HTTPRequest(.get, resource.path(namespace: namespace), query: options.query)
        let stream = try await authorized(request, call, status: \HTTPStream.status, transport.stream)
        report(stream.headers, call)
        guard stream.status == 200 else {
            throw KubeError(
                HTTPResponse(status: stream.status, headers: stream.headers, body: await Self.gather(stream.body)),
                verb: call.verb, target: call.target, cluster: cluster)
        }
        let cluster = cluster
        let reader = WatchReader(
            WatchDecoder(resource: resource, target: call.target, cluster: cluster), body: stream.body)
        return AsyncThrowingStream {
            do { return try await reader.next() } catch let error as TransportError {
                throw KubeError(error, verb: call.verb, target: call.target, cluster: cluster)
            }
        }
    }

    /// The body of a refused watch, as far as it can be had: it explains, it does not decide.
    private static func gather(_ body: AsyncThrowingStream<[UInt8], any Error>) async -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await piece in body where bytes.count < 1 << 20 { bytes += piece }
        } catch {}
        return bytes
    }
}

/// Holds what lies between the pieces of a body and the events of a watch.
private final class WatchReader: Sendable {
    private struct State {
        var decoder: WatchDecoder
        var ready: [WatchEvent] = []
        var isAtEnd = false
    }

    private let state: Mutex<State>
    private let body: AsyncThrowingStream<[UInt8], any Error>

    init(_ decoder: WatchDecoder, body: AsyncThrowingStream<[UInt8], any Error>) {
        state = Mutex(State(decoder: decoder))
        self.body = body
    }

    func next() async throws -> WatchEvent? {
        while true {
            let (event, isAtEnd) = state.withLock { state in
                let event = state.ready.isEmpty ? nil : state.ready.removeFirst()
                // Nothing follows an error event, whatever the server still sends.
                if case .error = event {
                    state.ready = []
                    state.isAtEnd = true
                }
                return (event, state.isAtEnd)
            }
            if let event { return event }
            if isAtEnd { return nil }
            // All iterators of one stream share its buffer, so a new one each time loses nothing, and none has to
            // be kept between calls.
            var iterator = body.makeAsyncIterator()
            let piece = try await iterator.next()
            try state.withLock { state in
                if let piece {
                    state.ready += try state.decoder.append(piece)
                } else {
                    state.isAtEnd = true
                    state.ready += try state.decoder.finish()
                }
            }
        }
    }
}

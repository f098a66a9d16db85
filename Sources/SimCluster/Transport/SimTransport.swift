public import HTTP
import Manifests
import Synchronization

/// What goes wrong with one request on its way, instead of its ordinary answer.
public enum SimFault: Sendable, Equatable {
    /// Nothing reaches the server: the connection is refused.
    case refuse
    /// The request is lost on the way; the client cannot know.
    case loseRequest
    /// The server does it, and the answer is lost; the client cannot know.
    case loseReply
    /// The server answers with this code and does nothing: 401, 403, 429, 500, 503 … with a Status body.
    case status(Int, retryAfter: Int? = nil)
    /// Nothing happens until the caller gives up.
    case hang
}

/// A world behind the ``Transport`` protocol: what a client of a real cluster would see, without a socket.
///
/// One mutex around the world; watches get their events in the order of its changes. The transport owns no time:
/// before each request it asks `clock` and lets the world advance to it.
public final class SimTransport: Transport {
    /// Decides about every request before the world sees it.
    public typealias FaultHook = @Sendable (HTTPRequest) -> SimFault?

    private struct Watcher: Sendable {
        var session: WatchSession
        var output: AsyncThrowingStream<[UInt8], any Error>.Continuation
    }

    private struct State: Sendable {
        var world: SimWorld
        var faults: FaultHook?
        var watchers: [Int: Watcher] = [:]
        var nextWatcher = 0
        var requests = 0
    }

    private let state: Mutex<State>
    private let clock: (@Sendable () -> Int)?

    /// A transport to that world.
    ///
    /// - Parameters:
    ///   - world: where it begins; ``world`` shows where it has got.
    ///   - clock: virtual time in seconds since 1970, asked before each request; nil when someone else advances the
    ///     world.
    ///   - faults: see ``SimFault``.
    public init(_ world: SimWorld, clock: (@Sendable () -> Int)? = nil, faults: FaultHook? = nil) {
        state = Mutex(State(world: world, faults: faults))
        self.clock = clock
    }

    /// The world as it is now.
    ///
    /// Reading it is a fork; setting it replaces the cluster under its clients, whose watches end.
    public var world: SimWorld {
        get { state.withLock { $0.world } }
        set {
            state.withLock { state in
                state.world = newValue
                for watcher in state.watchers.values { watcher.output.finish() }
                state.watchers = [:]
            }
        }
    }

    /// The hook that decides about faults; nil for none.
    public var faults: FaultHook? {
        get { state.withLock { $0.faults } }
        set { state.withLock { $0.faults = newValue } }
    }

    /// How many requests came in, whatever became of them.
    public var requestCount: Int { state.withLock { $0.requests } }

    /// Changes the world in place; watches see what changed.
    public func withWorld<Result: Sendable>(_ body: (inout SimWorld) -> Result) -> Result {
        state.withLock { state in
            let result = body(&state.world)
            Self.pump(&state)
            return result
        }
    }

    /// Lets virtual time pass; watches see what the controllers did.
    public func advance(to seconds: Int) { withWorld { $0.advance(to: seconds) } }

    /// Lets virtual time pass by so many seconds.
    public func advance(by seconds: Int) { withWorld { $0.advance(to: $0.now + seconds) } }

    /// Sends every watch that wants it a bookmark, and everything else that is due.
    public func sendBookmarks() {
        state.withLock { state in
            Self.pump(&state)
            for id in state.watchers.keys {
                guard var watcher = state.watchers[id], watcher.session.wantsBookmarks else { continue }
                watcher.output.yield(state.world.bookmarkLine(for: &watcher.session))
                state.watchers[id] = watcher
            }
        }
    }

    /// Ends every open watch, as a server that restarts does.
    public func closeWatches() {
        state.withLock { state in
            for watcher in state.watchers.values { watcher.output.finish() }
            state.watchers = [:]
        }
    }

    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        if Task.isCancelled { throw TransportError(.cancelled, "cancelled before it was sent") }
        switch fault(for: request) {
        case nil: return perform(request)
        case .refuse: throw TransportError(.notSent, "connection refused")
        case .loseRequest: throw TransportError(.ambiguous, "connection reset while sending")
        case .loseReply:
            _ = perform(request)
            throw TransportError(.ambiguous, "connection reset before the answer came")
        case .status(let code, let retryAfter): return Self.refusal(code, retryAfter)
        case .hang:
            await Self.untilCancelled()
            throw TransportError(.cancelled, "cancelled while waiting for the answer")
        }
    }

    public func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPStream {
        switch fault(for: request) {
        case nil: break
        case .refuse: throw TransportError(.notSent, "connection refused")
        case .loseRequest, .loseReply: throw TransportError(.ambiguous, "connection reset")
        case .status(let code, let retryAfter): return Self.stream(of: Self.refusal(code, retryAfter))
        case .hang:
            await Self.untilCancelled()
            throw TransportError(.cancelled, "cancelled while waiting for the answer")
        }
        let (body, output) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        let now = clock?()
        let answer: HTTPResponse? = state.withLock { state in
            if let now { state.world.advance(to: now) }
            switch state.world.openWatch(request) {
            case .failure(let response):
                Self.pump(&state)
                return response
            case .success(let session):
                let id = state.nextWatcher
                state.nextWatcher += 1
                state.watchers[id] = Watcher(session: session, output: output)
                output.onTermination = { [weak self] _ in self?.forget(id) }
                Self.pump(&state)
                return nil
            }
        }
        if let answer {
            output.finish()
            return Self.stream(of: answer)
        }
        return HTTPStream(status: 200, headers: ["Content-Type": "application/json"], body: body)
    }

    private func forget(_ id: Int) {
        // May be called while the lock is held by the one who ended the stream; the removal can wait.
        _ = state.withLockIfAvailable { $0.watchers[id] = nil }
    }

    private func fault(for request: HTTPRequest) -> SimFault? {
        let hook = state.withLock { state in
            state.requests += 1
            return state.faults
        }
        // Outside the lock: the hook may look at the world.
        return hook?(request)
    }

    private func perform(_ request: HTTPRequest) -> HTTPResponse {
        let now = clock?()
        return state.withLock { state in
            if let now { state.world.advance(to: now) }
            let response = state.world.handle(request)
            Self.pump(&state)
            return response
        }
    }

    private static func pump(_ state: inout State) {
        for id in state.watchers.keys {
            guard var watcher = state.watchers[id] else { continue }
            var open = true
            for line in state.world.events(for: &watcher.session) {
                if case .terminated = watcher.output.yield(line) { open = false }
            }
            if watcher.session.isOver {
                watcher.output.finish()
                open = false
            }
            state.watchers[id] = open ? watcher : nil
        }
    }

    private static func refusal(_ code: Int, _ retryAfter: Int?) -> HTTPResponse {
        let reason =
            [
                401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 409: "Conflict", 429: "TooManyRequests",
                500: "InternalError", 503: "ServiceUnavailable", 504: "Timeout",
            ][code] ?? ""
        var status = APIStatus(code: code, reason: reason, message: "injected fault")
        if let retryAfter {
            status.details = ["retryAfterSeconds": .integer(Int64(retryAfter))]
            status.headers = [(name: "Retry-After", value: String(retryAfter))]
        }
        return status.response
    }

    private static func stream(of response: HTTPResponse) -> HTTPStream {
        let (body, output) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        output.yield(response.body)
        output.finish()
        return HTTPStream(status: response.status, headers: response.headers, body: body)
    }

    private static func untilCancelled() async {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        await withTaskCancellationHandler {
            for await _ in stream {}
        } onCancel: {
            continuation.finish()
        }
    }
}

extension SimWorld {
    /// What became of the wish to watch.
    enum WatchOpening: Sendable {
        case success(WatchSession)
        case failure(HTTPResponse)
    }

    /// Begins a watch, or answers a request that is none.
    mutating func openWatch(_ request: HTTPRequest) -> WatchOpening {
        settle()
        if case .resource(let path) = RequestTarget(path: request.path), request.method == .get {
            do throws(APIStatus) {
                let parsed = try parse(path, request)
                if parsed.options.watch, parsed.resource.verbs.contains("watch") {
                    return .success(try watchSession(parsed))
                }
            } catch {
                return .failure(error.response)
            }
        }
        return .failure(handle(request))
    }
}

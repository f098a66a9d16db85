import ArgumentParser
import FlyingFox
import FlyingSocks
import FoundationEssentials
import HTTP
import SimCluster

/// Serves a simulated cluster over HTTP/1.1 on 127.0.0.1.
///
/// Watches are streamed in chunks.
struct SimListener: Sendable {
    var transport: SimTransport
    var port: UInt16
    /// Where requests that may change the world are kept; nil for nowhere.
    var log: RequestLog?

    /// Listens, calls `ready` with the port, and returns when `stop` says so.
    func run(until stop: StopSignals, ready: (UInt16) throws -> Void) async throws {
        let transport = transport
        let log = log
        // The handler's time is until the header of its answer; bodies take as long as they take.
        let server = HTTPServer(
            address: try .inet(ip4: "127.0.0.1", port: port), timeout: 60,
            pool: PromptSocketPool(base: HTTPServer.defaultPool()), logger: .disabled,
            handler: ClosureHTTPHandler { request in try await Self.answer(request, transport, log) })
        let serving = Task { try await server.run() }
        let ticking = Task { await Self.tick(transport) }
        defer {
            ticking.cancel()
            serving.cancel()
        }
        do {
            try await server.waitUntilListening()
        } catch {
            // The server's own error says why it could not listen.
            try await serving.value
            throw error
        }
        guard case .ip4(_, let bound)? = await server.listeningAddress else {
            throw ValidationError("cannot find out the port that is listened on")
        }
        try ready(bound)
        await stop.wait()
        transport.closeWatches()
        await server.stop(timeout: 0.2)
    }

    /// Lets virtual time follow real time also when nobody asks, so that watches hear of what controllers do.
    private static func tick(_ transport: SimTransport) async {
        var ticks = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(200))
            transport.advance(to: WallClock.seconds)
            ticks += 1
            // A bookmark also finds out that a client has gone.
            if ticks % 150 == 0 { transport.sendBookmarks() }
        }
    }

    private static func answer(
        _ request: FlyingFox.HTTPRequest, _ transport: SimTransport, _ log: RequestLog?
    ) async throws -> FlyingFox.HTTPResponse {
        guard let translated = await SimRequest(request) else {
            return FlyingFox.HTTPResponse(statusCode: HTTPStatusCode(405, phrase: "Method Not Allowed"))
        }
        if translated.isWatch {
            let stream = try await transport.stream(translated.request)
            let timeout = translated.watchTimeout
            return response(
                stream.status, stream.headers, HTTPBodySequence(from: WatchBody(stream.body, timeout: timeout)))
        }
        let answer: HTTP.HTTPResponse
        if let log, ![.get, .head, .options].contains(translated.request.method) {
            // One step, so that the log has the world's own order.
            answer = transport.withWorld { world in
                world.advance(to: WallClock.seconds)
                log.append(translated.request, at: world.now)
                return world.handle(translated.request)
            }
        } else {
            answer = try await transport.send(translated.request)
        }
        return response(answer.status, answer.headers, HTTPBodySequence(data: Data(answer.body)))
    }

    private static func response(
        _ status: Int, _ fields: HTTP.HTTPHeaders, _ body: HTTPBodySequence
    ) -> FlyingFox.HTTPResponse {
        var headers = FlyingFox.HTTPHeaders()
        for field in fields.fields { headers.addValue(field.value, for: HTTPHeader(field.name)) }
        return FlyingFox.HTTPResponse(
            statusCode: HTTPStatusCode(status, phrase: status < 400 ? "OK" : "Error"), headers: headers, body: body)
    }
}

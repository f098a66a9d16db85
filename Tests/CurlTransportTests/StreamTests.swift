import CurlTransport
import FoundationEssentials
import HTTP
import Testing

@Suite("Streams", .enabled(if: LocalServer.isPossible), .timeLimit(.minutes(15)))
struct StreamTests {
    private func lines(_ count: Int, _ more: [(name: String, value: String)] = []) -> HTTPRequest {
        HTTPRequest(.get, "/lines", query: [("count", "\(count)")] + more)
    }

    private func text(_ stream: HTTPStream) async throws -> String {
        var bytes: [UInt8] = []
        for try await piece in stream.body { bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `the header comes first, the body piece by piece, then the end`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let stream = try await transport.stream(lines(500))
        #expect(stream.status == 200)
        #expect(try await text(stream) == (0..<500).map { "line \($0)\n" }.joined())
    }

    @Test func `pieces arrive while the server still holds the rest back`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let stream = try await transport.stream(lines(1, [("end", "hang")]))
        var iterator = stream.body.makeAsyncIterator()
        let piece = try await iterator.next()
        #expect(piece.map { String(decoding: $0, as: UTF8.self) } == "line 0\n")
    }

    @Test func `a refused stream is an answer with a body too`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let stream = try await transport.stream(lines(2, [("code", "410")]))
        #expect(stream.status == 410)
        #expect(try await text(stream) == "line 0\nline 1\n")
    }

    @Test func `a stream outlives the time that its header had`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        var request = lines(4, [("pause", "0.2")])
        request.timeout = .milliseconds(400)
        #expect(try await text(transport.stream(request)).hasSuffix("line 3\n"))
        await #expect(throws: TransportError.self) {
            try await transport.stream(HTTPRequest(.get, "/hang", timeout: .milliseconds(200)))
        }
    }

    @Test func `a broken connection ends the stream with an error, after what came before`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let stream = try await transport.stream(lines(1, [("end", "reset"), ("pause", "0.1")]))
        var seen = ""
        do {
            for try await piece in stream.body { seen += String(decoding: piece, as: UTF8.self) }
            Issue.record("the stream ended as if nothing had happened")
        } catch let error as TransportError {
            #expect(error.code == .ambiguous)
        }
        #expect(seen == "line 0\n")
    }

    @Test func `cancelling the reading task closes the connection at once`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let stream = try await transport.stream(lines(1, [("end", "hang")]))
        let task = Task { () -> TransportError.Code? in
            do {
                for try await _ in stream.body {}
                return nil
            } catch { return (error as? TransportError)?.code }
        }
        try await Task.sleep(for: .milliseconds(200))
        let began = ContinuousClock.now
        task.cancel()
        #expect(await task.value == .cancelled)
        #expect(ContinuousClock.now - began < .seconds(60))
    }

    private struct Flooded: Decodable {
        var bytes: Int
        var closed: Bool
    }

    private func flooded(_ transport: CurlTransport) async throws -> Flooded {
        let answer = try await transport.send(HTTPRequest(.get, "/flooded"))
        return try JSONDecoder().decode(Flooded.self, from: Data(answer.body))
    }

    @Test func `a slow reader makes the server wait, holds nobody else up, and leaving closes`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        do {
            let stream = try await transport.stream(HTTPRequest(.get, "/flood"))
            var last = Flooded(bytes: -1, closed: false)
            var now = try await flooded(transport)
            while now.bytes != last.bytes {
                try await Task.sleep(for: .milliseconds(300))
                (last, now) = (now, try await flooded(transport))
            }
            // What the kernel holds on both sides, and our own buffer; without a bound it would be gigabytes.
            #expect(now.bytes < 64 << 20)
            var taken = 0
            for try await piece in stream.body {
                taken += piece.count
                if taken > now.bytes + 8 << 20 { break }
            }
            #expect(try await flooded(transport).bytes > now.bytes, "reading lets it go on")
        }
        var end = try await flooded(transport)
        for _ in 0..<100 where !end.closed {
            try await Task.sleep(for: .milliseconds(20))
            end = try await flooded(transport)
        }
        #expect(end.closed)
    }

    @Test func `more streams than requests may run at once leave room for requests`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url(), maximumConcurrentRequests: 2))
        var streams: [HTTPStream] = []
        for _ in 0..<10 { streams.append(try await transport.stream(lines(1, [("end", "hang")]))) }
        #expect(try await transport.send(HTTPRequest(.get, "/echo")).status == 200)
        #expect(streams.count == 10)
    }

    @Test func `a stream lives on when only it is left of its transport`() async throws {
        let server = try LocalServer()
        let stream = try await CurlTransport(CurlConfiguration(server: server.url()))
            .stream(lines(3, [("pause", "0.05")]))
        #expect(try await text(stream) == "line 0\nline 1\nline 2\n")
    }
}

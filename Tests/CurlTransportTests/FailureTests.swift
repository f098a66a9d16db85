import CurlTransport
import HTTP
import Testing

@Suite("What is certain when no answer comes", .enabled(if: LocalServer.isPossible), .timeLimit(.minutes(15)))
struct FailureTests {
    private func code(
        _ transport: CurlTransport, _ request: HTTPRequest
    ) async -> (code: TransportError.Code?, message: String) {
        do {
            let response = try await transport.send(request)
            return (nil, "status \(response.status)")
        } catch {
            return (error.code, error.message)
        }
    }

    @Test func `a refused connection: nothing was sent`() async throws {
        let port = closedPort()
        let transport = try CurlTransport(CurlConfiguration(server: "http://127.0.0.1:\(port)"))
        let result = await code(transport, HTTPRequest(.post, "/x", body: [1]))
        #expect(result.code == .notSent)
        #expect(result.message.contains("127.0.0.1:\(port)"))
    }

    @Test func `an unknown host: nothing was sent`() async throws {
        let transport = try CurlTransport(CurlConfiguration(server: "https://nowhere.invalid:6443"))
        let result = await code(transport, HTTPRequest(.delete, "/x"))
        #expect(result.code == .notSent)
        #expect(result.message.contains("nowhere.invalid"))
    }

    @Test func `plain text where TLS is expected: nothing was sent`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(
            CurlConfiguration(
                server: "https://127.0.0.1:\(server.ports["plain"] ?? 0)", connectTimeout: .milliseconds(300)))
        #expect(await code(transport, HTTPRequest(.post, "/echo", body: [1])).code == .notSent)
    }

    static let ambiguous: [(method: HTTPRequest.Method, path: String)] = [
        (.post, "/reset"), (.put, "/reset"), (.patch, "/silent"), (.delete, "/reset"), (.delete, "/silent"),
        (.post, "/truncated"), (.post, "/garbage"), (.get, "/truncated"),
    ]

    @Test(arguments: ambiguous)
    func `an answer that is lost, cut or no HTTP: the effect may stand`(
        _ one: (method: HTTPRequest.Method, path: String)
    ) async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let body: [UInt8]? = one.method == .get ? nil : Array("{}".utf8)
        let result = await code(transport, HTTPRequest(one.method, one.path, body: body))
        #expect(result.code == .ambiguous, "\(result.message)")
    }

    @Test(arguments: [HTTPRequest.Method.post, .put, .patch, .delete], [true, false])
    func `a write is never sent twice when a kept connection breaks`(
        _ method: HTTPRequest.Method, hasBody: Bool
    ) async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let first = try await transport.send(HTTPRequest(.get, "/reset-when-reused"))
        #expect(first.status == 200)
        let target = "/reset-when-reused?write"
        let request = HTTPRequest(
            method, "/reset-when-reused", query: [("write", "")], body: hasBody ? Array("{}".utf8) : nil)
        let result = await code(transport, request)
        // Without a body it goes over a connection of its own, on which this server answers.
        #expect(result.code == (hasBody ? .ambiguous : nil), "\(result.message)")
        let count = try await transport.send(HTTPRequest(.get, "/count", query: [("of", target + "=")]))
        #expect(String(decoding: count.body, as: UTF8.self) == "1")
    }

    @Test func `no answer in time: ambiguous, and in time`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        for path in ["/hang", "/half"] {
            let began = ContinuousClock.now
            let request = HTTPRequest(.put, path, body: Array("{}".utf8), timeout: .milliseconds(300))
            let result = await code(transport, request)
            let took = ContinuousClock.now - began
            #expect(result.code == .ambiguous, "\(result.message)")
            #expect(result.message.contains("0.3 seconds"))
            #expect(took >= .milliseconds(300) && took < .seconds(90))
        }
    }

    @Test func `a request whose turn does not come in time was not sent`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url(), maximumConcurrentRequests: 1))
        async let first = code(transport, HTTPRequest(.get, "/hang", timeout: .seconds(2)))
        try await Task.sleep(for: .milliseconds(200))
        let second = await code(transport, HTTPRequest(.post, "/echo", body: [1], timeout: .milliseconds(200)))
        #expect(second.code == .notSent, "\(second.message)")
        #expect(await first.code == .ambiguous)
    }

    @Test func `cancelling ends a request at once`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let task = Task { await code(transport, HTTPRequest(.post, "/hang", body: Array("{}".utf8))) }
        try await Task.sleep(for: .milliseconds(200))
        let began = ContinuousClock.now
        task.cancel()
        #expect(await task.value.code == .cancelled)
        #expect(ContinuousClock.now - began < .seconds(60), "long before the time that the request has")
        let after = try await transport.send(HTTPRequest(.get, "/echo"))
        #expect(after.status == 200, "the transport goes on")
    }

    @Test func `a task that is cancelled already sends nothing`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await code(transport, HTTPRequest(.get, "/echo"))
        }
        #expect(await task.value.code == .cancelled)
        let count = try await transport.send(HTTPRequest(.get, "/count", query: [("of", "/echo")]))
        #expect(String(decoding: count.body, as: UTF8.self) == "0")
    }

    @Test func `a thousand requests started and cancelled at random all end`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        await withTaskGroup(of: TransportError.Code?.self) { group in
            for index in 0..<1_000 {
                group.addTask {
                    let task = Task { await code(transport, HTTPRequest(.get, "/slow", query: [("seconds", "0.001")])) }
                    if index % 2 == 0 {
                        if index % 4 == 0 { await Task.yield() }
                        task.cancel()
                    }
                    return await task.value.code
                }
            }
            for await code in group { #expect(code == nil || code == .cancelled) }
        }
    }

    static let unsendable: [HTTPRequest] = [
        HTTPRequest(.get, "no-slash"), HTTPRequest(.get, "/a b"), HTTPRequest(.get, "/a#b"),
        HTTPRequest(.get, "/a\r\nX: y"), HTTPRequest(.get, "/x", headers: ["A": "b\r\nC: d"]),
        HTTPRequest(.get, "/x", headers: ["A b": "c"]), HTTPRequest(.get, "/x", headers: ["": "c"]),
    ]

    @Test(arguments: unsendable)
    func `a request that would smuggle something in is not sent`(_ request: HTTPRequest) async throws {
        let transport = try CurlTransport(CurlConfiguration(server: "http://127.0.0.1:\(closedPort())"))
        #expect(await code(transport, request).code == .invalid)
    }

    @Test func `a transport that goes away takes its thread and connections with it`() async throws {
        let server = try LocalServer()
        do {
            let transport = try CurlTransport(CurlConfiguration(server: server.url()))
            _ = try await transport.send(HTTPRequest(.get, "/echo"))
        }
        let other = try CurlTransport(CurlConfiguration(server: server.url()))
        var open = 2
        for _ in 0..<100 where open != 1 {
            try await Task.sleep(for: .milliseconds(20))
            let answer = try await other.send(HTTPRequest(.get, "/connections"))
            let text = String(decoding: answer.body, as: UTF8.self)
            open = text.contains("\"open\": 1,") ? 1 : 2
        }
        #expect(open == 1)
    }
}

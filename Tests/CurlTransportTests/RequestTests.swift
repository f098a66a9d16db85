import CurlTransport
import FoundationEssentials
import HTTP
import Testing

@Suite("One request and its answer", .enabled(if: LocalServer.isPossible), .timeLimit(.minutes(15)))
struct RequestTests {
    /// What `/echo` saw.
    struct Seen: Decodable {
        var method: String
        var target: String
        var fields: [[String]]
        var body: String
        var served: Int
        var client: String

        func values(_ name: String) -> [String] { fields.filter { $0[0].lowercased() == name }.map { $0[1] } }
    }

    static func seen(_ response: HTTPResponse) throws -> Seen {
        try JSONDecoder().decode(Seen.self, from: Data(response.body))
    }

    static let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .options]

    @Test(arguments: methods)
    func `method, path, query, header and body arrive as given`(_ method: HTTPRequest.Method) async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let body: [UInt8]? = method == .get || method == .options ? nil : Array("{\"a\":\"é\"}".utf8)
        let request = HTTPRequest(
            method, "/echo", query: [("labelSelector", "a in (b,c)"), ("x", "&=+ é")],
            headers: ["Accept": "application/json", "X-One": "1", "X-Nothing": ""], body: body)
        let response = try await transport.send(request)
        #expect(response.status == 200)
        let seen = try Self.seen(response)
        #expect(seen.method == method.rawValue)
        #expect(seen.target == "/echo?labelSelector=a%20in%20%28b%2Cc%29&x=%26%3D%2B%20%C3%A9")
        #expect(seen.values("accept") == ["application/json"])
        #expect(seen.values("x-one") == ["1"])
        #expect(seen.values("x-nothing") == [""])
        #expect(seen.values("content-type") == [], "libcurl's own form type must not be sent")
        #expect(seen.values("expect") == [])
        #expect(seen.values("user-agent") == [], "only what the request says")
        #expect(Array(seen.body.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }) == body ?? [])
    }

    @Test func `several header fields of one name all arrive back, in order, and empty ones too`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let response = try await transport.send(HTTPRequest(.get, "/echo"))
        #expect(response.headers.all("warning") == ["299 - \"one\"", "299 - \"two\""])
        #expect(response.headers["x-empty"] == "")
    }

    @Test func `a path in the server's address stands before every path`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url() + "/prefix/c-1/"))
        let response = try await transport.send(HTTPRequest(.get, "/api/v1/..%2F"))
        #expect(try Self.seen(response).target == "/prefix/c-1/api/v1/..%2F")
    }

    @Test(arguments: [200, 201, 204, 301, 302, 307, 400, 401, 404, 409, 410, 429, 500, 503])
    func `any status is an answer, and redirections are not followed`(_ status: Int) async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let response = try await transport.send(HTTPRequest(.get, "/status", query: [("code", "\(status)")]))
        #expect(response.status == status)
        #expect(response.headers["retry-after"] == "7")
    }

    @Test func `an interim answer is passed over`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let response = try await transport.send(HTTPRequest(.get, "/early"))
        #expect(response.status == 200)
        #expect(response.headers["link"] == nil)
        #expect(response.body == Array("late".utf8))
    }

    @Test func `compressed answers are unpacked`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let response = try await transport.send(HTTPRequest(.get, "/echo", query: [("gzip", "1")]))
        #expect(try Self.seen(response).values("accept-encoding") == ["gzip"])
    }

    @Test func `a large body goes up and a large answer comes down`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(CurlConfiguration(server: server.url()))
        let up = try await transport.send(HTTPRequest(.put, "/echo", body: [UInt8](repeating: 0x61, count: 3 << 20)))
        #expect(try Self.seen(up).body.utf8.count == 3 << 20)
        let down = try await transport.send(HTTPRequest(.get, "/large", query: [("bytes", "20000000")]))
        #expect(down.body.count == 20_000_000)
    }

    @Test func `an answer beyond the bound is refused`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(
            CurlConfiguration(server: server.url(), maximumResponseBytes: 1 << 20))
        await #expect(throws: TransportError.self) {
            try await transport.send(HTTPRequest(.get, "/large", query: [("bytes", "2000000")]))
        }
    }

    @Test func `200 requests at once share a few connections`() async throws {
        let server = try LocalServer()
        let transport = try CurlTransport(
            CurlConfiguration(server: server.url(), maximumConcurrentRequests: 8))
        try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<200 {
                group.addTask {
                    let response = try await transport.send(HTTPRequest(.post, "/echo", body: Array("\(index)".utf8)))
                    #expect(try Self.seen(response).body == "\(index)", "answers must not be mixed up")
                    return response.status
                }
            }
            for try await status in group { #expect(status == 200) }
        }
        struct Connections: Decodable {
            var most: Int
            var total: Int
        }
        let answer = try await transport.send(HTTPRequest(.get, "/connections"))
        let connections = try JSONDecoder().decode(Connections.self, from: Data(answer.body))
        #expect(connections.most <= 8)
        #expect(connections.total <= 16, "connections are kept and used again")
    }
}

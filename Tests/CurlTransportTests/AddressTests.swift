import HTTP
import Testing

@testable import CurlTransport

@Suite("Addresses and proxies")
struct AddressTests {
    static let addresses: [(text: String, url: String)] = [
        ("https://example.com", "https://example.com:443/x"),
        ("http://example.com/", "http://example.com:80/x"),
        ("HTTPS://example.com:6443", "https://example.com:6443/x"),
        ("https://10.0.0.1:6443/k8s/clusters/c-1/", "https://10.0.0.1:6443/k8s/clusters/c-1/x"),
        ("https://[fd00::1]:6443", "https://[fd00::1]:6443/x"),
        ("https://[::1]", "https://[::1]:443/x"),
    ]

    @Test(arguments: addresses)
    func `a server's address and a path make a URL`(_ one: (text: String, url: String)) throws {
        #expect(try ServerAddress(one.text).url(target: "/x", serverName: nil) == one.url)
    }

    @Test(arguments: [
        "", "example.com", "ftp://example.com", "https://", "https://:6443", "https://example.com:port",
        "https://example.com:0", "https://example.com:65536", "https://fd00::1:6443", "https://[::1", "https://[::1]x",
        "https://user:secret@example.com", "https://example.com?x", "https://example.com/a b", "https://exa\nmple.com",
        "https://example.com\\@evil",
    ])
    func `what is no address is refused, without its password`(_ text: String) {
        let error = #expect(throws: TransportError.self) { try ServerAddress(text) }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("secret") == false)
    }

    struct Case: Sendable {
        var server: String
        var variables: [String: String]
        var proxy: String?
    }

    static let cases: [Case] = [
        Case(server: "https://a.example", variables: [:], proxy: nil),
        Case(server: "https://a.example", variables: ["HTTPS_PROXY": "http://p:1"], proxy: "http://p:1"),
        Case(server: "https://a.example", variables: ["https_proxy": "http://p:1"], proxy: "http://p:1"),
        Case(server: "https://a.example", variables: ["HTTPS_PROXY": "p:1"], proxy: "http://p:1"),
        Case(server: "https://a.example", variables: ["HTTP_PROXY": "http://p:1"], proxy: nil),
        Case(server: "https://a.example", variables: ["ALL_PROXY": "http://p:1"], proxy: nil),
        Case(server: "http://a.example", variables: ["HTTP_PROXY": "http://p:1"], proxy: "http://p:1"),
        Case(
            server: "http://a.example", variables: ["HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "GET"], proxy: nil),
        Case(server: "https://localhost:1", variables: ["HTTPS_PROXY": "http://p:1"], proxy: nil),
        Case(server: "https://127.0.0.9", variables: ["HTTPS_PROXY": "http://p:1"], proxy: nil),
        Case(server: "https://[::1]", variables: ["HTTPS_PROXY": "http://p:1"], proxy: nil),
    ]

    @Test(arguments: cases)
    func `the environment's proxy is found as kubectl finds it`(_ one: Case) throws {
        #expect(ProxyEnvironment(one.variables).proxy(for: try ServerAddress(one.server)) == one.proxy)
    }

    static let exceptions: [(server: String, exceptions: String, isDirect: Bool)] = [
        ("https://a.example.com", "example.com", true),
        ("https://example.com", "example.com", true),
        ("https://badexample.com", "example.com", false),
        ("https://example.com", ".example.com", false),
        ("https://a.example.com", ".example.com", true),
        ("https://a.example.com", "*.example.com", true),
        ("https://a.example.com", "other, A.Example.Com ", true),
        ("https://a.example.com:6443", "a.example.com:6443", true),
        ("https://a.example.com:6443", "a.example.com:443", false),
        ("https://a.example.com", "*", true),
        ("https://a.example.com", ",,", false),
        ("https://10.1.2.3", "10.0.0.0/8", true),
        ("https://11.1.2.3", "10.0.0.0/8", false),
        ("https://10.1.2.3", "10.1.2.3", true),
        ("https://10.1.2.3:6443", "10.1.2.3:6443", true),
        ("https://10.1.2.3:6443", "10.1.2.3:443", false),
        ("https://[fd00::1]", "fd00::/8", true),
        ("https://[fe00::1]", "fd00::/8", false),
        ("https://[fd00::1]", "10.0.0.0/8", false),
        ("https://a.example.com", "10.0.0.0/8", false),
        ("https://10.1.2.3", "10.0.0.0/99", false),
    ]

    @Test(arguments: exceptions)
    func `NO_PROXY is read as kubectl reads it`(
        _ one: (server: String, exceptions: String, isDirect: Bool)
    ) throws {
        let environment = ProxyEnvironment(["HTTPS_PROXY": "http://p:1", "NO_PROXY": one.exceptions])
        #expect((environment.proxy(for: try ServerAddress(one.server)) == nil) == one.isDirect)
    }

    @Test(arguments: ["proxy:3128", "ftp://proxy", "://x"])
    func `a proxy of another kind is refused`(_ text: String) {
        #expect(throws: TransportError.self) {
            try CurlTransport(CurlConfiguration(server: "https://a.example", proxy: .url(text)))
        }
    }

    @Test func `no text form shows a key`() {
        let configuration = CurlConfiguration(
            server: "https://a.example", clientCertificate: Array("certificate".utf8), clientKey: Array("key!".utf8))
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in [dumped, "\(configuration)", String(reflecting: configuration)] {
            #expect(!text.contains("107"), "the first byte of the key in \(text)")
            #expect(!text.contains("key!"))
        }
    }
}

@Suite("Proxies", .enabled(if: LocalServer.isPossible), .timeLimit(.minutes(15)))
struct ProxyTests {
    @Test func `a request goes through the proxy that was named, and a refused tunnel means nothing was sent`()
        async throws
    {
        let server = try LocalServer()
        let plain = try CurlTransport(
            CurlConfiguration(server: "http://nowhere.invalid", proxy: .url(server.url())))
        // The proxy is asked for the whole URL, which this server has no path for.
        #expect(try await plain.send(HTTPRequest(.get, "/echo")).status == 404)
        let tunnel = try CurlTransport(
            CurlConfiguration(server: "https://nowhere.invalid", proxy: .url(server.url())))
        for body in [nil, Array("{}".utf8)] {
            let error = await #expect(throws: TransportError.self) {
                try await tunnel.send(HTTPRequest(.delete, "/x", body: body))
            }
            #expect(error?.code == .notSent, "\(error?.message ?? "")")
        }
    }
}

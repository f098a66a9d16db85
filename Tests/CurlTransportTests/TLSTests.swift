import CurlTransport
import HTTP
import Testing

@Suite("TLS", .enabled(if: LocalServer.isPossible), .timeLimit(.minutes(15)))
struct TLSTests {
    private func result(_ configuration: CurlConfiguration) async throws -> (code: TransportError.Code?, text: String) {
        let transport = try CurlTransport(configuration)
        do {
            let response = try await transport.send(HTTPRequest(.post, "/echo", body: Array("{}".utf8)))
            return (nil, String(decoding: response.body, as: UTF8.self))
        } catch {
            return (error.code, error.message)
        }
    }

    @Test func `only a server that proves to be the expected one gets a request`() async throws {
        let certificates = try Certificates()
        let names = ["good", "wrong-host", "expired", "stranger"]
        let server = try LocalServer(names.map { ($0, certificates.listener($0)) })
        let authority = try certificates.bytes("authority.crt")
        for name in names {
            let (code, text) = try await result(
                CurlConfiguration(server: server.url(name), certificateAuthority: authority))
            #expect(code == (name == "good" ? nil : .notSent), "\(name): \(text)")
        }
        let (code, text) = try await result(CurlConfiguration(server: server.url("good")))
        #expect(code == .notSent, "the system does not know the authority: \(text)")
        #expect(text.contains("certificate-authority-data"), "it says what to look at: \(text)")
    }

    @Test func `who asks not to verify reaches all of them`() async throws {
        let certificates = try Certificates()
        let names = ["good", "wrong-host", "expired", "stranger"]
        let server = try LocalServer(names.map { ($0, certificates.listener($0)) })
        for name in names {
            let (code, text) = try await result(
                CurlConfiguration(server: server.url(name), insecureSkipVerify: true))
            #expect(code == nil, "\(name): \(text)")
        }
    }

    @Test func `a server name is what is checked, and the host header stays`() async throws {
        let certificates = try Certificates()
        let server = try LocalServer([
            ("good", certificates.listener("good")), ("wrong-host", certificates.listener("wrong-host")),
        ])
        let authority = try certificates.bytes("authority.crt")
        let (code, text) = try await result(
            CurlConfiguration(
                server: server.url("wrong-host"), certificateAuthority: authority, serverName: "elsewhere.example"))
        #expect(code == nil, "\(text)")
        #expect(text.contains("127.0.0.1:\(server.ports["wrong-host"] ?? 0)"))
        let other = try await result(
            CurlConfiguration(
                server: server.url("good"), certificateAuthority: authority, serverName: "elsewhere.example"))
        #expect(other.code == .notSent)
    }

    @Test func `a client certificate from memory says who we are`() async throws {
        let certificates = try Certificates()
        let server = try LocalServer([("good", certificates.listener("good", clientAuthority: "authority"))])
        var configuration = CurlConfiguration(
            server: server.url("good"), certificateAuthority: try certificates.bytes("authority.crt"))
        let without = try await result(configuration)
        #expect(without.code != nil, "the server wants one")
        configuration.clientCertificate = try certificates.bytes("client.crt")
        configuration.clientKey = try certificates.bytes("client.key")
        let with = try await result(configuration)
        #expect(with.code == nil, "\(with.text)")
        #expect(with.text.contains("\"client\": \"client\""))
    }

    @Test func `keys and certificates that do not fit are errors that say so, and nothing asks on the terminal`()
        async throws
    {
        let certificates = try Certificates()
        let server = try LocalServer([("good", certificates.listener("good"))])
        let authority = try certificates.bytes("authority.crt")
        for key in ["client-locked.key", "good.key"] {
            let (code, text) = try await result(
                CurlConfiguration(
                    server: server.url("good"), certificateAuthority: authority,
                    clientCertificate: try certificates.bytes("client.crt"),
                    clientKey: try certificates.bytes(key)))
            #expect(code == .invalid, "\(key): \(text)")
        }
        let broken = Array("-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n".utf8)
        let (code, text) = try await result(
            CurlConfiguration(server: server.url("good"), certificateAuthority: broken))
        #expect(code == .invalid || code == .notSent, "\(text)")
        #expect(throws: TransportError.self) {
            try CurlTransport(CurlConfiguration(server: server.url("good"), certificateAuthority: [1, 2, 3]))
        }
    }

    @Test func `streams are verified too`() async throws {
        let certificates = try Certificates()
        let server = try LocalServer([("expired", certificates.listener("expired"))])
        let transport = try CurlTransport(
            CurlConfiguration(
                server: server.url("expired"), certificateAuthority: try certificates.bytes("authority.crt")))
        await #expect(throws: TransportError.self) {
            try await transport.stream(HTTPRequest(.get, "/lines", query: [("count", "1")]))
        }
    }
}

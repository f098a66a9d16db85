import CurlTransport
import Glibc
import HTTP
import Testing

/// nginx with TLS and HTTP/2 in front of ``LocalServer``.
///
/// It ends when its standard input does.
private final class FrontServer: Sendable {
    static let isPossible = LocalServer.isPossible && Program.find("nginx") != nil

    let port = closedPort()
    private let behind: LocalServer
    private let child: (process: pid_t, input: Int32, output: Int32)

    init(_ certificates: Certificates) throws {
        behind = try LocalServer()
        let directory = certificates.directory
        let configuration = """
            daemon off; master_process off; pid \(directory)/nginx.pid; error_log \(directory)/nginx.log;
            events { worker_connections 512; }
            http {
                access_log off; client_max_body_size 0; proxy_buffering off; proxy_http_version 1.1;
                client_body_temp_path \(directory)/body; proxy_temp_path \(directory)/proxy;
                fastcgi_temp_path \(directory)/f; uwsgi_temp_path \(directory)/u; scgi_temp_path \(directory)/s;
                server {
                    listen 127.0.0.1:\(port) ssl http2;
                    ssl_certificate \(directory)/good.crt; ssl_certificate_key \(directory)/good.key;
                    add_header X-Protocol $server_protocol; add_header X-Connection $connection;
                    location / { proxy_pass \(behind.url()); }
                }
            }
            """
        let file = "\(directory)/nginx.conf"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let bytes = Array(configuration.utf8)
        _ = write(descriptor, bytes, bytes.count)
        close(descriptor)
        let nginx = try Program.path("nginx")
        child = try Program.spawn([
            "/bin/sh", "-c",
            "\(nginx) -p \(directory) -c \(file) </dev/null >&2 2>\(directory)/nginx.log & read x; kill $!; wait",
        ])
    }

    deinit {
        close(child.input)
        close(child.output)
        var status: Int32 = 0
        waitpid(child.process, &status, 0)
    }
}

@Suite("HTTP/2", .enabled(if: FrontServer.isPossible, "no nginx in PATH"), .timeLimit(.minutes(15)))
struct HTTP2Tests {
    @Test func `requests share one connection, streams have their own, and nothing is mixed up`() async throws {
        let certificates = try Certificates()
        let server = try FrontServer(certificates)
        let transport = try CurlTransport(
            CurlConfiguration(
                server: "https://127.0.0.1:\(server.port)",
                certificateAuthority: try certificates.bytes("authority.crt")))
        var isUp = false
        for _ in 0..<200 where !isUp {
            isUp = (try? await transport.send(HTTPRequest(.get, "/echo")).status) == 200
            if !isUp { try await Task.sleep(for: .milliseconds(20)) }
        }
        #expect(isUp)
        let flood = try await transport.stream(HTTPRequest(.get, "/flood"))
        #expect(flood.headers["x-protocol"] == "HTTP/1.1")
        let connections = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<200 {
                group.addTask {
                    let body = Array("\(index) ".utf8) + [UInt8](repeating: 0x61, count: index * 400)
                    let response = try await transport.send(HTTPRequest(.put, "/echo", body: body))
                    #expect(response.status == 200)
                    #expect(response.headers["x-protocol"] == "HTTP/2.0")
                    #expect(try RequestTests.seen(response).body.utf8.elementsEqual(body))
                    return response.headers["x-connection"] ?? ""
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(connections.count <= 2, "nginx closes a connection after 1000 requests, not before")
        let large = try await transport.send(HTTPRequest(.get, "/large", query: [("bytes", "20000000")]))
        #expect(large.body.count == 20_000_000)
        let task = Task { try await transport.send(HTTPRequest(.get, "/hang")) }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()
        await #expect(throws: TransportError.self) { try await task.value }
        for path in ["/reset", "/truncated"] {
            let outcome = await Task { try await transport.send(HTTPRequest(.post, path, body: [0x61])) }.result
            switch outcome {
            // nginx answers for a server that broke off before its header.
            case .success(let response): #expect(response.status == 502, "\(path)")
            case .failure(let error): #expect((error as? TransportError)?.code == .ambiguous, "\(path): \(error)")
            }
        }
        #expect(try await transport.send(HTTPRequest(.get, "/echo")).status == 200)
        _ = flood
    }
}

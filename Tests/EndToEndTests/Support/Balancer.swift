import FoundationEssentials
import Glibc

/// A real balancer between a load and two ``SideServer``s, and the route's settings for a migration file.
final class Balancer {
    /// Which program.
    enum Kind: String {
        case haproxy
        case nginx

        /// Where it is installed.
        var program: String? {
            let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
            return (path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin"])
                .map { "\($0)/\(rawValue)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        }
    }

    let port: Int
    /// As they stand in `migration.yaml`, behind `backend:`.
    let settings: String
    private let program: Program

    /// Starts it with all traffic on blue.
    init(_ kind: Kind, blue: Int, green: Int, folder: String) async throws {
        guard let binary = kind.program else { throw Program.Failure(description: "\(kind) is not installed") }
        // Free a moment ago; the balancers cannot be told to let the kernel choose.
        let (probe, port) = try Wire.listen()
        close(probe)
        self.port = port
        let file = "\(folder)/\(kind.rawValue).conf"
        let words: [String]
        switch kind {
        case .haproxy:
            try Files.write(Self.haproxy(port, blue, green, folder), to: file)
            words = [binary, "-f", file, "-db"]
            settings = """
                {socket: \(folder)/admin.sock, proxy: shop, blue: blue, green: green, stateFile: \(folder)/haproxy.state,
                      probe: {url: "http://127.0.0.1:\(port)/", host: shop.example.com, header: X-Cluster}}
                """
        case .nginx:
            try Files.write(Self.nginx(port, blue, green, folder), to: file)
            words = [binary, "-e", "\(folder)/nginx.log", "-p", folder, "-c", file]
            let call = words.map { "\"\($0)\"" }.joined(separator: ", ")
            settings = """
                {include: \(folder)/split.conf, variable: shop_cluster, header: X-Share, timeout: 60,
                      test: [\(call), "-t"], reload: [\(call), "-s", reload],
                      probe: {url: "http://127.0.0.1:\(port)/", host: shop.example.com, header: X-Cluster}}
                """
        }
        // The watcher ends the balancer, in peace, when this object goes or the test process dies.
        let script = #"exec 3<&0; "$@" </dev/null 3<&- & p=$!; (cat <&3 >/dev/null; kill -TERM $p) & wait $p"#
        program = try Program(
            "/bin/sh", ["-c", script, "sh"] + words, environment: ["PATH": "/usr/bin:/bin"], folder: folder,
            label: kind.rawValue)
        let answers = try await Waiting.until(30) {
            guard let connection = Wire.connect(port: port) else { return false }
            close(connection)
            return true
        }
        guard answers else { throw Program.Failure(description: "\(kind) does not listen: \(program.error)") }
    }

    private static func haproxy(_ port: Int, _ blue: Int, _ green: Int, _ folder: String) -> String {
        """
        global
            stats socket \(folder)/admin.sock mode 600 level admin
            server-state-file \(folder)/haproxy.state
            nbthread 1
        defaults
            mode http
            timeout connect 10s
            timeout client 60s
            timeout server 60s
            load-server-state-from-file global
        frontend shop
            bind 127.0.0.1:\(port)
            http-request set-var(txn.green) srv_uweight(shop/green)
            http-request set-var(txn.blue) srv_uweight(shop/blue)
            http-response set-header X-Share %[var(txn.green)]/%[var(txn.blue)]
            default_backend shop
        backend shop
            server blue 127.0.0.1:\(blue) weight 100
            server green 127.0.0.1:\(green) weight 0

        """
    }

    private static func nginx(_ port: Int, _ blue: Int, _ green: Int, _ folder: String) throws -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder)/\($0);" }
        return """
            daemon off;
            pid \(folder)/nginx.pid;
            worker_processes 1;
            \(getuid() == 0 ? "user root;" : "")
            events { worker_connections 1024; }
            http {
                access_log off;
                keepalive_requests 1000000;
                \(temporary.joined(separator: "\n    "))
                include \(folder)/split.conf;
                upstream blue { server 127.0.0.1:\(blue); keepalive 32; keepalive_requests 1000000; }
                upstream green { server 127.0.0.1:\(green); keepalive 32; keepalive_requests 1000000; }
                server {
                    listen 127.0.0.1:\(port);
                    location / {
                        add_header X-Share $shop_cluster_marker always;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_pass http://$shop_cluster;
                    }
                }
            }

            """
    }
}

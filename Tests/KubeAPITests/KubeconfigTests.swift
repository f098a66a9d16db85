import Glibc
import HTTP
import KubeAPI
import Manifests
import Testing

/// A directory for one test, removed afterwards.
private final class Folder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/kirikae-kubeconfig-XXXXXX\0".utf8CString.dropLast())
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    }

    deinit {
        for name in ["config", "other", "ca.crt", "token", "namespace", "client.crt", "client.key"] {
            unlink("\(path)/\(name)")
        }
        rmdir(path)
    }

    @discardableResult
    func write(_ name: String, _ text: String) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let bytes = Array(text.utf8)
        _ = Glibc.write(descriptor, bytes, bytes.count)
        close(descriptor)
        return file
    }
}

@Suite("Kubeconfig")
struct KubeconfigTests {
    /// One context `blue` with these fields of its cluster and user.
    private func config(cluster: String = "server: https://b:6443", user: String = "token: t0ps3cret") -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: blue
        clusters:
        - name: c-blue
          cluster: {\(cluster)}
        users:
        - name: u-blue
          user: {\(user)}
        contexts:
        - name: blue
          context: {cluster: c-blue, user: u-blue, namespace: shop}
        """
    }

    private func connection(_ text: String, file: String = "/x/config") throws(KubeconfigError) -> ClusterConnection {
        try Kubeconfig(Array(text.utf8), file: file).connection()
    }

    @Test func `a context leads to server, namespace and credential`() throws {
        let kubeconfig = try Kubeconfig(Array(config().utf8), file: "/x/config")
        #expect(kubeconfig.currentContext == "blue")
        #expect(
            kubeconfig.contexts == [
                Kubeconfig.Context(
                    name: "blue", cluster: "c-blue", user: "u-blue", namespace: "shop", file: "/x/config")
            ])
        let blue = try kubeconfig.connection(context: "blue")
        #expect(blue.server == "https://b:6443" && blue.namespace == "shop" && blue.credential == .token("t0ps3cret"))
        #expect(blue.tls == ClusterConnection.TLS() && blue.proxyURL == nil && blue.warnings.isEmpty)
        #expect(!"\(blue) \(String(reflecting: blue))".contains("t0ps3cret"))
    }

    @Test func `certificates come from memory or from files beside the kubeconfig`() throws {
        let folder = Folder()
        folder.write("ca.crt", "AUTHORITY")
        folder.write("client.key", "KEY")
        let text = config(
            cluster: "server: https://b, certificate-authority: ca.crt",
            user: "client-certificate-data: Q0VSVA==, client-certificate: nosuch, client-key: \(folder.path)/client.key"
        )
        let blue = try connection(text, file: folder.write("config", text))
        #expect(blue.tls.certificateAuthority == Array("AUTHORITY".utf8))
        #expect(blue.tls.clientCertificate == Array("CERT".utf8), "data go before the file")
        #expect(blue.tls.clientKey == Array("KEY".utf8))
    }

    @Test func `a token file is read again for each request`() async throws {
        let folder = Folder()
        folder.write("token", "one\n")
        let blue = try connection(config(user: "tokenFile: token, token: old"), file: "\(folder.path)/config")
        #expect(blue.credential == .tokenFile("\(folder.path)/token"))
        var (client, transport) = KubeClient.fake { _ in .json(200, ["major": "1", "minor": "36"]) }
        client.credential = blue.credential
        _ = try await client.serverVersion()
        folder.write("token", "two")
        _ = try await client.serverVersion()
        #expect(transport.requests.map { $0.headers["Authorization"] } == ["Bearer one", "Bearer two"])
        folder.write("token", " \n")
        let error = await #expect(throws: KubeError.self) { try await client.serverVersion() }
        #expect(error?.code == .unauthorized && error?.description.contains("token is empty") == true)
        let without = try connection(config(user: "tokenFile: nosuch, token: old"), file: "\(folder.path)/config")
        #expect(without.credential == .token("old"))
    }

    struct Server: Sendable {
        var fields: String
        var server: String
        var credential: Credential
        var warnings: Int
    }

    static let servers: [Server] = [
        Server(fields: "server: HTTPS://b", server: "https://b", credential: .token("t"), warnings: 0),
        Server(
            fields: "server: 'b:6443', certificate-authority-data: QQ==", server: "https://b:6443",
            credential: .token("t"), warnings: 0),
        Server(fields: "server: 'b:6443'", server: "http://b:6443", credential: .none, warnings: 1),
        Server(fields: "server: http://b", server: "http://b", credential: .none, warnings: 1),
        Server(
            fields: "server: https://b, insecure-skip-tls-verify: true", server: "https://b",
            credential: .token("t"), warnings: 1),
    ]

    @Test(arguments: servers)
    func `a server without TLS gets no credentials, and what is not safe is said`(_ one: Server) throws {
        let blue = try connection(config(cluster: one.fields, user: "token: t"))
        #expect(blue.server == one.server)
        #expect(blue.credential == one.credential)
        #expect(blue.warnings.count == one.warnings)
        #expect(blue.warnings.allSatisfy { $0.contains("\"blue\"") })
    }

    @Test func `name, proxy and password are taken as they stand`() throws {
        let blue = try connection(
            config(
                cluster: "server: https://b, tls-server-name: kubernetes, proxy-url: 'http://p:1'",
                user: "username: u, password: p"))
        #expect(blue.tls.serverName == "kubernetes")
        #expect(blue.proxyURL == "http://p:1")
        #expect(blue.credential == .basic(username: "u", password: "p"))
    }

    @Test func `a credential plugin is taken as it stands, with what it asked to know of the cluster`() throws {
        let fields = """
            exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: bin/aws-token, args: [eks, get-token],
            env: [{name: AWS_PROFILE, value: prod}], installHint: get it, provideClusterInfo: true}
            """
        let cluster = """
            server: 'https://b:6443', certificate-authority-data: QQ==, tls-server-name: name, proxy-url: 'http://p:1',
            extensions: [{name: other, extension: 1}, {name: client.authentication.k8s.io/exec, extension: {audience: x}}]
            """
        let blue = try connection(config(cluster: cluster, user: fields.replacing("\n", with: " ")))
        let info: JSONValue = [
            "server": "https://b:6443", "certificate-authority-data": "QQ==", "tls-server-name": "name",
            "proxy-url": "http://p:1", "config": ["audience": "x"],
        ]
        #expect(
            blue.plugin
                == ExecPlugin(
                    user: "u-blue", apiVersion: "client.authentication.k8s.io/v1beta1", command: "/x/bin/aws-token",
                    arguments: ["eks", "get-token"],
                    environment: [ExecPlugin.Variable(name: "AWS_PROFILE", value: "prod")], installHint: "get it",
                    interactiveMode: .ifAvailable, clusterInfo: info))
        #expect(blue.credential == .none)
        let bare = "exec: {apiVersion: client.authentication.k8s.io/v1, command: aws, interactiveMode: Never}"
        #expect(try connection(config(user: bare)).plugin?.command == "aws")
        #expect(try connection(config(user: bare)).plugin?.clusterInfo == nil)
        #expect(try connection(config(user: "token: t, \(bare)")).plugin == nil, "a token goes first")
        #expect(try connection(config(cluster: "server: http://b", user: bare)).plugin == nil, "not without TLS")
    }

    @Test func `who acts as somebody else says so with every request`() async throws {
        let user =
            "token: t, as: anna, as-uid: '7', as-groups: [ops, dev], as-user-extra: {'example.com/scopes': [a, b]}"
        let blue = try connection(config(user: user))
        var (client, transport) = KubeClient.fake { _ in .json(200, ["major": "1", "minor": "36"]) }
        client.impersonation = blue.impersonation
        _ = try await client.serverVersion()
        let headers = try #require(transport.requests.first).headers
        #expect(headers.all("Impersonate-User") == ["anna"] && headers.all("Impersonate-Uid") == ["7"])
        #expect(headers.all("Impersonate-Group") == ["ops", "dev"])
        #expect(headers.all("Impersonate-Extra-example.com%2Fscopes") == ["a", "b"])
    }

    @Test func `certificates in files are read again when they change, and kept while they are half written`() throws {
        let folder = Folder()
        func pem(_ text: String) -> String { "-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n" }
        folder.write("ca.crt", pem("A1"))
        folder.write("client.crt", pem("C1"))
        folder.write("client.key", pem("K1"))
        let text = config(
            cluster: "server: https://b, certificate-authority: ca.crt",
            user: "client-certificate: client.crt, client-key: client.key")
        let files = CertificateFiles(try connection(text, file: "\(folder.path)/config").tls)
        func words() -> [String] {
            let tls = files.current()
            return [tls.certificateAuthority, tls.clientCertificate, tls.clientKey].map {
                String(String(decoding: $0 ?? [], as: UTF8.self).split(separator: "\n")[1])
            }
        }
        #expect(words() == ["A1", "C1", "K1"])
        folder.write("client.crt", pem("C2!"))
        folder.write("client.key", "-----BEGIN CERT")
        #expect(words() == ["A1", "C1", "K1"])
        folder.write("client.key", pem("K2!"))
        #expect(words() == ["A1", "C2!", "K2!"])
        folder.write("ca.crt", pem("A2!"))
        unlink("\(folder.path)/client.key")
        #expect(words() == ["A2!", "C2!", "K2!"])
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        var cluster = "server: https://b"
        var user = "token: t0ps3cret"
        var code: KubeconfigError.Code
        var says: [String]
        var testDescription: String { "\(cluster) | \(user)" }
    }

    static let bad: [Bad] = [
        Bad(cluster: "", code: .invalid, says: ["c-blue", "no server", "kubectl config set-cluster"]),
        Bad(cluster: "server: 7", code: .invalid, says: ["/x/config:6:13:", "quotes"]),
        Bad(cluster: "server: ftp://b", code: .invalid, says: ["https://"]),
        Bad(cluster: "server: https://b, insecure-skip-tls-verify: 'yes'", code: .invalid, says: ["true or false"]),
        Bad(
            cluster: "server: https://b, insecure-skip-tls-verify: true, certificate-authority-data: QQ==",
            code: .invalid, says: ["contradict"]),
        Bad(cluster: "server: https://b, certificate-authority-data: '%'", code: .invalid, says: ["base64"]),
        Bad(
            cluster: "server: https://b, certificate-authority: nosuch", code: .unreadable,
            says: ["/x/nosuch", "No such file"]),
        Bad(user: "client-certificate-data: QQ==", code: .invalid, says: ["u-blue", "without its key"]),
        Bad(user: "client-key-data: QQ==", code: .invalid, says: ["u-blue", "without its certificate"]),
        Bad(user: "token: t0ps3cret, username: u", code: .invalid, says: ["u-blue", "both"]),
        Bad(user: "tokenFile: nosuch", code: .unreadable, says: ["/x/nosuch", "u-blue"]),
        Bad(user: "exec: aws", code: .invalid, says: ["users[0].user.exec", "mapping"]),
        Bad(user: "exec: {args: [t0ps3cret]}", code: .invalid, says: ["u-blue", "no command"]),
        Bad(
            user: "exec: {command: aws, args: [t0ps3cret]}", code: .unsupported,
            says: ["u-blue", "no apiVersion", "client.authentication.k8s.io/v1"]),
        Bad(
            user: "exec: {command: aws, apiVersion: client.authentication.k8s.io/v1alpha1}", code: .unsupported,
            says: ["u-blue", "v1alpha1", "1.24", "update-kubeconfig"]),
        Bad(
            user: "exec: {command: aws, apiVersion: client.authentication.k8s.io/v1}", code: .invalid,
            says: ["interactiveMode", "IfAvailable"]),
        Bad(
            user: "exec: {command: aws, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Often}",
            code: .invalid, says: ["interactiveMode", "Never"]),
        Bad(
            user: "exec: {command: a, apiVersion: client.authentication.k8s.io/v1beta1, env: [{name: t0ps3cret}]}",
            code: .invalid, says: ["env", "strings"]),
        Bad(
            user: "exec: {command: a, apiVersion: client.authentication.k8s.io/v1beta1, args: [7]}", code: .invalid,
            says: ["args", "quotes"]),
        Bad(user: "auth-provider: {name: gcp}", code: .unsupported, says: ["u-blue", "1.26"]),
        Bad(user: "token: t0ps3cret, as-groups: [a]", code: .invalid, says: ["u-blue", "as: NAME"]),
    ]

    @Test(arguments: bad)
    func `what is wrong is said with its place, and never with its secret`(_ one: Bad) {
        let error = #expect(throws: KubeconfigError.self) {
            try connection(config(cluster: one.cluster, user: one.user))
        }
        #expect(error?.code == one.code)
        let text = error?.description ?? ""
        #expect(text.hasPrefix("/x/config:"), "\(text)")
        for word in one.says { #expect(text.contains(word), "\(text)") }
        #expect(!text.contains("t0ps3cret"))
    }

    static let unreadable: [(text: String, code: KubeconfigError.Code)] = [
        ("{", .syntax), ("a: b: c", .syntax), ("[]", .invalid), ("text", .invalid), ("kind: Pod", .invalid),
        ("contexts: {}", .invalid), ("contexts: [7]", .invalid), ("contexts: [{}]", .invalid),
        ("contexts: [{name: a, context: 7}]", .invalid), ("contexts: [{name: 7}]", .invalid),
        ("contexts: [{name: a}, {name: a}]", .invalid), ("a: 1\n---\nb: 2", .invalid),
        ("current-context: [a]", .invalid), ("contexts: [{name: a, context: {cluster: 7}}]", .invalid),
    ]

    @Test(arguments: unreadable)
    func `what is no kubeconfig is refused with a place`(_ one: (text: String, code: KubeconfigError.Code)) {
        let error = #expect(throws: KubeconfigError.self) { try Kubeconfig(Array(one.text.utf8), file: "f") }
        #expect(error?.code == one.code)
        #expect(error?.location?.file == "f")
    }

    @Test func `the wrong context is answered with the right ones and what to type`() throws {
        let kubeconfig = try Kubeconfig(Array(config().utf8), file: "/x/config")
        let error = #expect(throws: KubeconfigError.self) { try kubeconfig.connection(context: "green") }
        #expect(error?.code == .unknownContext)
        for word in ["\"green\"", "\"blue\"", "/x/config", "kubectl config get-contexts"] {
            #expect(error?.description.contains(word) == true)
        }
        let none = try Kubeconfig(Array("contexts: [{name: a, context: {cluster: b}}]".utf8), file: "f")
        #expect(#expect(throws: KubeconfigError.self) { try none.connection() }?.code == .noContext)
        let dangling = #expect(throws: KubeconfigError.self) { try none.connection(context: "a") }
        #expect(dangling?.code == .danglingReference)
        #expect(dangling?.description.hasPrefix("f:1:") == true)
        let empty = try Kubeconfig([], file: "f")
        #expect(#expect(throws: KubeconfigError.self) { try empty.connection() }?.code == .noContext)
    }

    @Test func `of several files the first to name something wins, whole`() throws {
        let folder = Folder()
        let first = folder.write(
            "config",
            """
            clusters: [{name: c, cluster: {server: https://first}}]
            contexts: [{name: a, context: {cluster: c, user: u}}]
            """)
        let second = folder.write(
            "other",
            """
            current-context: b
            clusters: [{name: c, cluster: {server: https://second, tls-server-name: x}}]
            users: [{name: u, user: {token: t}}]
            contexts:
            - {name: a, context: {cluster: nosuch}}
            - {name: b, context: {cluster: c, user: u, namespace: ops}}
            """)
        let list = ["\(folder.path)/nosuch", first, second, first].joined(separator: "::")
        let kubeconfig = try Kubeconfig.load(environment: ["KUBECONFIG": list, "HOME": "/nowhere"])
        #expect(kubeconfig.files == [first, second])
        #expect(kubeconfig.missing == ["\(folder.path)/nosuch"])
        #expect(kubeconfig.currentContext == "b")
        #expect(kubeconfig.contexts.map(\.name) == ["a", "b"])
        let a = try kubeconfig.connection(context: "a")
        #expect(a.server == "https://first" && a.tls.serverName == nil && a.credential == .token("t"))
        #expect(a.warnings.isEmpty)
        let b = try kubeconfig.connection()
        #expect(b.namespace == "ops" && b.server == "https://first")
        #expect(b.warnings.count == 1, "its own file says another server")
        #expect(b.warnings.allSatisfy { $0.contains("cluster \"c\" of \(first)") && $0.contains("rename one") })
        let alone = try Kubeconfig.load(path: first, environment: ["KUBECONFIG": second])
        #expect(alone.files == [first])
    }

    @Test func `files that are missing are passed over, one that was named is not`() throws {
        let nothing = try Kubeconfig.load(environment: ["HOME": "/nowhere"])
        #expect(nothing.missing == ["/nowhere/.kube/config"])
        let error = #expect(throws: KubeconfigError.self) { try nothing.connection() }
        #expect(error?.description.contains("/nowhere/.kube/config (missing)") == true)
        let named = #expect(throws: KubeconfigError.self) {
            try Kubeconfig.load(path: "/nowhere/config", environment: [:])
        }
        #expect(named?.code == .unreadable && named?.description.contains("/nowhere/config") == true)
        let directory = #expect(throws: KubeconfigError.self) {
            try Kubeconfig.load(environment: ["KUBECONFIG": "/tmp"])
        }
        #expect(directory?.code == .unreadable)
    }

    @Test func `inside a cluster the service account is the connection`() throws {
        let folder = Folder()
        let environment = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]
        #expect(throws: KubeconfigError.self) {
            try ClusterConnection.inCluster(environment: environment, directory: folder.path)
        }
        folder.write("ca.crt", "CA")
        folder.write("token", "t")
        folder.write("namespace", "ops\n")
        let inside = try ClusterConnection.inCluster(environment: environment, directory: folder.path)
        #expect(inside.server == "https://[fd00::1]:443" && inside.namespace == "ops")
        #expect(inside.credential == .tokenFile("\(folder.path)/token"))
        #expect(inside.tls.certificateAuthority == Array("CA".utf8))
        let outside = #expect(throws: KubeconfigError.self) { try ClusterConnection.inCluster(environment: [:]) }
        #expect(outside?.code == .notInCluster)
    }
}

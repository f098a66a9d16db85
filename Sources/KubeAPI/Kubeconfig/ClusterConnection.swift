/// Everything that is needed to reach one cluster: plain data, no open connection, no C.
///
/// Its text form names the cluster and shows no secret.
public struct ClusterConnection: Sendable, Hashable {
    /// How the server proves who it is, and we prove who we are by certificate.
    ///
    /// PEM bytes.
    public struct TLS: Sendable, Hashable {
        /// Only these authorities are trusted; nil trusts those of the system.
        public var certificateAuthority: [UInt8]?
        /// Our certificate with its chain.
        public var clientCertificate: [UInt8]?
        /// The certificate's key.
        public var clientKey: [UInt8]?
        /// The name to check instead of the server's host.
        public var serverName: String?
        /// Accept any certificate.
        ///
        /// Whoever connects tells the user, for everything else then rests on nothing.
        public var insecureSkipVerify: Bool
        /// The files that the three were read from, where they come from files; ``CertificateFiles`` looks at them
        /// again.
        public var files = Files()

        /// Where certificates were read; nil for what stands in the kubeconfig itself.
        public struct Files: Sendable, Hashable {
            public var certificateAuthority: String?
            public var clientCertificate: String?
            public var clientKey: String?

            /// No files.
            public init() {}
        }

        /// Verified against the system's authorities unless told otherwise.
        public init(
            certificateAuthority: [UInt8]? = nil, clientCertificate: [UInt8]? = nil, clientKey: [UInt8]? = nil,
            serverName: String? = nil, insecureSkipVerify: Bool = false
        ) {
            self.certificateAuthority = certificateAuthority
            self.clientCertificate = clientCertificate
            self.clientKey = clientKey
            self.serverName = serverName
            self.insecureSkipVerify = insecureSkipVerify
        }
    }

    /// The kubeconfig context, or `in-cluster`.
    public var context: String
    /// The kubeconfig's name of the cluster.
    public var cluster: String
    /// The kubeconfig's name of the user; empty when it names none.
    public var user: String
    /// The base URL: `https://10.0.0.1:6443`.
    public var server: String
    /// How both sides prove who they are.
    public var tls: TLS
    /// What goes into the `Authorization` header.
    public var credential: Credential
    /// The program that gives the credentials, where the kubeconfig names one and no other credential.
    public var plugin: ExecPlugin?
    /// Whom the kubeconfig's user acts as.
    public var impersonation: Impersonation?
    /// The context's namespace; nil means `default`.
    public var namespace: String?
    /// The kubeconfig's `proxy-url`.
    ///
    /// Nil: the environment's `HTTPS_PROXY` and `NO_PROXY` decide, as with kubectl.
    public var proxyURL: String?
    /// Entries of the context's own file that do not count, each in words.
    public var passedOver: [String] = []

    /// A connection with these parts.
    public init(
        context: String, cluster: String, user: String = "", server: String, tls: TLS = TLS(),
        credential: Credential = .none, plugin: ExecPlugin? = nil, impersonation: Impersonation? = nil,
        namespace: String? = nil, proxyURL: String? = nil
    ) {
        self.context = context
        self.cluster = cluster
        self.user = user
        self.server = server
        self.tls = tls
        self.credential = credential
        self.plugin = plugin
        self.impersonation = impersonation
        self.namespace = namespace
        self.proxyURL = proxyURL
    }

    /// What the user is to be told before anything is sent over this connection.
    public var warnings: [String] {
        var warnings = passedOver
        if tls.insecureSkipVerify {
            warnings.append(
                "context \"\(context)\" does not verify the certificate of \(server) "
                    + "(insecure-skip-tls-verify): anybody in between can read and change everything")
        }
        if server.hasPrefix("http://") {
            warnings.append(
                "context \"\(context)\" reaches \(server) without TLS; no credentials are sent there")
        }
        return warnings
    }
}

extension ClusterConnection: CustomStringConvertible, CustomReflectable {
    public var description: String { "context \"\(context)\" (\(server))" }

    // A key in a failing test's output or a log would be a key given away.
    public var customMirror: Mirror { Mirror(self, children: ["context": context, "server": server]) }
}

extension ClusterConnection {
    /// The connection that a pod has through its service account.
    ///
    /// - Parameter directory: where the kubelet puts the account's files.
    public static func inCluster(
        environment: [String: String], directory: String = "/var/run/secrets/kubernetes.io/serviceaccount"
    ) throws(KubeconfigError) -> ClusterConnection {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], let port = environment["KUBERNETES_SERVICE_PORT"],
            !host.isEmpty, !port.isEmpty
        else {
            throw KubeconfigError(
                .notInCluster, "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set, so this is no pod",
                remedy: "name a context with --context")
        }
        let authority = try file("\(directory)/ca.crt")
        _ = try file("\(directory)/token")
        var tls = TLS(certificateAuthority: authority)
        tls.files.certificateAuthority = "\(directory)/ca.crt"
        let namespace = try? FileContent.read("\(directory)/namespace")
        let name = namespace.map { String(decoding: $0, as: UTF8.self).filter { !$0.isWhitespace } }
        return ClusterConnection(
            context: "in-cluster", cluster: "in-cluster",
            server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)",
            tls: tls, credential: .tokenFile("\(directory)/token"),
            namespace: name.flatMap { $0.isEmpty ? nil : $0 })
    }

    private static func file(_ path: String) throws(KubeconfigError) -> [UInt8] {
        do { return try FileContent.read(path) } catch {
            throw KubeconfigError(
                .notInCluster, "the service account's \(path) cannot be read: \(error.message)",
                remedy: "let the pod mount its service account's token")
        }
    }
}

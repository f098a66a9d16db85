/// Where one server is and how it is to be reached.
///
/// Plain data: nothing is opened by making one.
///
/// Certificates and keys are PEM bytes in memory; they never touch a file. The text form shows none of them.
public struct CurlConfiguration: Sendable {
    /// How a proxy in between is found.
    public enum Proxy: Sendable, Hashable {
        /// None, whatever the environment says.
        case direct
        /// This one: `http://`, `https://`, `socks5://` (names are resolved by the proxy, as kubectl has it).
        case url(String)
        /// As `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` in these variables say, by kubectl's rules.
        case environment([String: String])
    }

    /// What both sides prove themselves with.
    public struct Certificates: Sendable {
        /// Only these authorities are trusted; nil trusts those of the system.
        public var authority: [UInt8]?
        /// Our certificate with its chain.
        public var client: [UInt8]?
        /// The certificate's unencrypted key.
        public var clientKey: [UInt8]?

        /// Certificates with these parts.
        public init(authority: [UInt8]? = nil, client: [UInt8]? = nil, clientKey: [UInt8]? = nil) {
            self.authority = authority
            self.client = client
            self.clientKey = clientKey
        }
    }

    /// `https://host:6443`, with a path in front of every request's path where the server needs one.
    public var server: String
    /// Only these authorities are trusted; nil trusts those of the system.
    public var certificateAuthority: [UInt8]?
    /// Our certificate with its chain.
    public var clientCertificate: [UInt8]?
    /// The certificate's unencrypted key.
    public var clientKey: [UInt8]?
    /// Asked before each request for the three above as they are now; nil: they stay what they are.
    ///
    /// A connection made with other certificates than the present ones is not used for a new request.
    public var renewal: (@Sendable () -> Certificates)?
    /// Accepts any certificate.
    ///
    /// Whoever sets this tells the user.
    public var insecureSkipVerify: Bool
    /// The name to ask for and to check instead of the host in `server`.
    public var serverName: String?
    /// How a proxy is found.
    public var proxy: Proxy
    /// How long it may take until the connection, TLS included, stands.
    public var connectTimeout: Duration
    /// For requests that bring no timeout of their own.
    public var requestTimeout: Duration
    /// How many requests may be under way at once, and so the bound of connections; more wait their turn.
    ///
    /// Streams are not counted: each has a connection of its own.
    public var maximumConcurrentRequests: Int
    /// How large an answer that is gathered whole may become, after decompression.
    public var maximumResponseBytes: Int
    /// Offer HTTP/2 to servers behind TLS.
    ///
    /// Streams use HTTP/1.1 always.
    public var allowsHTTP2: Bool

    /// Verified TLS, no proxy, 16 requests at once.
    public init(
        server: String, certificateAuthority: [UInt8]? = nil, clientCertificate: [UInt8]? = nil,
        clientKey: [UInt8]? = nil, renewal: (@Sendable () -> Certificates)? = nil, insecureSkipVerify: Bool = false,
        serverName: String? = nil,
        proxy: Proxy = .direct, connectTimeout: Duration = .seconds(10), requestTimeout: Duration = .seconds(30),
        maximumConcurrentRequests: Int = 16, maximumResponseBytes: Int = 256 << 20, allowsHTTP2: Bool = true
    ) {
        self.server = server
        self.certificateAuthority = certificateAuthority
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.renewal = renewal
        self.insecureSkipVerify = insecureSkipVerify
        self.serverName = serverName
        self.proxy = proxy
        self.connectTimeout = connectTimeout
        self.requestTimeout = requestTimeout
        self.maximumConcurrentRequests = maximumConcurrentRequests
        self.maximumResponseBytes = maximumResponseBytes
        self.allowsHTTP2 = allowsHTTP2
    }
}

extension CurlConfiguration {
    /// The certificates for a request that is sent now.
    var certificates: Certificates {
        renewal?() ?? Certificates(authority: certificateAuthority, client: clientCertificate, clientKey: clientKey)
    }
}

extension CurlConfiguration.Certificates: CustomStringConvertible, CustomReflectable {
    public var description: String { "certificates" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension CurlConfiguration: CustomStringConvertible, CustomReflectable {
    public var description: String { "connection to \(server)" }

    // A key in a failing test's output or in a debugger's log would be a key given away.
    public var customMirror: Mirror { Mirror(self, children: ["server": server]) }
}

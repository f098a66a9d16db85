/// An address to ask, split into where and what.
public struct ProbeAddress: Sendable, Hashable {
    /// Scheme, host and port: `http://10.0.0.5:8080`.
    public let server: String
    /// Path and query; `/` where the address has none.
    public let path: String

    /// Reads `http://host:port/path` or `https://…`; nil for anything else.
    public init?(_ url: String) {
        guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { return nil }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, !authority.contains(where: \.isWhitespace) else { return nil }
        let path = rest.dropFirst(authority.count)
        server = scheme + authority
        self.path = path.isEmpty ? "/" : path.hasPrefix("/") ? String(path) : "/" + path
    }
}

import HTTP

/// A server's base URL in parts.
struct ServerAddress: Sendable, Hashable {
    let isTLS: Bool
    /// Without brackets around an IPv6 address.
    let host: String
    let port: Int
    /// Empty, or begins with a slash and does not end with one.
    let basePath: String

    init(_ text: String) throws(TransportError) {
        func invalid(_ why: String) -> TransportError { TransportError(.invalid, "server address \"\(text)\": \(why)") }
        let rest: Substring
        if text.lowercased().hasPrefix("https://") {
            isTLS = true
            rest = text.dropFirst(8)
        } else if text.lowercased().hasPrefix("http://") {
            isTLS = false
            rest = text.dropFirst(7)
        } else {
            throw invalid("it must begin with https:// or http://")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        var path = rest.dropFirst(authority.count)
        // Not shown: what stands before an @ may be a password.
        guard !authority.contains("@") else {
            throw TransportError(.invalid, "a server address may not hold a user name or password")
        }
        guard !path.contains(where: { $0 == "?" || $0 == "#" }) else { throw invalid("it may not hold a query") }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw invalid("it holds a space or a control character")
        }
        while path.last == "/" { path.removeLast() }
        basePath = String(path)
        var name = authority
        var digits: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw invalid("the bracket is not closed") }
            name = authority[authority.index(after: authority.startIndex)..<end]
            let behind = authority[authority.index(after: end)...]
            guard behind.isEmpty || behind.first == ":" else { throw invalid("no port after the bracket") }
            digits = behind.isEmpty ? nil : behind.dropFirst()
        } else if let colon = authority.lastIndex(of: ":") {
            name = authority[..<colon]
            digits = authority[authority.index(after: colon)...]
        }
        guard !name.isEmpty else { throw invalid("it names no host") }
        guard authority.first == "[" || !name.contains(":") else {
            throw invalid("an IPv6 address stands in brackets: https://[::1]:6443")
        }
        host = String(name)
        if let digits {
            guard let port = Int(digits), (1...65_535).contains(port) else { throw invalid("the port is no number") }
            self.port = port
        } else {
            port = isTLS ? 443 : 80
        }
    }

    private var scheme: String { isTLS ? "https" : "http" }

    /// `host:port`, for messages, the `Host` header and `CONNECT_TO`.
    var hostAndPort: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// The URL of a request.
    ///
    /// With a name of its own for TLS, that name stands in the URL, and the connection is led to the real host apart
    /// from it.
    func url(target: String, serverName: String?) -> String {
        let name = serverName ?? host
        let bracketed = name.contains(":") ? "[\(name)]" : name
        return "\(scheme)://\(bracketed):\(port)\(basePath)\(target)"
    }
}

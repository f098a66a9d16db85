import Glibc

/// Finds the proxy for one server as Go programs, kubectl among them, do.
///
/// libcurl has rules of its own (`ALL_PROXY`, lower-case `http_proxy` only, loopback through the proxy), so it is never
/// left to look at the environment itself.
struct ProxyEnvironment: Sendable {
    private let variables: [String: String]

    init(_ variables: [String: String]) { self.variables = variables }

    /// The proxy's URL; nil when the server is reached directly.
    func proxy(for server: ServerAddress) -> String? {
        let proxy: String?
        if server.isTLS {
            proxy = value("HTTPS_PROXY")
        } else {
            // Under CGI, HTTP_PROXY is what a client sent as its `Proxy` header.
            proxy = variables["REQUEST_METHOD"] == nil ? value("HTTP_PROXY") : nil
        }
        guard let proxy, Self.mayUseProxy(server, exceptions: value("NO_PROXY") ?? "") else { return nil }
        return proxy.contains("://") ? proxy : "http://\(proxy)"
    }

    private func value(_ name: String) -> String? {
        [name, name.lowercased()].lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
    }

    private static func mayUseProxy(_ server: ServerAddress, exceptions: String) -> Bool {
        let host = server.host.lowercased().droppingFinalDot
        let address = IPAddress(host)
        if host == "localhost" || address?.isLoopback == true { return false }
        for exception in exceptions.split(separator: ",") {
            var pattern = exception.lowercased().filter { $0 != " " && $0 != "\t" }
            if pattern == "*" { return false }
            if let slash = pattern.firstIndex(of: "/"), let network = IPAddress(String(pattern[..<slash])),
                let bits = Int(pattern[pattern.index(after: slash)...])
            {
                if let address, address.isInside(network, prefix: bits) { return false }
                continue
            }
            if IPAddress(pattern) == nil, let colon = pattern.lastIndex(of: ":"),
                let port = Int(pattern[pattern.index(after: colon)...])
            {
                guard port == server.port else { continue }
                pattern = String(pattern[..<colon])
                if pattern.hasPrefix("["), pattern.hasSuffix("]") { pattern = String(pattern.dropFirst().dropLast()) }
            }
            if let one = IPAddress(pattern) {
                if one == address { return false }
                continue
            }
            if pattern.hasPrefix("*.") { pattern.removeFirst() }
            if pattern.isEmpty || pattern == "." { continue }
            // "example.com" covers itself and what is below it; ".example.com" only what is below it.
            if pattern.hasPrefix(".") {
                if host.hasSuffix(pattern) { return false }
            } else if host == pattern || host.hasSuffix(".\(pattern)") {
                return false
            }
        }
        return true
    }
}

/// An IPv4 or IPv6 address as bytes; IPv4 as the last four of sixteen.
private struct IPAddress: Equatable {
    let bytes: [UInt8]
    let isV4: Bool

    init?(_ text: String) {
        var storage = [UInt8](repeating: 0, count: 16)
        let four = unsafe storage.withUnsafeMutableBytes { unsafe inet_pton(AF_INET, text, $0.baseAddress) == 1 }
        if four {
            bytes = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + storage[..<4]
            isV4 = true
            return
        }
        let six = unsafe storage.withUnsafeMutableBytes { unsafe inet_pton(AF_INET6, text, $0.baseAddress) == 1 }
        guard six else { return nil }
        bytes = storage
        isV4 = false
    }

    var isLoopback: Bool {
        isV4 ? bytes[12] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    func isInside(_ network: IPAddress, prefix: Int) -> Bool {
        guard isV4 == network.isV4, (0...(isV4 ? 32 : 128)).contains(prefix) else { return false }
        let bits = prefix + (isV4 ? 96 : 0)
        for index in 0..<16 {
            let remaining = min(8, max(0, bits - index * 8))
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> remaining)
            if bytes[index] & mask != network.bytes[index] & mask { return false }
        }
        return true
    }
}

extension String {
    fileprivate var droppingFinalDot: String { hasSuffix(".") ? String(dropLast()) : self }
}

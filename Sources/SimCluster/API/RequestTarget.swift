/// What a request's path names, taken apart without knowing what is served.
enum RequestTarget: Sendable, Equatable {
    /// `/version`, `/healthz`, `/openapi/v2`: paths outside the API groups, without leading slash.
    case other([String])
    /// `/api`
    case coreVersions
    /// `/apis`
    case groups
    /// `/apis/apps`
    case group(String)
    /// `/api/v1`, `/apis/apps/v1`
    case groupVersion(String)
    /// Everything below a group version.
    case resource(ResourcePath)

    init(path: String) {
        let parts = path.split(separator: "/").map(Self.decode)
        switch (parts.first, parts.count) {
        case ("api", 1): self = .coreVersions
        case ("api", 2): self = .groupVersion(parts[1])
        case ("api", _): self = .resource(ResourcePath(apiVersion: parts[1], rest: parts.dropFirst(2)))
        case ("apis", 1): self = .groups
        case ("apis", 2): self = .group(parts[1])
        case ("apis", 3): self = .groupVersion("\(parts[1])/\(parts[2])")
        case ("apis", _):
            self = .resource(ResourcePath(apiVersion: "\(parts[1])/\(parts[2])", rest: parts.dropFirst(3)))
        default: self = .other(parts)
        }
    }

    private static func decode(_ part: Substring) -> String {
        guard part.utf8.contains(UInt8(ascii: "%")) else { return String(part) }
        var bytes: [UInt8] = []
        var rest = Array(part.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Resource, namespace, name and subresource of a path below a group version.
struct ResourcePath: Sendable, Equatable {
    var apiVersion: String
    /// The old form `/api/v1/watch/…`.
    var isWatch = false
    var namespace: String?
    var plural: String
    var name: String?
    var subresource: String?

    init(apiVersion: String, rest: ArraySlice<String>) {
        var rest = Array(rest)
        self.apiVersion = apiVersion
        if rest.first == "watch", rest.count > 1 {
            isWatch = true
            rest.removeFirst()
        }
        // `namespaces/N/status` and `namespaces/N/finalize` are subresources of the Namespace itself.
        let ofNamespace = rest.count == 3 && ["status", "finalize"].contains(rest[2])
        if rest.first == "namespaces", rest.count > 2, !ofNamespace {
            namespace = rest[1]
            rest.removeFirst(2)
        }
        plural = rest.first ?? ""
        name = rest.count > 1 ? rest[1] : nil
        subresource = rest.count > 2 ? rest[2...].joined(separator: "/") : nil
    }
}

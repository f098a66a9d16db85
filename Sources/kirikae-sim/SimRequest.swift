import FlyingFox
import FoundationEssentials
import HTTP

/// A request as it came over the socket, in the simulator's form.
struct SimRequest: Sendable {
    var request: HTTP.HTTPRequest

    /// Nil when the method is none that HTTP knows here.
    init?(_ received: FlyingFox.HTTPRequest) async {
        guard let method = HTTP.HTTPRequest.Method(rawValue: received.method.rawValue) else { return nil }
        // The listener's own reading of the query leaves `+` alone, which Go's clients send for a space.
        let query = received.target.query(percentEncoded: true).split(separator: "&").map { item in
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: Self.decode(pair[0]), value: pair.count > 1 ? Self.decode(pair[1]) : "")
        }
        request = HTTP.HTTPRequest(method, received.target.path(percentEncoded: true), query: query)
        for header in received.headers { request.headers.append(header.key.rawValue, header.value) }
        // A header whose value holds commas comes in pieces; what is asked for by name must come whole.
        for name in ["Accept", "Content-Type", "User-Agent"] {
            if let value = received.headers[HTTPHeader(name)] { request.headers[name] = value }
        }
        let body = try? await received.bodyData
        if let body, !body.isEmpty { request.body = Array(body) }
    }

    /// Whether the answer is a stream.
    var isWatch: Bool {
        request.method == .get
            && (request.query.contains { $0.name == "watch" && ["true", "1"].contains($0.value) }
                || request.path.contains("/watch/"))
    }

    /// How long the client wants to watch; half an hour when it does not say.
    var watchTimeout: Duration {
        let asked = request.query.last { $0.name == "timeoutSeconds" }.flatMap { Int($0.value) }
        return .seconds(asked ?? 1800)
    }

    private static func decode(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%"), rest.count >= 2,
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

/// A remark that a server attached to an answer, most often that an API version or field is deprecated.
public struct ServerWarning: Sendable, Hashable {
    /// The server's words.
    public var message: String
    /// What was being done.
    public var verb: String
    /// What it was done to.
    public var target: String
    /// The cluster's name as the client knows it.
    public var cluster: String

    /// A warning with these parts.
    public init(message: String, verb: String = "", target: String = "", cluster: String = "") {
        self.message = message
        self.verb = verb
        self.target = target
        self.cluster = cluster
    }

    /// The texts of one header value, which may hold several warnings: `299 - "text", 299 - "other"`.
    ///
    /// Other codes than 299 are caches' and proxies' remarks and are left out, as kubectl does.
    static func messages(inHeader value: String) -> [String] {
        var messages: [String] = []
        var rest = Substring(value)
        while let quote = rest.firstIndex(of: "\"") {
            let code = rest[..<quote].drop { $0 == "," || $0 == " " }.prefix(3)
            var text = ""
            var index = rest.index(after: quote)
            var isEscaped = false
            while index < rest.endIndex, isEscaped || rest[index] != "\"" {
                if rest[index] == "\\", !isEscaped {
                    isEscaped = true
                } else {
                    text.append(rest[index])
                    isEscaped = false
                }
                index = rest.index(after: index)
            }
            if code == "299", !text.isEmpty { messages.append(text) }
            guard index < rest.endIndex else { break }
            rest = rest[rest.index(after: index)...]
            // The optional date of a warning is quoted as well; it follows without a comma.
            if rest.hasPrefix(" \""), let end = rest.dropFirst(2).firstIndex(of: "\"") {
                rest = rest[rest.index(after: end)...]
            }
        }
        return messages
    }
}

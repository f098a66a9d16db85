import HTTP
import Manifests

/// Why a request to an API server did not give what was asked for.
///
/// Invariant: `message` and `description` never hold credentials or the request's body.
public struct KubeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened, in terms a caller decides by.
    ///
    /// Messages differ between versions; codes do not.
    public enum Code: String, Sendable, Hashable, Codable {
        /// 404: the object, or the whole resource, is not there.
        case notFound
        /// 409 `AlreadyExists`: an object of that name is there already.
        case alreadyExists
        /// 409: the precondition (resourceVersion, UID) or field ownership does not hold.
        case conflict
        /// 400, 405, 406, 413, 415, 422: the request or object is not acceptable.
        case invalid
        /// 403: known, but not allowed.
        case forbidden
        /// 401: not known, or the credential has expired.
        case unauthorized
        /// 410: the resourceVersion or continue token is too old.
        case gone
        /// 429: asked too often, or an eviction that a PodDisruptionBudget refuses.
        case tooManyRequests
        /// 500, 502, 503 and other failures on the server's side.
        case unavailable
        /// 504 or 408: the server gave up waiting.
        case timeout
        /// Nothing reached the server.
        case unreachable
        /// The request may have been carried out; no complete answer came.
        case ambiguous
        /// The calling task was cancelled.
        case cancelled
        /// An answer came that is not what the API promises.
        case decoding
        /// Any other status.
        case other
    }

    /// One field that the server complains about.
    public struct Cause: Sendable, Hashable {
        /// A word such as `FieldValueInvalid` or `FieldManagerConflict`.
        public var reason: String
        /// The server's explanation.
        public var message: String
        /// The field as the server writes it (`.spec.replicas`, `spec.ports[0].port`); empty when none is named.
        public var field: String

        /// A cause as the server reported it.
        public init(reason: String, message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// What happened.
    public var code: Code
    /// The HTTP status; nil when no answer came.
    public var status: Int?
    /// The server's reason word (`NotFound`, `AlreadyExists`, `Expired`), if it gave one.
    public var reason: String?
    /// The server's message, or ours when none came.
    public var message: String
    /// The fields at fault, for 422 and for conflicts of server-side apply.
    public var causes: [Cause]
    /// How long the server asked us to wait.
    public var retryAfter: Duration?
    /// What may be done about it.
    public var retryClass: RetryClass
    /// What was being done, such as `get`, `list` or `apply`.
    public var verb: String
    /// What it was done to: `Deployment.apps/shop/web`, `/version`.
    public var target: String
    /// The name of the cluster as the client was told; empty when it was not.
    public var cluster: String

    /// An error with these parts; the retry class follows from the code unless given.
    public init(
        _ code: Code, _ message: String, status: Int? = nil, reason: String? = nil, causes: [Cause] = [],
        retryAfter: Duration? = nil, retryClass: RetryClass? = nil, verb: String = "", target: String = "",
        cluster: String = ""
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.reason = reason
        self.causes = causes
        self.retryAfter = retryAfter
        self.retryClass = retryClass ?? KubeError.retryClass(code)
        self.verb = verb
        self.target = target
        self.cluster = cluster
    }

    /// One line: cluster, verb, object, status and the server's words.
    public var description: String {
        var text = cluster.isEmpty ? "" : "\(cluster): "
        if !verb.isEmpty || !target.isEmpty {
            text += [verb, target].filter { !$0.isEmpty }.joined(separator: " ") + ": "
        }
        text += message
        if let status { text += " (\(status)\(reason.map { " \($0)" } ?? ""))" }
        return text
    }

    private static func retryClass(_ code: Code) -> RetryClass {
        switch code {
        case .unreachable: .notSent
        case .tooManyRequests: .throttled
        case .unavailable, .timeout: .server
        case .conflict, .alreadyExists: .conflict
        // A 2xx that cannot be read, and a task that stopped waiting, say nothing about the effect.
        case .ambiguous, .cancelled, .decoding: .ambiguous
        case .notFound, .invalid, .forbidden, .unauthorized, .gone, .other: .permanent
        }
    }
}

extension KubeError {
    /// From the transport's error: what is known about the request's effect is kept.
    init(_ error: TransportError, verb: String, target: String, cluster: String) {
        let code: Code =
            switch error.code {
            case .notSent: .unreachable
            case .ambiguous: .ambiguous
            case .cancelled: .cancelled
            case .invalid: .invalid
            }
        self.init(code, error.message, verb: verb, target: target, cluster: cluster)
    }

    /// From an answer whose status is not a success.
    init(_ response: HTTPResponse, verb: String, target: String, cluster: String) {
        let body = try? JSONValue(parsing: response.body)
        self.init(
            status: response.status, body: body, text: response.body,
            retryAfterHeader: response.headers["Retry-After"], verb: verb, target: target, cluster: cluster)
    }

    /// From a `Status` object, as it also comes inside a watch.
    init(
        status: Int, body: JSONValue?, text: [UInt8] = [], retryAfterHeader: String? = nil, verb: String,
        target: String, cluster: String
    ) {
        let isStatus = body?["kind"]?.string == "Status"
        let details = isStatus ? body?["details"] : nil
        let reason = isStatus ? body?["reason"]?.string.flatMap { $0.isEmpty ? nil : $0 } : nil
        let causes = (details?["causes"]?.array ?? []).map { cause in
            Cause(
                reason: cause["reason"]?.string ?? "", message: cause["message"]?.string ?? "",
                field: cause["field"]?.string ?? "")
        }
        let seconds = retryAfterHeader.flatMap { Int64($0.trimmed) } ?? details?["retryAfterSeconds"]?.integer
        let retryAfter = seconds.flatMap { $0 >= 0 ? Duration.seconds($0) : nil }
        var message = isStatus ? body?["message"]?.string ?? "" : ""
        if message.isEmpty { message = Self.plainText(text, status: status) }
        let code = Self.code(status: status, reason: reason)
        self.init(
            code, message, status: status, reason: reason, causes: causes, retryAfter: retryAfter,
            // 503 alone may come from a proxy in front, at any moment; with Retry-After the server speaks itself.
            retryClass: status == 503 && retryAfterHeader != nil ? .throttled : nil,
            verb: verb, target: target, cluster: cluster)
    }

    private static func code(status: Int, reason: String?) -> Code {
        switch status {
        case 400, 405, 406, 413, 415, 422: .invalid
        case 401: .unauthorized
        case 403: .forbidden
        case 404: .notFound
        case 408, 504: .timeout
        case 409: reason == "AlreadyExists" ? .alreadyExists : .conflict
        case 410: .gone
        case 429: .tooManyRequests
        case 500...: .unavailable
        default: .other
        }
    }

    /// The beginning of a body that is no `Status`: proxies and load balancers answer in HTML or plain text.
    private static func plainText(_ bytes: [UInt8], status: Int) -> String {
        let line = String(decoding: bytes.prefix(300), as: UTF8.self)
            .split(whereSeparator: { $0.isWhitespace }).joined(separator: " ")
        return line.isEmpty || line.hasPrefix("<") ? "the server answered with status \(status)" : line
    }
}

extension String {
    /// Without spaces and tabs at both ends.
    var trimmed: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}

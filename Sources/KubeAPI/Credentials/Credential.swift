import FoundationEssentials

/// How requests say who we are.
///
/// Client certificates belong to the transport, not here.
///
/// Its text form never shows the secret.
public enum Credential: Sendable, Hashable {
    /// Anonymous, or by client certificate.
    case none
    /// A bearer token.
    case token(String)
    /// A file with a bearer token, read anew for each request: projected service account tokens rotate.
    case tokenFile(String)
    /// HTTP basic authentication.
    case basic(username: String, password: String)
    /// What a credential plugin gives: a token, a client certificate, or both.
    case plugin(PluginCredential)

    /// What one request carries.
    struct Authorization: Sendable {
        /// The `Authorization` header's value; nil for none.
        var header: String?
        /// The plugin's answer that it is of; nil where no plugin is asked.
        var generation: Int?
    }

    /// What the next request carries; may run the plugin.
    func authorization() async throws(KubeError) -> Authorization {
        guard case .plugin(let plugin) = self else { return Authorization(header: try header()) }
        let grant = try await plugin.grant()
        return Authorization(header: grant.token.map { "Bearer \($0)" }, generation: grant.generation)
    }

    private func header() throws(KubeError) -> String? {
        switch self {
        case .none, .plugin: return nil
        case .token(let token): return "Bearer \(token)"
        case .tokenFile(let path):
            let bytes: [UInt8]
            do { bytes = try FileContent.read(path) } catch {
                throw KubeError(.unauthorized, "the token file \(path) cannot be read: \(error.message)")
            }
            let token = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
            guard !token.isEmpty else { throw KubeError(.unauthorized, "the token file \(path) is empty") }
            return "Bearer \(token)"
        case .basic(let username, let password):
            return "Basic \(Data("\(username):\(password)".utf8).base64EncodedString())"
        }
    }
}

extension Credential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .none: "none"
        case .token: "a token"
        case .tokenFile(let path): "the token in \(path)"
        case .basic(let username, _): "the password of \(username)"
        case .plugin(let plugin): "what \(plugin) gives"
        }
    }

    public var debugDescription: String { description }

    // Without this, `dump` and failing test expectations would print the secret.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}

import HTTP

/// Whom a kubeconfig's user acts as (`as`, `as-uid`, `as-groups`, `as-user-extra`).
public struct Impersonation: Sendable, Hashable {
    public var user: String
    public var uid: String?
    public var groups: [String]
    /// Further facts about the user, each with its values.
    public var extra: [String: [String]]

    /// Acting as that user.
    public init(user: String, uid: String? = nil, groups: [String] = [], extra: [String: [String]] = [:]) {
        self.user = user
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }

    /// Adds the headers that say so.
    func add(to headers: inout HTTPHeaders) {
        headers.append("Impersonate-User", user)
        if let uid { headers.append("Impersonate-Uid", uid) }
        for group in groups { headers.append("Impersonate-Group", group) }
        for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
            // Keys are often URLs (`example.com/scopes`); header names take no slash.
            for value in values { headers.append("Impersonate-Extra-\(HTTPRequest.encode(key))", value) }
        }
    }
}

import Manifests

extension StripRules {
    /// Credentials that are worth nothing on another cluster.
    static let identity: [StripRule] = [accountTokens, tokenData]

    /// Token Secrets that the control plane made for a ServiceAccount.
    static let accountTokens = StripRule("token-of-its-cluster", kinds: [.core("ServiceAccount")]) { object, source in
        guard let secrets = source.json["secrets"]?.array else { return }
        let kept = secrets.filter { !GeneratedName.isToken($0["name"]?.string ?? "", of: source.name) }
        if kept.isEmpty { object.strip("secrets") } else { object.set("secrets", to: .array(kept)) }
    }

    /// A token Secret made by hand travels empty: green's control plane fills it.
    static let tokenData = StripRule("token-of-its-cluster", kinds: [.core("Secret")]) { object, source in
        guard source.json["type"]?.string == "kubernetes.io/service-account-token" else { return }
        object.strip("data.token")
        object.strip(FieldPath([.member("data"), .member("ca.crt")]))
        object.strip("data.namespace")
        object.strip(annotation: "kubernetes.io/service-account.uid")
    }
}

/// Names that controllers make up.
enum GeneratedName {
    /// Whether it reads like the token Secret of a ServiceAccount: `<account>-token-x7k2p`, or OpenShift's
    /// `<account>-dockercfg-x7k2p`.
    static func isToken(_ name: String, of account: String? = nil) -> Bool {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, let suffix = parts.last, suffix.utf8.count == 5 else { return false }
        let word = parts[parts.count - 2]
        guard word == "token" || word == "dockercfg" else { return false }
        guard let account else { return true }
        return parts.dropLast(2).joined(separator: "-") == account
    }
}

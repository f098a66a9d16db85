import FoundationEssentials
import Manifests

extension Kubeconfig {
    /// The user's credential plugin; nil when it names none.
    static func plugin(
        _ user: KubeconfigFile.Entry, of cluster: KubeconfigFile.Entry, server: String, tls: ClusterConnection.TLS
    ) throws(KubeconfigError) -> ExecPlugin? {
        guard user.fields.has("exec") else { return nil }
        guard let exec = user.fields.member("exec") else { throw user.fields.wrong("exec", "must be a mapping") }
        guard !user.fields.has("auth-provider") else {
            throw KubeconfigError(
                .invalid, "user \"\(user.name)\" has both exec and auth-provider", remedy: "remove auth-provider",
                at: user.fields.location("auth-provider"))
        }
        guard let command = try exec.string("command") else {
            throw KubeconfigError(
                .invalid, "\(exec.path) of user \"\(user.name)\" names no command", at: exec.location())
        }
        let apiVersion = try exec.string("apiVersion") ?? ""
        guard ExecPlugin.apiVersions.contains(apiVersion) else {
            throw KubeconfigError(
                .unsupported,
                "user \"\(user.name)\" wants a credential plugin by \(apiVersion.isEmpty ? "no apiVersion" : apiVersion); "
                    + "there are \(ExecPlugin.apiVersions.joined(separator: " and "))"
                    + (apiVersion.hasSuffix("/v1alpha1") ? " (v1alpha1 went away in Kubernetes 1.24)" : ""),
                remedy: "let the provider's tool write the kubeconfig anew (such as: aws eks update-kubeconfig)",
                at: exec.location("apiVersion"))
        }
        let mode: ExecPlugin.InteractiveMode
        if let word = try exec.string("interactiveMode") {
            guard let found = ExecPlugin.InteractiveMode(rawValue: word) else {
                throw exec.wrong("interactiveMode", "must be Never, IfAvailable or Always")
            }
            mode = found
        } else {
            // v1 has no default for it.
            guard apiVersion.hasSuffix("/v1beta1") else {
                throw exec.wrong("interactiveMode", "must be set with \(apiVersion): Never, IfAvailable or Always")
            }
            mode = .ifAvailable
        }
        return ExecPlugin(
            user: user.name, apiVersion: apiVersion,
            // A bare name is looked for in PATH; any path counts from the kubeconfig's folder.
            command: command.contains("/") ? resolved(command, user) : command,
            arguments: try exec.strings("args"), environment: try exec.variables("env"),
            installHint: try exec.string("installHint"), interactiveMode: mode,
            clusterInfo: try exec.bool("provideClusterInfo")
                ? try clusterInfo(cluster, server: server, tls: tls) : nil)
    }

    /// What a plugin may know of the cluster, under the names that it knows.
    private static func clusterInfo(
        _ cluster: KubeconfigFile.Entry, server: String, tls: ClusterConnection.TLS
    ) throws(KubeconfigError) -> JSONValue {
        var info: JSONObject = ["server": .string(server)]
        info["tls-server-name"] = tls.serverName.map(JSONValue.string)
        if tls.insecureSkipVerify { info["insecure-skip-tls-verify"] = true }
        info["certificate-authority-data"] = tls.certificateAuthority.map {
            .string(Data($0).base64EncodedString())
        }
        info["proxy-url"] = try cluster.fields.string("proxy-url").map(JSONValue.string)
        // The cluster's own words for the plugin stand in an extension of this name.
        let config = (cluster.fields.value["extensions"]?.array ?? []).first {
            $0["name"]?.string == "client.authentication.k8s.io/exec"
        }?["extension"]
        info["config"] = config ?? .null
        return .object(info)
    }

    /// Whom the user acts as; nil for nobody else.
    static func impersonation(_ user: KubeconfigFile.Entry) throws(KubeconfigError) -> Impersonation? {
        let name = try user.fields.string("as")
        let uid = try user.fields.string("as-uid")
        let groups = try user.fields.strings("as-groups")
        var extra: [String: [String]] = [:]
        if user.fields.has("as-user-extra") {
            guard let fields = user.fields.member("as-user-extra") else {
                throw user.fields.wrong("as-user-extra", "must be a mapping")
            }
            for member in fields.value.object ?? [:] { extra[member.key] = try fields.strings(member.key) }
        }
        guard let name else {
            guard uid == nil, groups.isEmpty, extra.isEmpty else {
                throw KubeconfigError(
                    .invalid,
                    "user \"\(user.name)\" acts with groups, a UID or more of somebody, but not as anybody (as)",
                    remedy: "say whom with as: NAME", at: user.fields.location())
            }
            return nil
        }
        return Impersonation(user: name, uid: uid, groups: groups, extra: extra)
    }
}

extension KubeconfigFile.Fields {
    /// The members of a mapping inside; nil when it is none.
    fileprivate func member(_ name: String) -> Self? {
        guard let inner = value[name], inner.object != nil else { return nil }
        return Self(value: inner, path: path.member(name), document: document)
    }

    /// A list of strings; absent and null are empty.
    fileprivate func strings(_ name: String) throws(KubeconfigError) -> [String] {
        switch value[name] {
        case nil, .null: return []
        case .array(let elements):
            let words = elements.compactMap(\.string)
            guard words.count == elements.count else { throw wrong(name, "must hold strings only; put them in quotes") }
            return words
        default: throw wrong(name, "must be a list")
        }
    }

    /// A list of names and values.
    fileprivate func variables(_ name: String) throws(KubeconfigError) -> [ExecPlugin.Variable] {
        switch value[name] {
        case nil, .null: return []
        case .array(let elements):
            let variables = elements.compactMap { element -> ExecPlugin.Variable? in
                guard let name = element["name"]?.string, !name.isEmpty, !name.contains("="),
                    let value = element["value"]?.string
                else { return nil }
                return ExecPlugin.Variable(name: name, value: value)
            }
            guard variables.count == elements.count else {
                throw wrong(name, "must hold mappings of a name and a value, both strings")
            }
            return variables
        default: throw wrong(name, "must be a list")
        }
    }
}

import FoundationEssentials
import Manifests

extension Kubeconfig {
    /// What is needed to reach the cluster of that context, or of the current one.
    ///
    /// Certificates are read now; a token file is read again for each request. Nothing is sent.
    public func connection(context name: String? = nil) throws(KubeconfigError) -> ClusterConnection {
        let context = try context(name)
        guard let entry = contextEntries[context.name], !context.cluster.isEmpty else {
            throw KubeconfigError(
                .invalid, "context \"\(context.name)\" names no cluster",
                remedy: "type: kubectl config set-context \(context.name) --cluster NAME",
                at: contextEntries[context.name]?.fields.location())
        }
        guard let cluster = clusters[context.cluster] else {
            throw KubeconfigError(
                .danglingReference,
                "context \"\(context.name)\" names cluster \"\(context.cluster)\", which is not in "
                    + searched, remedy: "type: kubectl config get-clusters", at: entry.fields.location("cluster"))
        }
        let user = users[context.user]
        guard user != nil || context.user.isEmpty else {
            throw KubeconfigError(
                .danglingReference,
                "context \"\(context.name)\" names user \"\(context.user)\", which is not in "
                    + searched, remedy: "type: kubectl config get-users", at: entry.fields.location("user"))
        }
        var tls = try Self.serverTLS(cluster)
        var credential = Credential.none
        var plugin: ExecPlugin?
        let server = try Self.server(cluster, hasTLS: tls != ClusterConnection.TLS())
        if let user {
            try Self.refuseUnsupported(user)
            // kubectl sends no credentials over an unencrypted connection either.
            if server.hasPrefix("https://") {
                try Self.clientCertificate(user, into: &tls)
                credential = try Self.credential(user)
                // As kubectl: who says who he is otherwise is not asked through a program.
                if credential == .none, tls.clientCertificate == nil {
                    plugin = try Self.plugin(user, of: cluster, server: server, tls: tls)
                }
            }
        }
        var connection = ClusterConnection(
            context: context.name, cluster: context.cluster, user: context.user, server: server, tls: tls,
            credential: credential, plugin: plugin, impersonation: try user.flatMap(Self.impersonation),
            namespace: context.namespace, proxyURL: try cluster.fields.string("proxy-url"))
        connection.passedOver = [
            passedOver(\.clusters, "cluster", cluster, of: context),
            user.flatMap { passedOver(\.users, "user", $0, of: context) },
        ].compactMap(\.self)
        return connection
    }

    private func context(_ name: String?) throws(KubeconfigError) -> Context {
        guard !contexts.isEmpty else {
            throw KubeconfigError(
                name == nil ? .noContext : .unknownContext,
                name.map { "there is no context \"\($0)\": \(searched) has none at all" }
                    ?? "no context is current: \(searched) has none at all",
                remedy: "name the file with --kubeconfig, or type: kubectl config get-contexts")
        }
        guard let wanted = name ?? currentContext else {
            throw KubeconfigError(
                .noContext, "no context is current in \(searched)",
                remedy: "name one with --context (type: kubectl config get-contexts)")
        }
        guard let context = contexts.first(where: { $0.name == wanted }) else {
            let names = contexts.prefix(8).map { "\"\($0.name)\"" }.joined(separator: ", ")
            throw KubeconfigError(
                .unknownContext,
                "there is no context \"\(wanted)\" in \(searched); there is \(names)"
                    + (contexts.count > 8 ? " and \(contexts.count - 8) more" : ""),
                remedy: "type: kubectl config get-contexts")
        }
        return context
    }

    /// The files, for messages.
    private var searched: String {
        if !files.isEmpty { return files.joined(separator: ", ") }
        return missing.isEmpty ? "no kubeconfig" : missing.joined(separator: ", ") + " (missing)"
    }

    private static func server(_ cluster: KubeconfigFile.Entry, hasTLS: Bool) throws(KubeconfigError) -> String {
        guard let server = try cluster.fields.string("server") else {
            throw KubeconfigError(
                .invalid, "cluster \"\(cluster.name)\" has no server",
                remedy: "type: kubectl config set-cluster \(cluster.name) --server https://HOST:PORT",
                at: cluster.fields.location())
        }
        let lower = server.lowercased()
        if lower.hasPrefix("https://") { return "https://" + server.dropFirst(8) }
        if lower.hasPrefix("http://") { return "http://" + server.dropFirst(7) }
        guard !server.contains("://") else { throw cluster.fields.wrong("server", "must be an https:// address") }
        return (hasTLS ? "https://" : "http://") + server
    }

    private static func serverTLS(_ cluster: KubeconfigFile.Entry) throws(KubeconfigError) -> ClusterConnection.TLS {
        let authority = try pem(cluster, "certificate-authority")
        let isInsecure = try cluster.fields.bool("insecure-skip-tls-verify")
        guard authority == nil || !isInsecure else {
            throw cluster.fields.wrong(
                "insecure-skip-tls-verify",
                "and certificate-authority contradict each other in cluster \"\(cluster.name)\"; remove one")
        }
        var tls = ClusterConnection.TLS(
            certificateAuthority: authority, serverName: try cluster.fields.string("tls-server-name"),
            insecureSkipVerify: isInsecure)
        tls.files.certificateAuthority = try pemFile(cluster, "certificate-authority")
        return tls
    }

    private static func clientCertificate(
        _ user: KubeconfigFile.Entry, into tls: inout ClusterConnection.TLS
    ) throws(KubeconfigError) {
        let certificate = try pem(user, "client-certificate")
        let key = try pem(user, "client-key")
        guard (certificate == nil) == (key == nil) else {
            throw KubeconfigError(
                .invalid,
                "user \"\(user.name)\" has a client \(key == nil ? "certificate without its key" : "key without its certificate")",
                remedy: "both belong together", at: user.fields.location())
        }
        (tls.clientCertificate, tls.clientKey) = (certificate, key)
        tls.files.clientCertificate = try pemFile(user, "client-certificate")
        tls.files.clientKey = try pemFile(user, "client-key")
    }

    private static func credential(_ user: KubeconfigFile.Entry) throws(KubeconfigError) -> Credential {
        let token = try user.fields.string("token")
        let tokenFile = try user.fields.string("tokenFile").map { resolved($0, user) }
        let username = try user.fields.string("username")
        guard username == nil || (token == nil && tokenFile == nil) else {
            throw KubeconfigError(
                .invalid, "user \"\(user.name)\" has both a token and a username; only one can be sent",
                at: user.fields.location("username"))
        }
        if let tokenFile {
            // As kubectl: what the file says goes first, the token in the kubeconfig serves while it cannot be read.
            do throws(FileContent.Failure) {
                _ = try FileContent.read(tokenFile)
                return .tokenFile(tokenFile)
            } catch {
                if let token { return .token(token) }
                throw KubeconfigError(
                    .unreadable,
                    "the token file \(tokenFile) of user \"\(user.name)\" cannot be read: \(error.message)",
                    at: user.fields.location("tokenFile"))
            }
        }
        if let token { return .token(token) }
        guard let username else { return .none }
        return .basic(username: username, password: try user.fields.string("password") ?? "")
    }

    /// Entries that change who we are must not be passed over.
    private static func refuseUnsupported(_ user: KubeconfigFile.Entry) throws(KubeconfigError) {
        if user.fields.has("auth-provider") {
            throw KubeconfigError(
                .unsupported, "user \"\(user.name)\" uses an auth-provider, which kubectl dropped in 1.26",
                remedy: "renew the kubeconfig with your provider's own tool", at: user.fields.location("auth-provider"))
        }
    }

    /// The file that a certificate or key is read from; nil when it stands in the kubeconfig itself.
    private static func pemFile(_ entry: KubeconfigFile.Entry, _ name: String) throws(KubeconfigError) -> String? {
        guard try entry.fields.string("\(name)-data") == nil else { return nil }
        return try entry.fields.string(name).map { resolved($0, entry) }
    }

    /// Inline data, else the file's content.
    private static func pem(_ entry: KubeconfigFile.Entry, _ name: String) throws(KubeconfigError) -> [UInt8]? {
        if let text = try entry.fields.string("\(name)-data") {
            guard let data = Data(base64Encoded: String(text.filter { !$0.isWhitespace })), !data.isEmpty else {
                throw entry.fields.wrong("\(name)-data", "is not base64")
            }
            return Array(data)
        }
        guard let path = try entry.fields.string(name) else { return nil }
        let file = resolved(path, entry)
        do throws(FileContent.Failure) { return try FileContent.read(file) } catch {
            throw KubeconfigError(
                .unreadable, "\(name) \(file) cannot be read: \(error.message)", at: entry.fields.location(name))
        }
    }

    /// Paths in a kubeconfig count from the file's own directory.
    static func resolved(_ path: String, _ entry: KubeconfigFile.Entry) -> String {
        guard !path.hasPrefix("/") else { return path }
        let file = entry.fields.document.start.file
        guard let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }
}

import Manifests

/// The contexts of one or several kubeconfig files, merged as kubectl merges them: the first file to name a cluster,
/// user, context or current context wins, with the whole entry.
public struct Kubeconfig: Sendable {
    /// One way to a cluster.
    public struct Context: Sendable, Hashable {
        /// What `--context` takes.
        public var name: String
        /// The entry under `clusters`.
        public var cluster: String
        /// The entry under `users`; empty for anonymous.
        public var user: String
        /// Where commands act without `-n`; nil means `default`.
        public var namespace: String?
        /// The file it comes from.
        public var file: String

        /// A context with these parts.
        public init(name: String, cluster: String, user: String, namespace: String?, file: String) {
            self.name = name
            self.cluster = cluster
            self.user = user
            self.namespace = namespace
            self.file = file
        }
    }

    /// The files that were read, in order of precedence.
    public let files: [String]
    /// The files of the list that do not exist; kubectl passes over them as well.
    public let missing: [String]
    /// The context that counts when none is named.
    public let currentContext: String?
    /// All contexts, by name.
    public let contexts: [Context]
    let clusters: [String: KubeconfigFile.Entry]
    let users: [String: KubeconfigFile.Entry]
    /// Where each context's entry stands, for errors.
    let contextEntries: [String: KubeconfigFile.Entry]
    /// As they were before they were merged.
    private let parts: [KubeconfigFile]

    /// Reads the files that kubectl would read.
    ///
    /// - Parameters:
    ///   - path: what `--kubeconfig` says; then this file alone, and it must exist.
    ///   - environment: for `KUBECONFIG`, a list with colons, and `HOME`.
    public static func load(
        path: String? = nil, environment: [String: String]
    ) throws(KubeconfigError) -> Kubeconfig {
        if let path {
            do { return try Kubeconfig([KubeconfigFile(try FileContent.read(path), file: path)]) } catch {
                throw Self.readable(error, path, remedy: "check --kubeconfig")
            }
        }
        var paths = (environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
        if paths.isEmpty, let home = environment["HOME"], !home.isEmpty { paths = ["\(home)/.kube/config"] }
        var files: [KubeconfigFile] = []
        var missing: [String] = []
        var seen: Set<String> = []
        for path in paths where seen.insert(path).inserted {
            do { files.append(try KubeconfigFile(try FileContent.read(path), file: path)) } catch {
                guard (error as? FileContent.Failure)?.isMissing == true else {
                    throw Self.readable(error, path, remedy: "check KUBECONFIG")
                }
                missing.append(path)
            }
        }
        return try Kubeconfig(files, missing: missing)
    }

    /// Reads one kubeconfig from memory; relative paths in it count from the directory of `file`.
    public init(_ bytes: [UInt8], file: String) throws(KubeconfigError) {
        try self.init([KubeconfigFile(bytes, file: file)])
    }

    init(_ files: [KubeconfigFile], missing: [String] = []) throws(KubeconfigError) {
        self.files = files.map(\.file)
        parts = files
        self.missing = missing
        currentContext = files.lazy.compactMap(\.currentContext).first
        func merged(_ entries: [[KubeconfigFile.Entry]]) -> [String: KubeconfigFile.Entry] {
            Dictionary(entries.joined().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        }
        clusters = merged(files.map(\.clusters))
        users = merged(files.map(\.users))
        contextEntries = merged(files.map(\.contexts))
        var contexts: [Context] = []
        for (name, entry) in contextEntries {
            contexts.append(
                Context(
                    name: name, cluster: try entry.fields.string("cluster") ?? "",
                    user: try entry.fields.string("user") ?? "", namespace: try entry.fields.string("namespace"),
                    file: entry.fields.document.start.file))
        }
        self.contexts = contexts.sorted { $0.name < $1.name }
    }

    /// Says so when the file of a context has a cluster or user for it that does not count, because a file before has
    /// another one of that name.
    ///
    /// Kubeconfigs of one tool name their users alike (`kubernetes-admin`, `admin`); merged, a context then goes to one
    /// cluster as somebody of another, which that answers with 401.
    func passedOver(
        _ list: KeyPath<KubeconfigFile, [KubeconfigFile.Entry]>, _ what: String, _ winner: KubeconfigFile.Entry,
        of context: Context
    ) -> String? {
        let source = winner.fields.document.start.file
        guard source != context.file,
            let own = parts.first(where: { $0.file == context.file })?[keyPath: list].first(where: {
                $0.name == winner.name
            }), own.fields.value != winner.fields.value
        else { return nil }
        return "context \"\(context.name)\" of \(context.file) goes with the \(what) \"\(winner.name)\" of \(source), "
            + "not with the one beside it: of two that have one name the first counts, as with kubectl; rename one"
    }

    private static func readable(_ error: any Error, _ path: String, remedy: String) -> KubeconfigError {
        if let error = error as? KubeconfigError { return error }
        let reason = (error as? FileContent.Failure)?.message ?? "\(error)"
        return KubeconfigError(.unreadable, "the kubeconfig \(path) cannot be read: \(reason)", remedy: remedy)
    }
}

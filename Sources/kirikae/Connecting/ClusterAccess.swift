import Catalog
import CurlTransport
import Findings
import FoundationEssentials
import KubeAPI
import Manifests

/// One cluster of a kubeconfig, ready to be spoken to.
///
/// The only place that chooses libcurl.
struct ClusterAccess {
    let connection: ClusterConnection
    let client: KubeClient

    /// Opens a context; the current one when `context` is nil.
    ///
    /// Nothing is sent yet. Warnings go to standard error.
    static func open(_ context: String?, options: ClusterOptions) throws -> ClusterAccess {
        try open(context, kubeconfig: options.kubeconfig)
    }

    /// Opens a context of that kubeconfig, or of those that kubectl would read.
    static func open(_ context: String?, kubeconfig: String?) throws -> ClusterAccess {
        let environment = ProcessInfo.processInfo.environment
        do {
            let connection = try connection(context, kubeconfig: kubeconfig, environment: environment)
            let console = Console()
            for warning in connection.warnings { console.message("warning: \(warning)") }
            let plugin = connection.plugin.map {
                PluginCredential($0, runner: SubprocessRunner(), environment: environment) { WallClock.seconds() }
            }
            let files = CertificateFiles(connection.tls, plugin: plugin)
            let transport = try CurlTransport(
                CurlConfiguration(
                    server: connection.server, certificateAuthority: connection.tls.certificateAuthority,
                    clientCertificate: connection.tls.clientCertificate, clientKey: connection.tls.clientKey,
                    renewal: { CurlConfiguration.Certificates(files.current()) },
                    insecureSkipVerify: connection.tls.insecureSkipVerify, serverName: connection.tls.serverName,
                    proxy: connection.proxyURL.map { .url($0) } ?? .environment(environment)))
            return ClusterAccess(
                connection: connection,
                client: KubeClient(
                    transport: transport, credential: plugin.map { .plugin($0) } ?? connection.credential,
                    impersonation: connection.impersonation, userAgent: "kirikae/\(Tool.version)",
                    cluster: connection.context))
        } catch let error as KubeconfigError {
            throw CommandFailure(
                .usage, error.location.map { "\($0): \(error.message)" } ?? error.message,
                next: error.remedy.isEmpty ? nil : error.remedy)
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw CommandFailure(.usage, "context \(context ?? "(current)"): \(error)")
        }
    }

    /// What the server tells of itself, and the certificates of the connection; before the objects are read.
    func evidence() async -> ServerEvidence {
        var evidence = await ServerEvidence.read(client)
        let texts: [(pem: [UInt8]?, role: CertificateFact.Role, name: String, path: FieldPath)] = [
            (connection.tls.clientCertificate, .identity, connection.user, "users.client-certificate"),
            (connection.tls.certificateAuthority, .authority, connection.cluster, "clusters.certificate-authority"),
        ]
        for text in texts {
            guard let pem = text.pem else { continue }
            evidence.certificates += CertificateReader.read(
                pem: String(decoding: pem, as: UTF8.self), role: text.role,
                holder: ObjectReference(
                    kind: GroupKind(group: "", kind: "Config"), namespace: nil, name: text.name), path: text.path)
        }
        return evidence
    }

    /// The context's connection.
    ///
    /// Inside a pod the service account stands in where no kubeconfig names a context, as with kubectl; as
    /// `in-cluster` it can also be named beside a kubeconfig, since a migration needs two clusters.
    private static func connection(
        _ context: String?, kubeconfig: String?, environment: [String: String]
    ) throws(KubeconfigError) -> ClusterConnection {
        let loaded = try Kubeconfig.load(path: kubeconfig, environment: environment)
        let isInPod = environment["KUBERNETES_SERVICE_HOST"]?.isEmpty == false
        let isUnnamed = context == nil && kubeconfig == nil && loaded.contexts.isEmpty
        let isNamed = context == "in-cluster" && !loaded.contexts.contains { $0.name == "in-cluster" }
        if isInPod, isUnnamed || isNamed { return try ClusterConnection.inCluster(environment: environment) }
        return try loaded.connection(context: context)
    }

    /// Reads the whole cluster, with progress on standard error.
    func inventory(
        target: KubernetesVersion?, catalog: Catalog = .builtIn, secrets: SecretHandling
    ) async throws -> Inventory {
        let console = Console()
        var bar: ProgressBar?
        do {
            let inventory = try await InventorySource.cluster(
                client, name: connection.context, server: connection.server, takenAt: WallClock.timestamp(),
                target: target, catalog: catalog, secrets: secrets
            ) { progress in
                if bar == nil { bar = ProgressBar(console: console, total: progress.total) }
                bar?.update(done: progress.done, label: "\(progress.resource) · \(progress.objects) objects")
            }
            bar?.finish()
            return inventory
        } catch {
            bar?.finish()
            throw Self.failure(error, connection.context)
        }
    }

    /// Reads the whole cluster into a folder, with progress on standard error.
    func record(
        target: KubernetesVersion?, secrets: SecretHandling, into folder: String, resuming: Bool
    ) async throws -> InventoryRecord {
        let console = Console()
        var bar: ProgressBar?
        defer { bar?.finish() }
        do throws(InventoryRecordingError) {
            return try await InventorySource.record(
                client, name: connection.context, server: connection.server, takenAt: WallClock.timestamp(),
                target: target, secrets: secrets, into: folder, resuming: resuming,
                evidence: await ServerEvidence.read(client)
            ) { progress in
                if bar == nil { bar = ProgressBar(console: console, total: progress.total) }
                bar?.update(done: progress.done, label: "\(progress.resource) · \(progress.objects) objects")
            }
        } catch {
            switch error {
            case .folder(let error): throw CommandFailure(.usage, error.description)
            case .cluster(let error):
                var failure = Self.failure(error, connection.context)
                if FileManager.default.fileExists(atPath: "\(folder)/.partial/state.json") {
                    failure.next = [failure.next, "What was read is kept: add --resume to go on."].compactMap(\.self)
                        .joined(separator: "\n")
                }
                throw failure
            }
        }
    }

    /// A failed request as the command line shows it.
    static func failure(_ error: KubeError, _ context: String) -> CommandFailure {
        switch error.code {
        case .unreachable, .ambiguous, .timeout, .unavailable:
            CommandFailure(
                .unreachable, "context \(context): \(error.message)",
                next: "Does it answer? kubectl --context \(context) version")
        case .unauthorized where error.reason == PluginCredential.reason:
            CommandFailure(.unreachable, "context \(context): \(error.message)")
        case .unauthorized, .forbidden:
            CommandFailure(
                .unreachable, "context \(context): \(error.message)",
                next: "What may you do there? kubectl --context \(context) auth can-i --list")
        default:
            CommandFailure(.unreachable, "context \(context): \(error)")
        }
    }
}

extension CurlConfiguration.Certificates {
    fileprivate init(_ tls: ClusterConnection.TLS) {
        self.init(authority: tls.certificateAuthority, client: tls.clientCertificate, clientKey: tls.clientKey)
    }
}

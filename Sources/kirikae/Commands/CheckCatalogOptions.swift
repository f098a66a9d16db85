import ArgumentParser
import Catalog
import Findings
import KubeAPI
import Manifests

/// What `check` holds things against: the target, the release before it, the catalog and the target's own server.
struct CheckCatalogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The Kubernetes minor version to check against, such as 1.36; current, or current+1, counts from the "
                + "server of the context. Left out: the version of that server.",
            valueName: "version"))
    var to: TargetArgument?

    @Option(
        help: ArgumentHelp(
            "The minor version the objects live with today: findings are then listed in the order in which they begin "
                + "to hurt on the way.",
            valueName: "version"))
    var from: KubernetesVersionArgument?

    @Option(
        help: ArgumentHelp(
            "The live cluster that is to take the objects: what it really serves goes above the catalog.",
            valueName: "name"))
    var greenContext: String?

    @Flag(help: "Check against a target that is newer than the catalog; what is said of it rests on announcements.")
    var allowUnknownTarget = false

    @Option(
        help: ArgumentHelp(
            "Tell of certificates that end within so many days; those that have ended are always told.",
            valueName: "days"))
    var certificateDays = 30

    @OptionGroup var overlays: CatalogOverlayOptions

    /// What was asked for, with every cluster asked that had to be.
    struct Resolved {
        var catalog: Catalog
        var target: KubernetesVersion
        var from: KubernetesVersion?
        var served: ServedAPIs?
        var certificates: CertificateTerm
    }

    /// Finds the target, asking servers where that is needed, and says where it came from.
    func resolve(_ cluster: ClusterOptions, console: Console) async throws -> Resolved {
        let catalog = try overlays.combined()
        var served: ServedAPIs?
        if let greenContext { served = try await Self.served(by: greenContext, cluster) }
        let target = try await target(served, cluster, console)
        if let served, served.version != target {
            throw CommandFailure(
                .usage, "--to \(target), but \(served.name) runs \(served.version)",
                next: "Leave out --to: the version of --green-context is taken.")
        }
        guard target <= catalog.newest || allowUnknownTarget else {
            throw CommandFailure(
                .usage, "--to \(target): the catalog ends at \(catalog.newest)",
                next: "A newer kirikae may know it; what is missing must not look like \"no findings\". "
                    + "--allow-unknown-target checks with what is known.")
        }
        if let from, from.version > target {
            console.message("--from \(from.version) is newer than --to \(target): this is the way back")
        }
        guard certificateDays >= 0 else {
            throw CommandFailure(.usage, "--certificate-days \(certificateDays): days cannot be negative")
        }
        return Resolved(
            catalog: catalog, target: target, from: from?.version, served: served,
            certificates: CertificateTerm(now: WallClock.seconds(), days: certificateDays))
    }

    private func target(
        _ served: ServedAPIs?, _ cluster: ClusterOptions, _ console: Console
    ) async throws -> KubernetesVersion {
        switch to {
        case .version(let version): return version
        case nil where served != nil: return served?.version ?? KubernetesVersion(minor: 0)
        case nil, .current:
            let access: ClusterAccess
            do { access = try ClusterAccess.open(cluster.context, options: cluster) } catch let error as CommandFailure
            {
                throw CommandFailure(
                    .usage, "no version to check against, and no cluster to take it from: \(error.message)",
                    next: "Name one: --to 1.36")
            }
            var version: KubernetesVersion
            do { version = try await access.client.serverVersion().version } catch {
                throw ClusterAccess.failure(error, access.connection.context)
            }
            if case .current(let minors) = to { version.minor += minors }
            console.message("checking against \(version), from the server of context \(access.connection.context)")
            return version
        }
    }

    private static func served(by context: String, _ cluster: ClusterOptions) async throws -> ServedAPIs {
        let access = try ClusterAccess.open(context, options: cluster)
        do {
            return ServedAPIs(
                name: context, version: try await access.client.serverVersion().version,
                discovery: try await access.client.discover())
        } catch {
            throw ClusterAccess.failure(error, context)
        }
    }
}

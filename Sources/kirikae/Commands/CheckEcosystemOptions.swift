import ArgumentParser
import Catalog
import Findings

/// Which releases of projects the target will have, so that custom resources can be judged for certain.
struct CheckEcosystemOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A project and the release of it that the target will have, such as cert-manager=1.20; may be repeated. "
                + "Custom resources of projects that are not named are judged by what goes with the target's Kubernetes.",
            valueName: "project=version"))
    var with: [ProjectRelease] = []

    /// The checks with what was said about projects.
    func applied(to checks: [any Check], catalog: Catalog) throws -> [any Check] {
        let known = Set(
            catalog.facts.ecosystem.flatMap { [$0.project] + ($0.inDistribution.map { [$0.name] } ?? []) })
        for release in with where !known.contains(release.project) {
            throw CommandFailure(
                .usage, "--with \(release.project): no project of that name has custom resources in the catalog",
                next: "It knows \(known.sorted().joined(separator: ", ")).")
        }
        let releases = Dictionary(with.map { ($0.project, $0.version) }) { $1 }
        return checks.map { $0 is EcosystemAPICheck ? EcosystemAPICheck(releases: releases) : $0 }
    }
}

/// `cert-manager=1.20`.
struct ProjectRelease: ExpressibleByArgument {
    var project: String
    var version: ReleaseVersion

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let version = ReleaseVersion(parts[1]) else { return nil }
        project = String(parts[0])
        self.version = version
    }
}

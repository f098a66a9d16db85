import Catalog
import Manifests

/// Helm releases whose kept manifest names kinds the target does not serve.
///
/// Helm reads that manifest before every upgrade; one kind it cannot map makes the upgrade fail, after the cluster
/// was upgraded. Releases that were superseded or uninstalled are history and not reported.
public struct HelmReleaseAPICheck: Check {
    public let code = "helm-release-api"
    public let summary = "The manifest kept in a Helm release names an apiVersion the target does not serve."

    /// The states that the next upgrade starts from.
    static let live: Set<String> = ["deployed", "failed", "pending-upgrade", "pending-rollback", "pending-install"]

    public init() {}

    public func need(in context: CheckContext) -> CheckNeed { HelmReleaseReader.need }

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        guard let release = subject.helmRelease ?? HelmReleaseReader.read(subject.object),
            Self.live.contains(release.status)
        else { return [] }
        let path: FieldPath = "data.release"
        if let problem = release.problem {
            return [
                subject.finding(
                    code, .info, about: subject.object.gvk, at: path,
                    place: .helmRelease(name: release.name, revision: release.revision, line: 0),
                    message: "The Helm release could not be read: \(problem).",
                    remedy: "Look at it with helm get manifest \(release.name).")
            ]
        }
        return release.items.compactMap { item in
            guard case .removed(let since) = APIVerdict(of: item.gvk, context: context) else { return nil }
            let replacement = context.replacement(for: item.gvk)
            let name = item.namespace.map { "\($0)/\(item.name)" } ?? item.name
            return subject.finding(
                code, .breaks, about: item.gvk, at: path,
                place: .helmRelease(name: release.name, revision: release.revision, line: item.line), since: since,
                replacement: replacement,
                message:
                    "Helm release \(release.name) (revision \(release.revision), line \(item.line) of its manifest) "
                    + "installs \(item.gvk) \(name), no longer served since \(since).",
                remedy: "Upgrade the chart to one that writes "
                    + "\(replacement?.apiVersion ?? "no \(item.gvk.kind)") before the switch, or map the release "
                    + "with helm mapkubeapis.")
        }
    }
}

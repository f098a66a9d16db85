import Catalog
import Manifests

/// Helm releases that cannot be upgraded any more on green.
public struct HelmReleaseHazard: HazardCheck {
    public let id = "helm-release-names-removed-api"
    public let summary = "A Helm release names kinds green does not serve: its next upgrade there fails."

    public init() {}

    public func hazards(in inventory: Inventory, context: HazardContext) -> [Hazard] {
        inventory.helmReleases.compactMap { release in
            guard HelmReleaseAPICheck.live.contains(release.status) else { return nil }
            let removed = release.items.filter { item in
                context.catalog.lifecycle(of: item.gvk)?.endOfService.map { context.target >= $0 } ?? false
            }
            guard let first = removed.first else { return nil }
            return Hazard(
                id: id, severity: .informs, object: release.secret, path: "data.release",
                location: inventory[release.secret]?.location,
                message: "Helm release \(release.name) names \(removed.count) objects that \(context.target) does not "
                    + "serve, the first being \(first.gvk) \(first.name): helm upgrade fails there.",
                answer: "Upgrade the chart on blue first, or map the release with helm mapkubeapis on green.")
        }
    }
}

public import Manifests

/// The ways to an inventory.
///
/// This file: from manifests.
public enum InventorySource {
    /// What was loaded from files, as if it stood in a cluster.
    ///
    /// What could not be read is in `notSeen`: whoever plans from files must know that some are missing.
    public static func manifests(_ report: LoadReport, cluster: InventoryCluster, takenAt: String) -> Inventory {
        Inventory(
            cluster: cluster, takenAt: takenAt,
            objects: report.objects.map { InventoryObject($0.object, location: $0.location(of: "apiVersion")) },
            notSeen: report.errors.map(\.description),
            helmReleases: report.objects.compactMap { HelmReleaseReader.read($0.object) })
    }
}

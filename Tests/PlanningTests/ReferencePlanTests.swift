import Catalog
import Findings
import FoundationEssentials
import Manifests
import Testing

@testable import Planning

/// The plan in `plans/shop` is what planning gives, byte for byte: a change of the planner shows in review as what it
/// changes in a plan that people can read.
@Suite("The reference plan")
struct ReferencePlanTests {
    private static let again = "to renew it: kirikae plan -f plans/shop/migration.yaml, then read the difference"

    @Test("is exactly what planning gives, whoever plans it", arguments: ["one operator", "another"])
    func golden(key: String) throws {
        let folder = ShopPlanTests.folder
        let golden = try PlanFile.read(folder)
        let path = "\(folder)/migration.yaml"
        let file = try MigrationFile(Array(try Data(contentsOf: URL(filePath: path))), file: path)
        let planned = try Planner.plan(
            PlanningInput(
                migration: file.migration, migrationDigest: file.digest,
                blue: try Inventory.read(directory: "\(folder)/inventory"),
                target: TargetCapabilities(
                    identity: ClusterIdentity(
                        name: file.migration.green.name ?? "", uid: nil, version: file.migration.green.version,
                        apis: nil), catalog: .builtIn),
                digestKey: Array(key.utf8), tool: golden.plan.tool))
        let made: [(String, [UInt8])] = [
            (PlanFile.planName, Array(try PlanFile.planText(planned.plan).utf8)),
            (PlanFile.objectsName, PlanFile.objectLines(planned.objects)),
            (PlanFile.wayBackName, Array(planned.wayBack.utf8)),
        ]
        for (name, bytes) in made {
            let kept = Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
            let line = zip(kept.split(separator: 0x0A), bytes.split(separator: 0x0A)).enumerated()
                .first { $0.element.0 != $0.element.1 }?.offset
            let isSame = kept == bytes
            #expect(isSame, "\(name) differs from line \((line ?? 0) + 1) on; \(Self.again)")
        }
    }
}

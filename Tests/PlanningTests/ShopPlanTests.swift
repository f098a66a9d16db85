import Catalog
import Findings
import FoundationEssentials
import Manifests
import Testing

@testable import Planning

/// The reference migration of this project, planned from the files in `plans/shop`.
@Suite("The shop's plan")
struct ShopPlanTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "plans/shop").path

    static func planned() throws -> PlannedMigration {
        let path = "\(folder)/migration.yaml"
        let file = try MigrationFile(Array(try Data(contentsOf: URL(filePath: path))), file: path)
        let inventory = try Inventory.read(directory: "\(folder)/inventory")
        let green = ClusterIdentity(
            name: "shop-green", uid: "green", version: file.migration.green.version, apis: nil)
        return try Planner.plan(
            PlanningInput(
                migration: file.migration, migrationDigest: file.digest, blue: inventory,
                target: TargetCapabilities(identity: green, catalog: .builtIn), digestKey: Array("key".utf8),
                tool: "test"))
    }

    @Test("every object of the inventory is accounted for")
    func addsUp() throws {
        let planned = try Self.planned()
        #expect(planned.plan.accounting.addsUp)
    }
}

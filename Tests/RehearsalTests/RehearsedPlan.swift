import Catalog
import Execution
import Findings
import FoundationEssentials
import Manifests
import Planning
import Testing

@testable import Rehearsal

/// A plan with the blue it was made from: what a drill needs.
struct RehearsedPlan {
    var document: PlanDocument
    var blue: [KubeObject]

    /// Plans a migration from an inventory, through the plan's files and back, as the commands do.
    init(migration: Migration, inventory: Inventory) throws {
        let planned = try Planner.plan(
            PlanningInput(
                migration: migration, migrationDigest: Digest(of: "migration"), blue: inventory,
                target: TargetCapabilities(
                    identity: ClusterIdentity(
                        name: migration.green.name ?? "green", uid: nil, version: migration.green.version, apis: nil),
                    catalog: .builtIn),
                digestKey: Array("key".utf8), tool: "test"))
        document = PlanDocument(
            plan: planned.plan, objects: planned.objects, digest: try PlanFile.digest(of: planned.plan),
            files: PlanFiles([:]))
        blue = inventory.objects.map(\.object)
    }

    func drill(seed: UInt64 = 1) -> Drill { Drill(document: document, blueObjects: blue, seed: seed) }
}

extension RehearsedPlan {
    /// The repository's root.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The reference migration in `plans/shop`, not yet planned.
    static func shopSource() throws -> (migration: Migration, inventory: Inventory) {
        let path = "\(root)/plans/shop/migration.yaml"
        let file = try MigrationFile(Array(try Data(contentsOf: URL(filePath: path))), file: path)
        return (file.migration, try Inventory.read(directory: "\(root)/plans/shop/inventory"))
    }

    /// The reference migration in `plans/shop`.
    static func shop() throws -> RehearsedPlan {
        let source = try shopSource()
        return try RehearsedPlan(migration: source.migration, inventory: source.inventory)
    }
}

extension DrillProof {
    /// Claims that do not hold, with what contradicts them; empty when all is well.
    var complaints: [String] {
        claims.filter { !$0.holds }.map { "\($0.id): \($0.counterexamples.joined(separator: "; "))" }
    }
}

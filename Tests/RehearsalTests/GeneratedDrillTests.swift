import Execution
import Findings
import Manifests
import Planning
import Testing

@testable import Rehearsal

/// Migrations that nobody wrote: what holds for the shop must hold for them.
@Suite("Generated migrations")
struct GeneratedDrillTests {
    @Test("go forward, back and forward again, and every claim holds", arguments: UInt64(1)...50)
    func wholeWay(seed: UInt64) async throws {
        let made = try await GeneratedMigration(seed: seed)
        let route = "blue \(made.cluster.version) → green \(made.migration.green.version)"
        let again = "repeat with: swift test --filter 'GeneratedDrillTests' (seed \(seed), \(route))"
        #expect(made.unloadable == [], "\(again)")
        let plan = try RehearsedPlan(migration: made.migration, inventory: made.inventory)
        let drill = plan.drill(seed: seed)
        // One way back, another one for each seed; the shop's test takes every one.
        let ways = drill.everyWayBack
        let way = ways[Int(seed) % ways.count]
        let report = try await drill.run(waysBack: [way], store: MemoryRunStore())
        let complaints = DrillProof(report, document: plan.document).complaints
        #expect(complaints == [], "\(again), \(way.from) → \(way.to)")
    }

    @Test("are the same for the same seed")
    func deterministic() async throws {
        let (first, second) = (try await GeneratedMigration(seed: 3), try await GeneratedMigration(seed: 3))
        #expect(first.cluster.objects == second.cluster.objects)
        #expect(first.inventory.digest == second.inventory.digest)
        #expect(first.migration == second.migration)
    }
}

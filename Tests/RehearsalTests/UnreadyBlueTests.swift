import Execution
import Findings
import Manifests
import Planning
import Testing

@testable import Rehearsal

/// Blue as it is at 2 a.m.: something on it was never ready, long before anybody migrated.
@Suite("A blue that was never all ready")
struct UnreadyBlueTests {
    @Test("is returned to all the same, without waiting for what it never had")
    func wayBack() async throws {
        let shop = try RehearsedPlan.shopSource()
        let worker = try #require(ObjectReference("Deployment.apps/orders/orders-worker"))
        let objects = shop.inventory.objects.map { entry in
            var entry = entry
            guard entry.object.reference == worker else { return entry }
            // The simulator never counts a Pod of it as ready, on whichever cluster.
            entry.object["spec.template.metadata.annotations"] = [
                "kirikae.dev/sim-never-ready": "true"
            ]
            for member in ["readyReplicas", "availableReplicas"] {
                entry.object[FieldPath([.member("status"), .member(member)])] = nil
            }
            return entry
        }
        let plan = try RehearsedPlan(
            migration: shop.migration,
            inventory: Inventory(
                cluster: shop.inventory.cluster, takenAt: shop.inventory.takenAt, apis: shop.inventory.apis,
                objects: objects, digestKeyID: shop.inventory.digestKeyID))
        let stage = try DrillStage(document: plan.document, blueObjects: plan.blue, seed: 1)
        let store = MemoryRunStore()
        let forward = try await stage.go(forward: nil, until: nil, store: store, observer: SilentObserver())
        #expect(forward.kind == .halted, "\(forward.message)")
        let run = try #require(forward.run)
        let before = stage.snapshot(at: "before-cutover-back")
        let began = stage.clock.wallMilliseconds
        let back = await stage.rollback(run, to: "before-cutover-back", store: store, observer: SilentObserver())
        #expect(back.kind == .paused, "\(back.message)")
        #expect(stage.clock.wallMilliseconds - began < 60_000)
        #expect(stage.contents().blue == before.blue)
    }
}

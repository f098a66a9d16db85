import Execution
import Manifests
import Planning
import Routing
import SimCluster
import Synchronization
import Testing

@testable import Rehearsal

/// Amendment A1: a dead green never blocks the way back, at whichever step of a cutover it dies.
@Suite("A green that dies during cutover")
struct DeadGreenTests {
    /// The steps of the shop's second cutover that change something.
    static let steps: [String] = {
        guard let plan = try? RehearsedPlan.shop().document.plan,
            let wave = plan.waves.first(where: { $0.name == "back" }),
            let cut = wave.steps.firstIndex(where: { $0.checkpointName == "before-cutover-back" })
        else { return [] }
        return wave.steps[cut...].compactMap { step in
            switch step.action {
            case .apply, .setFields, .route: step.id
            default: nil
            }
        }
    }()

    @Test(
        "gets traffic and blue's work back without it, settles what it is owed later, and goes on to the end",
        arguments: steps, [SimFault.refuse, .status(401)])
    func everyStep(step: String, fault: SimFault) async throws {
        let plan = try RehearsedPlan.shop()
        let isDead = Atomic(false)
        let stage = try DrillStage(document: plan.document, blueObjects: plan.blue, seed: 1) { record, stage in
            // Dies as the step's first effect is about to be sent.
            guard record.entry.type == .stepIntent, record.entry.text("step") == step,
                !isDead.exchange(true, ordering: .relaxed)
            else { return }
            stage.green.faults = { _ in fault }
        }
        let store = MemoryRunStore()
        let quiet = SilentObserver()
        let forward = try await stage.go(forward: nil, until: nil, store: store, observer: quiet)
        let run = try #require(forward.run)
        #expect(stage.reached("before-cutover-back"))
        let before = stage.snapshot(at: "before-cutover-back")

        let back = await stage.rollback(run, to: "before-cutover-back", store: store, observer: quiet)
        #expect(back.kind == .paused, "\(back.message)")
        #expect(stage.weights()["orders"] == .allBlue)
        let left = stage.contents().blue.differences(from: before.blue)
        #expect(left.isEmpty, "\(left)")

        stage.green.faults = nil
        if back.state?.owed.isEmpty == false {
            let settled = try await stage.go(forward: run, until: nil, store: store, observer: quiet)
            #expect(settled.kind == .paused, "\(settled.message)")
            #expect(settled.state?.owed.isEmpty == true)
        }
        let still = stage.contents().green.differences(from: before.green).filter { !$0.isBinding }
        #expect(still.isEmpty, "\(still)")

        let end = try await stage.go(forward: run, until: nil, store: store, observer: quiet)
        #expect(end.kind == .succeeded, "\(end.message)")
        #expect(stage.weights().values.allSatisfy { $0 == .allGreen })
    }

    @Test("is called out of reach, not locked by another, when its lock runs out in a soak")
    func diesInSoak() async throws {
        var source = try RehearsedPlan.shopSource()
        for index in source.migration.waves.indices {
            source.migration.waves[index].gates = [MigrationGate(gate: .soak, before: .traffic, seconds: 120)]
        }
        let plan = try RehearsedPlan(migration: source.migration, inventory: source.inventory)
        let stage = try DrillStage(document: plan.document, blueObjects: plan.blue, seed: 1) { record, stage in
            if record.entry.type == .gateWaiting, record.entry.text("wave") == "back" {
                stage.green.faults = { _ in .refuse }
            }
        }
        let store = MemoryRunStore()
        let outcome = try await stage.go(forward: nil, until: nil, store: store, observer: SilentObserver())
        #expect(outcome.kind == .unreachable, "\(outcome.message)")
        let back = await stage.rollback(
            try #require(outcome.run), to: "before-cutover-back", store: store, observer: SilentObserver())
        #expect(back.kind == .paused, "\(back.message)")
        #expect(stage.weights()["orders"] == .allBlue)
    }
}

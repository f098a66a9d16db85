import HTTP
import Manifests
import Planning
import SimCluster
import Testing

@testable import Execution

@Suite("The shop on two simulated clusters")
struct ShopTests {
    @Test("goes to the end; blue then differs by the planned actions and nothing else")
    func forward() async throws {
        let stage = try ShopStage()
        let before = ShopStage.content(stage.blue)
        let outcome = await stage.runner.apply(stage.document)
        #expect(outcome.kind == .succeeded, "\(outcome.message) \(outcome.problems.prefix(5))")
        #expect(stage.routers.values.allSatisfy { $0.green == 100 })
        // A7: the difference is computed from the plan.
        var expected = before
        for (_, step) in stage.document.plan.steps {
            guard case .setFields(let action) = step.action, action.side == .blue else { continue }
            for change in action.changes {
                for field in change.fields { expected[change.object]?[field.path] = field.to }
            }
        }
        let after = ShopStage.content(stage.blue)
        let wrong = Set(expected.keys).union(after.keys).filter { expected[$0] != after[$0] }
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test("rolled back to the first checkpoint leaves both clusters as they were")
    func back() async throws {
        var stage = try ShopStage()
        let blue = ShopStage.content(stage.blue)
        let green = ShopStage.content(stage.green)
        #expect(await stage.runner.apply(stage.document).kind == .succeeded)
        stage.signals = SignalCounter()
        let outcome = await stage.runner.rollback(try stage.run, to: .checkpoint("start"), stage.document)
        #expect(outcome.kind == .rolledBack, "\(outcome.message) \(outcome.state?.halt?.code ?? "")")
        let blueNow = ShopStage.content(stage.blue)
        let greenNow = ShopStage.content(stage.green)
        #expect(Set(blue.keys).union(blueNow.keys).filter { blue[$0] != blueNow[$0] }.isEmpty)
        #expect(Set(green.keys).union(greenNow.keys).filter { green[$0] != greenNow[$0] }.isEmpty)
        #expect(stage.routers.values.allSatisfy { $0.green == 0 })
    }

    @Test(
        "returns to blue when green is gone in the middle of a cutover, and settles what green is owed later",
        arguments: [SimFault.refuse, .loseRequest, .status(401), .status(503)])
    func deadGreen(fault: SimFault) async throws {
        var stage = try ShopStage()
        stage.observer = StopAt(.stepVerified, step: "front.302-route-storefront-10", stage.signals)
        let started = stage.document.plan.steps.contains { $0.step.id == "front.302-route-storefront-10" }
        try #require(started, "\(stage.document.plan.steps.map(\.step.id))")
        #expect(await stage.runner.apply(stage.document).kind == .interrupted)
        #expect(stage.routers["storefront"]?.green == 10)
        stage.signals = SignalCounter()
        stage.observer = SilentObserver()
        stage.green.faults = { _ in fault }
        let run = try stage.run
        let blueAtStart = try ShopStage()
        let back = await stage.runner.rollback(run, to: .checkpoint("start"), stage.document)
        #expect(back.kind == .paused, "\(back.message)")
        #expect(back.state?.owed.isEmpty == false)
        #expect(stage.routers["storefront"]?.green == 0)
        let expected = ShopStage.content(blueAtStart.blue)
        let now = ShopStage.content(stage.blue)
        #expect(Set(expected.keys).union(now.keys).filter { expected[$0] != now[$0] }.isEmpty)

        let again = await stage.runner.resume(run, stage.document)
        #expect(again.kind == .paused, "green is still gone: \(again.message)")
        stage.green.faults = nil
        let settled = await stage.runner.resume(run, stage.document)
        #expect(settled.kind == .rolledBack, "\(settled.message)")
        #expect(settled.state?.owed.isEmpty == true)
        let greenNow = ShopStage.content(stage.green)
        let greenBefore = ShopStage.content(blueAtStart.green)
        #expect(Set(greenNow.keys) == Set(greenBefore.keys))
    }

    @Test("lets nobody in while another process works, and the same place in at once after a crash")
    func locks() async throws {
        var stage = try ShopStage()
        stage.observer = StopAt(.stepVerified, step: "front.302-route-storefront-10", stage.signals)
        _ = await stage.runner.apply(stage.document)
        stage.signals = SignalCounter()
        stage.observer = SilentObserver()
        // As if that process had been killed instead: the claim stands.
        let lease = try #require(stage.blue.world[ShopStage.lease])
        #expect(lease["spec.holderIdentity"] == nil)
        #expect(lease[annotation: LeaseGuard.runMark] == (try stage.run))
        var other = stage
        other.actor = "eve@other#9"
        other.place = "other"
        let foreign = PlanDocument(
            plan: stage.document.plan, objects: stage.document.objects, digest: Digest(of: "another plan"),
            files: stage.document.files)
        let elsewhere = MemoryRunStore()
        var ports = other.runner.ports
        ports.store = elsewhere
        let refused = await Runner(ports: ports, tool: "test").apply(foreign)
        // Its collisions alone would stop it; nothing of it may reach a cluster in any case.
        #expect(refused.kind == .refused || refused.kind == .locked || refused.kind == .stale)
        #expect(await stage.runner.resume(try stage.run, stage.document).kind == .succeeded)
        #expect(stage.blue.world[ShopStage.lease]?[annotation: LeaseGuard.runMark] == nil)
    }
}

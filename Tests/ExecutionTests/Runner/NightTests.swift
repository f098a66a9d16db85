import Manifests
import Planning
import Synchronization
import Testing

@testable import Execution

/// What people and controllers do to two clusters while something is on fire.
@Suite("The way back at night")
struct NightTests {
    /// All traffic on green, stopped there.
    private func moved() async throws -> Scene {
        let scene = try Scene()
        _ = await scene.runner(observer: StopAt(.stepVerified, step: "front.110-route", scene.signals))
            .apply(scene.document)
        #expect(scene.router.green == 100)
        var next = scene
        next.signals = SignalCounter()
        return next
    }

    private func expectUsersOnBlue(_ scene: Scene) {
        #expect(scene.router.green == 0)
        #expect(scene.blue.content()[Scene.cron]?["spec"]?["suspend"] == false)
    }

    @Test("does not stop at what somebody deleted on green")
    func goneOnGreen() async throws {
        let scene = try await moved()
        scene.green.state.withLock { $0.objects = $0.objects.filter { $0.key.namespace != "shop" } }
        let outcome = await scene.runner.rollback(try scene.run, to: nil, scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        expectUsersOnBlue(scene)
    }

    @Test("goes on when told to, where somebody made an object of green anew")
    func remadeOnGreen() async throws {
        let scene = try await moved()
        scene.green.edit(Scene.cron) { $0["metadata.uid"] = "another" }
        let run = try scene.run
        #expect(await scene.runner.rollback(run, to: nil, scene.document).state?.halt?.code == "foreign")
        let outcome = await scene.runner.rollback(
            run, to: nil, overwriteForeign: ["front.080-wake"], scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        #expect(scene.green.content()[Scene.cron]?["spec"]?["suspend"] == true)
        expectUsersOnBlue(scene)
    }

    @Test("goes on when told to, where somebody deleted an object of blue")
    func goneOnBlue() async throws {
        let scene = try await moved()
        scene.blue.state.withLock { $0.objects[Scene.cron] = nil }
        let run = try scene.run
        #expect(await scene.runner.rollback(run, to: nil, scene.document).state?.halt?.code == "foreign")
        let outcome = await scene.runner.rollback(
            run, to: nil, overwriteForeign: ["front.070-quiet"], scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        #expect(scene.router.green == 0)
    }

    @Test("takes traffic that a person moved to blue by hand for what was wanted", arguments: ["nil", "start"])
    func movedByHand(target: String) async throws {
        let scene = try await moved()
        scene.router.force(0)
        let outcome = await scene.runner.rollback(
            try scene.run, to: target == "start" ? .checkpoint("start") : nil, scene.document)
        #expect(outcome.kind == (target == "start" ? .rolledBack : .paused), "\(outcome.message)")
        #expect(scene.router.mostGreenSinceForced == 0, "a way back never raises green's share")
        expectUsersOnBlue(scene)
    }

    @Test("serves users before it takes anything away, in every wave")
    func usersFirst() async throws {
        let scene = try Scene()
        #expect(await scene.runner.apply(scene.document).kind == .succeeded)
        scene.green.edit(Scene.later) { $0["data.n"] = "2" }
        let outcome = await scene.runner.rollback(
            try scene.run, to: .checkpoint("before-cutover-front"), scene.document)
        #expect(outcome.state?.halt?.code == "foreign", "somebody's edit is not deleted")
        expectUsersOnBlue(scene)
    }

    @Test("goes past a green that refuses to sleep, and remembers it")
    func greenRefuses() async throws {
        let scene = try await moved()
        scene.green.state.withLock { $0.refusals = [StepFailure(.permanent, "422 denied by a policy")] }
        let run = try scene.run
        let outcome = await scene.runner.rollback(run, to: nil, scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        #expect(outcome.state?.owed.count == 1)
        expectUsersOnBlue(scene)
        #expect(await scene.runner.resume(run, scene.document).state?.owed.isEmpty == true)
        #expect(scene.green.content()[Scene.cron]?["spec"]?["suspend"] == true)
    }

    @Test("wakes blue's exclusive work only when green's has ended")
    func greenEnds() async throws {
        let scene = try await moved()
        scene.green.state.withLock { $0.looksUntilIdle = 5 }
        scene.faults.watchWrites { [green = scene.green] object, side in
            side == .blue && object == Scene.cron && green.state.withLock { $0.looksUntilIdle } > 0
                ? "blue was woken while green still ran" : nil
        }
        let outcome = await scene.runner.rollback(try scene.run, to: nil, scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        #expect(scene.faults.violations.isEmpty)
        expectUsersOnBlue(scene)
    }

    @Test("does not wait for ever for green's work to end")
    func greenNeverEnds() async throws {
        let scene = try await moved()
        scene.green.state.withLock { $0.looksUntilIdle = .max }
        let before = scene.clock.wallMilliseconds
        let outcome = await scene.runner.rollback(try scene.run, to: nil, scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        #expect(scene.clock.wallMilliseconds - before < 200_000)
        expectUsersOnBlue(scene)
    }

    @Test("is not stopped by an autoscaler of green, but by a person", arguments: [true, false])
    func autoscaled(byAutoscaler: Bool) async throws {
        let scene = try await moved()
        if byAutoscaler {
            scene.green.seed([
                Scene.object(
                    "autoscaling/v2", Scene.reference("HorizontalPodAutoscaler.autoscaling/shop/web"),
                    ["spec": ["scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": "web"]]])
            ])
        }
        scene.green.edit(Scene.web) { $0["spec.replicas"] = 9 }
        let outcome = await scene.runner.rollback(try scene.run, to: .wave("front"), scene.document)
        #expect(outcome.kind == (byAutoscaler ? .paused : .halted), "\(outcome.message)")
        #expect((scene.green.content()[Scene.web] == nil) == byAutoscaler)
        expectUsersOnBlue(scene)
    }

    @Test("is as quick when the clock is set back meanwhile", arguments: [-3_600_000, 3_600_000] as [Int64])
    func clockSet(jump: Int64) async throws {
        let scene = try await moved()
        scene.green.state.withLock {
            $0.looksUntilIdle = 3
            $0.refusals = [StepFailure(.throttled, "429", retryAfter: .seconds(1))]
        }
        let before = scene.clock.monotonicNanoseconds
        let jumps = When { [clock = scene.clock] record in
            if record.entry.type == .undoRetry { clock.jump(jump) }
            if record.entry.type == .undoIntent { clock.jump(jump) }
        }
        let outcome = await scene.runner(observer: jumps).rollback(try scene.run, to: nil, scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        #expect(scene.clock.monotonicNanoseconds - before < 120_000_000_000)
        expectUsersOnBlue(scene)
    }
}

@Suite("The cutover while others work")
struct CutoverTests {
    @Test("takes nothing for its own that somebody else moved before it")
    func alreadyMoved() async throws {
        let scene = try Scene()
        let hand = When { [router = scene.router] record in
            if record.entry.type == .checkpoint, record.entry.text("checkpoint") == "before-cutover-front" {
                router.force(1)
            }
        }
        let halted = await scene.runner(observer: hand).apply(scene.document)
        #expect(halted.state?.halt?.code == "foreign", "a later way back would leave it where it stands")
        scene.router.force(0)
        #expect(await scene.runner.resume(try scene.run, scene.document).kind == .succeeded)
    }

    @Test("sends nobody to a green that stopped being ready while a gate was closed")
    func readyAgain() async throws {
        let scene = try Scene()
        let breaks = When { [green = scene.green] record in
            if record.entry.type == .gateApproved { green.state.withLock { $0.broken = [Scene.web] } }
        }
        let halted = await scene.runner(observer: breaks).apply(scene.document)
        #expect(halted.kind == .halted)
        #expect(halted.message.contains("ready"), "\(halted.message)")
        #expect(scene.router.green == 0)
        scene.green.state.withLock { $0.broken = [] }
        #expect(await scene.runner.resume(try scene.run, scene.document).kind == .succeeded)
    }
}

/// Does something when a record was written.
struct When: RunObserver {
    let body: @Sendable (JournalRecord) -> Void

    init(_ body: @escaping @Sendable (JournalRecord) -> Void) { self.body = body }

    func recorded(_ record: JournalRecord, progress: RunProgress) { body(record) }
    func waiting(_ what: String, progress: RunProgress) {}
}

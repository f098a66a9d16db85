import Manifests
import Planning
import Synchronization
import Testing

@testable import Execution

/// What a way back waits for, for how long, and what it says of it.
@Suite("A way back")
struct ReturnTests {
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

    private func notes(_ scene: Scene, _ code: String) throws -> [String] {
        try scene.store.read(try scene.run).records.filter { $0.entry.text("code") == code }
            .compactMap { $0.entry.text("message") }
    }

    @Test("waits until blue can carry what it carried, and says nothing when it soon can")
    func blueComesUp() async throws {
        let scene = try await moved()
        scene.blue.state.withLock { $0.broken = [Scene.web] }
        let counter = Counter()
        scene.router.watch { [blue = scene.blue] before, after in
            after < before && !blue.state.withLock { $0.broken.isEmpty }
                ? "users went to a blue that is not ready" : nil
        }
        let mends = Waits { [blue = scene.blue] _ in
            if counter.next() == 5 { blue.state.withLock { $0.broken = [] } }
        }
        let outcome = await scene.runner(observer: mends).rollback(try scene.run, to: nil, scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        #expect(scene.faults.violations.isEmpty, "\(scene.faults.violations)")
        #expect(scene.router.green == 0)
        #expect(try notes(scene, "blue-not-ready").isEmpty)
    }

    @Test("does not wait for ever for a blue that does not come up, and says so")
    func blueStaysDown() async throws {
        let scene = try await moved()
        scene.blue.state.withLock { $0.broken = [Scene.web] }
        let before = scene.clock.monotonicNanoseconds
        let outcome = await scene.runner.rollback(try scene.run, to: nil, scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        #expect(scene.router.green == 0)
        #expect((30...40).contains((scene.clock.monotonicNanoseconds - before) / 1_000_000_000))
        #expect(try notes(scene, "blue-not-ready").first?.contains("0 of 2 ready") == true)
    }

    @Test("does not wait for blue at all when green is gone")
    func greenGone() async throws {
        let scene = try await moved()
        scene.blue.state.withLock { $0.broken = [Scene.web] }
        scene.green.state.withLock { $0.isDown = true }
        let before = scene.clock.monotonicNanoseconds
        let outcome = await scene.runner.rollback(try scene.run, to: nil, scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        #expect(scene.router.green == 0)
        #expect((scene.clock.monotonicNanoseconds - before) / 1_000_000_000 < 10)
        #expect(try notes(scene, "blue-not-ready").count == 1)
    }

    @Test("lets connections to green end before anything there is taken away")
    func drains() async throws {
        let scene = try await moved()
        scene.router.linger(12)
        scene.faults.watchWrites { [router = scene.router] object, side in
            side == .green && object != Scene.cron && router.stillOpen > 0 ? "\(object) went while in use" : nil
        }
        let outcome = await scene.runner.rollback(try scene.run, to: .checkpoint("start"), scene.document)
        #expect(outcome.kind == .rolledBack, "\(outcome.message)")
        #expect(scene.faults.violations.isEmpty, "\(scene.faults.violations)")
        #expect(try notes(scene, "drained").count == 1)
        let time = try #require(ReturnTime.all(in: try scene.store.read(try scene.run).records).last)
        #expect(time.trafficMilliseconds ?? .max < 1_000, "users do not wait for it")
        #expect(time.wholeMilliseconds ?? 0 >= 10_000)
    }

    @Test("does not wait for ever for connections that never end, and counts them")
    func neverEnds() async throws {
        let scene = try await moved()
        scene.router.linger(7, ends: false)
        let outcome = await scene.runner.rollback(try scene.run, to: .checkpoint("start"), scene.document)
        #expect(outcome.kind == .rolledBack, "\(outcome.message)")
        #expect(try notes(scene, "connections-left").first?.contains("7 connections") == true)
    }

    @Test("deletes nothing that somebody edits between the look and the deletion")
    func editedAtLast() async throws {
        let scene = try Scene()
        _ = await scene.runner.apply(scene.document)
        scene.green.state.withLock { $0.beforeDelete[Scene.config] = { $0["data"] = ["note": "at last"] } }
        let outcome = await scene.runner.rollback(try scene.run, to: .checkpoint("start"), scene.document)
        #expect(outcome.state?.halt?.code == "foreign", "\(outcome.message)")
        #expect(scene.green.content()[Scene.config]?["data"]?["note"] == "at last")
    }

    @Test("says before how long it may take, from what the way forward took")
    func estimate() async throws {
        let scene = try await moved()
        let run = try scene.run
        func estimate(_ target: RollbackTarget) throws -> ReturnEstimate {
            try scene.runner.returnEstimate(
                run, undoing: try scene.runner.rollbackPreview(run, to: target, scene.document), scene.document)
        }
        let back = try estimate(.checkpoint("before-cutover-front"))
        #expect(back.hasExclusiveWork && back.movesTraffic)
        #expect(back.text.contains("ends on green"))
        let outcome = await scene.runner.resume(run, scene.document)
        #expect(outcome.kind == .succeeded)
        let last = try estimate(.checkpoint("done-front"))
        #expect(!last.hasExclusiveWork && !last.movesTraffic)
    }

    @Test("by itself goes on though green's API died before this process began")
    func resumesGuarding() async throws {
        var scene = try Scene()
        var gate = scene.probeGate
        gate.seconds = 60
        gate.probe?.interval = 6
        try scene.replaceProbeGate(gate)
        _ = await scene.runner(
            observer: Waits { [signals = scene.signals] what in
                if what.hasPrefix("front.095-probe") { signals.receive("SIGINT") }
            }
        ).apply(scene.document)
        #expect(scene.router.green == 1)
        scene.signals = SignalCounter()
        scene.green.state.withLock { $0.isDown = true }
        scene.prober.set(badPercent: 100)
        let outcome = await scene.runner.resume(try scene.run, scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        #expect(scene.router.green == 0)
        #expect(scene.blue.content()[Scene.cron]?["spec"]?["suspend"] == false)
        #expect(outcome.state?.owed.isEmpty == false)
    }
}

/// Does something whenever a run waits.
struct Waits: RunObserver {
    let body: @Sendable (String) -> Void

    init(_ body: @escaping @Sendable (String) -> Void) { self.body = body }

    func recorded(_ record: JournalRecord, progress: RunProgress) {}
    func waiting(_ what: String, progress: RunProgress) { body(what) }
}

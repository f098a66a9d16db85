import Manifests
import Planning
import Synchronization
import Testing

@testable import Execution

@Suite("Watching a run")
struct WatchTests {
    /// A run that waits at its first gate.
    private func waiting() async throws -> Scene {
        var scene = try Scene()
        scene.approver = ListedApprover(gates: [], person: "nobody")
        #expect(await scene.runner.apply(scene.document).kind == .waiting)
        return scene
    }

    @Test("goes on when somebody approves elsewhere, and measures again what could not be judged")
    func untilTheEnd() async throws {
        let scene = try await waiting()
        let run = try scene.run
        scene.prober.set(isMute: false)
        let mute = Counter()
        let observer = Waits { [scene] what in
            if what.contains("waits at gate front.050-gate") {
                Task {
                    _ = await scene.runner.approve(run, gate: "front.050-gate", by: "ada", digest: nil, scene.document)
                }
            }
            // At the first second of the probe gate nothing can be sent; once that was told, it can.
            if what.hasPrefix("front.095-probe"), mute.next() == 1 { scene.prober.set(isMute: true) }
            if what.contains("could not be said") { scene.prober.set(isMute: false) }
        }
        let outcome = await scene.runner(observer: observer).watch(run, scene.document)
        #expect(outcome.kind == .succeeded, "\(outcome.message)")
        let results = GateMeasurement.all(in: try scene.store.read(run).records).map(\.result)
        #expect(results.last == .good)
    }

    @Test("comes back with a run that went back by itself, and does not send it forward again")
    func returned() async throws {
        var scene = try Scene()
        scene.approver = ListedApprover(gates: [], person: "nobody")
        _ = await scene.runner.apply(scene.document)
        scene.approver = ListedApprover(gates: ["front.050-gate"], person: "ada")
        scene.prober.set(badPercent: 100)
        let run = try scene.run
        #expect(await scene.runner.watch(run, scene.document).kind == .paused)
        #expect(scene.router.green == 0)
        let bytes = scene.store.bytes(of: run)
        let again = await scene.runner.watch(run, scene.document)
        #expect(again.kind == .refused, "\(again.message)")
        #expect(scene.store.bytes(of: run) == bytes)
    }

    @Test("outlasts a cluster that does not answer for a while")
    func outlasts() async throws {
        var scene = try await waiting()
        scene.approver = ListedApprover(gates: ["front.050-gate"], person: "ada")
        scene.blue.state.withLock { $0.isDown = true }
        let observer = Waits { [blue = scene.blue] _ in blue.state.withLock { $0.isDown = false } }
        #expect(await scene.runner(observer: observer).watch(try scene.run, scene.document).kind == .succeeded)
    }

    @Test("stops when told to, and leaves the run as it is")
    func stops() async throws {
        let scene = try await waiting()
        let observer = Waits { [signals = scene.signals] what in
            if what.contains("waits at gate") { signals.receive("SIGINT") }
        }
        let outcome = await scene.runner(observer: observer).watch(try scene.run, scene.document)
        #expect(outcome.kind == .interrupted)
        #expect(try scene.store.runs().last?.state?.phase == .waiting(gate: "front.050-gate"))
    }
}

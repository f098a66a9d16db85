import Manifests
import Planning
import Synchronization
import Testing

@testable import Execution

@Suite("A run")
struct RunTests {
    @Test("goes forward to the end, and everything stands on green")
    func forward() async throws {
        let scene = try Scene()
        let outcome = await scene.runner.apply(scene.document)
        #expect(outcome.kind == .succeeded, "\(outcome.message)")
        #expect(scene.router.green == 100)
        let green = scene.green.content()
        #expect(green.count == Scene.objects.count)
        #expect(green[Scene.web]?["spec"]?["replicas"] == 2)
        #expect(green[Scene.cron]?["spec"]?["suspend"] == false)
        #expect(green[Scene.secret]?["data"]?["password"] == "c2VjcmV0LWNhbmFyeQ==")
        #expect(scene.blue.content()[Scene.cron]?["spec"]?["suspend"] == true)
        #expect(outcome.state?.inDoubt.isEmpty == true)
        #expect(scene.faults.violations.isEmpty)
    }

    @Test("turns no traffic to a green that stopped being ready while a gate was closed")
    func unreadyGreen() async throws {
        let scene = try Scene()
        var waiting = scene
        waiting.approver = ListedApprover(gates: [], person: "nobody")
        #expect(await waiting.runner.apply(scene.document).kind == .waiting)
        scene.green.edit(Scene.web) { $0[annotation: "test/broken"] = "" }
        let outcome = await scene.runner.resume(try scene.run, scene.document)
        #expect(outcome.kind == .halted, "\(outcome.message)")
        #expect(outcome.message.contains("not ready"), "\(outcome.message)")
        #expect(scene.router.green == 0)
    }

    @Test("says of a copy that somebody deleted while a gate was closed that it is not there any more")
    func deletedCopy() async throws {
        let scene = try Scene()
        var waiting = scene
        waiting.approver = ListedApprover(gates: [], person: "nobody")
        #expect(await waiting.runner.apply(scene.document).kind == .waiting)
        let uid = try #require(scene.green.content(ownUIDs: true)[Scene.cron]?["metadata"]?["uid"]?.string)
        try await scene.green.delete(Scene.cron, apiVersion: nil, uid: uid)
        let outcome = await scene.runner.resume(try scene.run, scene.document)
        #expect(outcome.kind == .halted, "\(outcome.message)")
        #expect(outcome.message.hasSuffix(": \(Scene.cron) is not there any more"), "\(outcome.message)")
    }

    @Test("keeps secrets out of the journal")
    func noSecrets() async throws {
        let scene = try Scene()
        _ = await scene.runner.apply(scene.document)
        let text = String(decoding: scene.store.bytes(of: try scene.run), as: UTF8.self)
        #expect(!text.contains("c2VjcmV0LWNhbmFyeQ"))
        #expect(text.contains("Secret/shop/key"))
    }

    @Test("writes the same bytes for the same seed")
    func deterministic() async throws {
        let journals = try await [0, 1].asyncMap { _ in
            let scene = try Scene()
            _ = await scene.runner.apply(scene.document)
            return scene.store.bytes(of: try scene.run)
        }
        #expect(journals[0] == journals[1])
    }

    @Test("returns to the checkpoint before cutover, exactly, and goes forward again to the same end")
    func backAndForth() async throws {
        let scene = try Scene()
        var waiting = scene
        waiting.approver = ListedApprover(gates: [], person: "nobody")
        #expect(await waiting.runner.apply(scene.document).kind == .waiting)
        let atGate = scene.world
        let run = try scene.run
        #expect(await scene.runner.resume(run, scene.document).kind == .succeeded)
        let done = scene.world

        #expect(await scene.runner.resume(run, scene.document).kind == .succeeded, "a finished run stays finished")
        let back = await scene.runner.rollback(run, to: .checkpoint("before-cutover-front"), scene.document)
        #expect(back.kind == .paused, "but it can be taken back")
        #expect(
            try scene.store.runs().first?.state?.phase == .paused(at: "before-cutover-front"),
            "the journal says where it stands")
        #expect(scene.world.blue == atGate.blue)
        #expect(scene.world.route == 0)
        #expect(scene.green.content()[Scene.later] == nil)

        let other = try Scene()
        var stopped = other
        stopped.approver = ListedApprover(gates: ["front.050-gate"], person: "ada")
        let soaking = StopAt(.gateWaiting, gate: "front.120-soak", stopped.signals)
        #expect(await stopped.runner(observer: soaking).apply(other.document).kind == .interrupted)
        #expect(other.router.green == 100)
        let id = try other.run
        stopped.signals = SignalCounter()
        let returned = await stopped.runner.rollback(id, to: nil, other.document)
        #expect(returned.kind == .paused, "\(returned.message)")
        #expect(returned.state?.phase == .paused(at: "before-cutover-front"))
        #expect(other.world.blue == atGate.blue)
        #expect(other.world.route == 0)
        #expect(other.green.content()[Scene.cron]?["spec"]?["suspend"] == true)

        let again = await stopped.runner.resume(id, other.document)
        #expect(again.kind == .succeeded, "\(again.message)")
        #expect(again.state?.pass == 2)
        #expect(other.world.blue == done.blue)
        #expect(other.world.route == done.route)
        #expect(other.green.content().mapValues { $0["spec"] } == done.green.mapValues { $0["spec"] })
    }

    @Test("undone to the first checkpoint leaves blue, green and the route as they were")
    func allTheWayBack() async throws {
        let scene = try Scene()
        let before = scene.world
        #expect(
            await scene.runner(observer: StopAt(.stepVerified, step: "front.110-route", scene.signals))
                .apply(scene.document).kind == .interrupted)
        var next = scene
        next.signals = SignalCounter()
        let outcome = await next.runner.rollback(try scene.run, to: .checkpoint("start"), scene.document)
        #expect(outcome.kind == .rolledBack, "\(outcome.message)")
        #expect(scene.world == before)
        #expect(await next.runner.resume(try scene.run, scene.document).kind == .rolledBack)
        next.seed = 8
        #expect(await next.runner.apply(scene.document).kind == .succeeded, "nothing is left: the plan may begin again")
    }

    @Test("takes a wave back with the waves that depend on it, and nothing else")
    func waveBack() async throws {
        let scene = try Scene()
        #expect(
            await scene.runner(observer: StopAt(.stepVerified, step: "back.010-apply", scene.signals))
                .apply(scene.document).kind == .interrupted)
        var next = scene
        next.signals = SignalCounter()
        let run = try scene.run
        let preview = try next.runner.rollbackPreview(run, to: .wave("front"), scene.document)
        #expect(preview.first { $0.step.undoPhase == .reverse }?.id.step == "back.010-apply")
        let outcome = await next.runner.rollback(run, to: .wave("front"), scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        let left = [Scene.namespace, Scene.config, Scene.secret] + Scene.more
        #expect(Set(scene.green.content().keys) == Set(left))
        #expect(scene.router.green == 0)
        #expect(await next.runner.resume(run, scene.document).kind == .succeeded)
    }

    @Test("a nearer way back does not forget what a farther one still owes")
    func nearerBehindFarther() async throws {
        let scene = try Scene()
        let before = scene.world
        _ = await scene.runner(observer: StopAt(.stepVerified, step: "back.010-apply", scene.signals))
            .apply(scene.document)
        let run = try scene.run
        scene.green.state.withLock { $0.isDown = true }
        var next = scene
        next.signals = SignalCounter()
        let farther = await next.runner.rollback(run, to: .wave("platform"), scene.document)
        #expect(farther.state?.owed.isEmpty == false, "\(farther.message)")
        let nearer = await next.runner.rollback(run, to: .wave("back"), scene.document)
        #expect(nearer.state?.owed == farther.state?.owed)
        #expect(nearer.state?.rollback?.target == .wave("platform"))
        scene.green.state.withLock { $0.isDown = false }
        let outcome = await next.runner.rollback(run, to: nil, scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        #expect(scene.world == before)
    }

    @Test(
        "ways back that were begun add up",
        arguments: [
            (farther: scope(nil, "a", "b"), nearer: scope(nil, "b"), isFarther: true, carried: []),
            (scope(nil, "b"), scope(nil, "a", "b"), false, []),
            (scope(10, "a", "b"), scope(20, "a", "b"), true, []),
            (scope(nil, "a"), scope(nil, "b"), false, [scope(nil, "a")]),
            (scope(10, "a", "b"), scope(nil, "b"), false, [scope(10, "a", "b")]),
            (scope(nil, "b"), scope(10, "a", "b"), false, [scope(nil, "b")]),
        ])
    func addUp(earlier: Rollback.Scope, later: Rollback.Scope, isEarlier: Bool, carried: [Rollback.Scope]) {
        func rollback(_ name: String, _ scope: Rollback.Scope) -> Rollback {
            Rollback(target: .wave(name), scope: scope, overwriteForeign: [], isComplete: false)
        }
        let first = rollback("earlier", earlier)
        let joint = rollback("later", later).carrying(first)
        #expect(joint.target == .wave(isEarlier ? "earlier" : "later"))
        #expect(joint.carried == carried)
        #expect(joint.carrying(first) == joint, "taken in twice is taken in once")
        for wave in ["a", "b"] {
            for sequence in [5, 15, 25] {
                let isTakenBack = [earlier, later].contains { $0.covers(wave: wave, sequence: sequence) }
                #expect(joint.covers(wave: wave, sequence: sequence) == isTakenBack)
            }
        }
    }

    private static func scope(_ cut: Int?, _ waves: String...) -> Rollback.Scope {
        Rollback.Scope(cut: cut, waves: Set(waves))
    }

    @Test("takes users back in one jump, from whatever share green has")
    func oneJump() async throws {
        let scene = try Scene()
        _ = await scene.runner(observer: StopAt(.stepVerified, step: "front.110-route", scene.signals))
            .apply(scene.document)
        #expect(scene.router.green > 10)
        let before = scene.router.history.count
        var next = scene
        next.signals = SignalCounter()
        let outcome = await next.runner.rollback(try scene.run, to: .wave("front"), scene.document)
        #expect(outcome.kind == .paused, "\(outcome.message)")
        #expect(scene.router.history.dropFirst(before) == [0])
    }

    @Test("quiets green before it wakes blue, and wakes blue before it moves traffic")
    func undoOrder() async throws {
        let scene = try Scene()
        _ = await scene.runner(observer: StopAt(.stepVerified, step: "front.110-route", scene.signals))
            .apply(scene.document)
        let undone = try scene.runner.rollbackPreview(
            try scene.run, to: .checkpoint("before-cutover-front"), scene.document
        ).map(\.id.step)
        #expect(
            undone == ["front.080-wake", "front.070-quiet", "front.090-route", "front.110-route", "front.100-route"],
            "the first change of a route leads back in one jump, the others find nothing left to do")
    }

    @Test("stops where somebody else changed what is to be undone, and overwrites only when told to")
    func foreignAtUndo() async throws {
        let scene = try Scene()
        _ = await scene.runner(observer: StopAt(.stepVerified, step: "front.110-route", scene.signals))
            .apply(scene.document)
        scene.blue.edit(Scene.cron) { $0[annotation: "kirikae.dev/was-suspended"] = "hand" }
        var next = scene
        next.signals = SignalCounter()
        let run = try scene.run
        let halted = await next.runner.rollback(run, to: nil, scene.document)
        #expect(halted.kind == .halted)
        #expect(halted.state?.halt?.code == "foreign")
        let forced = await next.runner.rollback(
            run, to: .checkpoint("before-cutover-front"), overwriteForeign: ["front.070-quiet"], scene.document)
        #expect(forced.kind == .paused, "\(forced.message)")
        #expect(scene.router.green == 0)
        #expect(scene.blue.content()[Scene.cron]?["spec"]?["suspend"] == false)
    }

    @Test("creates objects of one kind at once, after what they lie in, and takes them away at once")
    func overlapping() async throws {
        var scene = try Scene()
        scene.worksInTurn = false
        scene.green.state.withLock { $0.isSlow = true }
        #expect(await scene.runner.apply(scene.document).kind == .succeeded)
        let most = scene.green.state.withLock { $0.mostAtOnce }
        #expect(most["create ConfigMap"] == 1 + Scene.more.count)
        #expect(most["create Namespace"] == 1)
        #expect(scene.faults.violations.isEmpty)
        let outcome = await scene.runner.rollback(try scene.run, to: .checkpoint("start"), scene.document)
        #expect(outcome.kind == .rolledBack, "\(outcome.message)")
        #expect(scene.green.state.withLock { $0.mostAtOnce }["delete ConfigMap"] ?? 0 > 1)
        #expect(scene.green.content().isEmpty)
    }

    @Test("looks before it repeats when a reply is lost", arguments: [1, 2, 3])
    func lostReplies(count: Int) async throws {
        let scene = try Scene()
        scene.green.state.withLock { $0.lostReplies = count }
        let outcome = await scene.runner.apply(scene.document)
        #expect(outcome.kind == .succeeded, "\(outcome.message)")
        #expect(scene.green.content().count == Scene.objects.count)
    }

    @Test("tries again after failures that pass, and halts at those that do not")
    func retries() async throws {
        let scene = try Scene()
        scene.green.state.withLock {
            $0.refusals = [
                StepFailure(.throttled, "429", retryAfter: .seconds(5)), StepFailure(.server, "500"),
                StepFailure(.conflict, "409"), StepFailure(.permanent, "422"),
            ]
        }
        let halted = await scene.runner.apply(scene.document)
        #expect(halted.kind == .halted)
        #expect(halted.state?.halt?.message.contains("422") == true)
        #expect(halted.next.contains("kirikae resume \(try scene.run)"))
        #expect(await scene.runner.resume(try scene.run, scene.document).kind == .succeeded)
    }
}

extension Sequence {
    func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}

/// Sends a signal when a certain record was written.
struct StopAt: RunObserver {
    let type: RecordType
    let step: String?
    let gate: String?
    let signals: SignalCounter

    init(_ type: RecordType, step: String? = nil, gate: String? = nil, _ signals: SignalCounter) {
        self.type = type
        self.step = step
        self.gate = gate
        self.signals = signals
    }

    func recorded(_ record: JournalRecord, progress: RunProgress) {
        guard record.entry.type == type, step == nil || record.entry.text("step") == step,
            gate == nil || record.entry.text("gate") == gate
        else { return }
        signals.receive("SIGINT")
    }

    func waiting(_ what: String, progress: RunProgress) {}
}

extension Scene {
    func runner(observer: any RunObserver = SilentObserver(), prober: (any Prober)? = nil) -> Runner {
        var ports = runner.ports
        ports.observer = observer
        if let prober { ports.prober = prober }
        return Runner(ports: ports, policy: RetryPolicy(), tool: "test", mutation: mutation)
    }
}

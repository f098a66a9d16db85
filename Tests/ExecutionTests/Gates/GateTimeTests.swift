import Manifests
import Planning
import Testing

@testable import Execution

/// What the calendar and the clock have to do with gates.
@Suite("A gate and the time")
struct GateTimeTests {
    private func with(_ edit: (inout Gate) -> Void) throws -> Scene {
        var scene = try Scene()
        var gate = Gate(gate: .manual, message: "go on?")
        edit(&gate)
        try scene.replaceProbeGate(gate)
        scene.approver = ListedApprover(gates: ["front.050-gate", "front.095-probe"], person: "ada")
        return scene
    }

    @Test("does not open before its moment, though it was approved")
    func notBefore() async throws {
        // The test clock begins at 2026-01-01T00:00:00Z.
        let scene = try with { $0.notBefore = "2026-01-01T03:00:00+01:00" }
        let opened = Moments(scene)
        #expect(await scene.runner(observer: opened.observer).apply(scene.document).kind == .succeeded)
        #expect(opened.of("front.100-route") >= 2 * 3_600)
        #expect(opened.of("front.090-route") < 60)
    }

    @Test("opens within its window only")
    func window() async throws {
        // 2026-01-01 is a Thursday.
        let scene = try with { $0.window = GateWindow(days: [.fri], from: "22:00", to: "04:00") }
        let opened = Moments(scene)
        #expect(await scene.runner(observer: opened.observer).apply(scene.document).kind == .succeeded)
        #expect((46 * 3_600...46 * 3_600 + 60).contains(opened.of("front.100-route")))
    }

    @Test("leaves others time to object after an approval")
    func leadTime() async throws {
        let scene = try with { $0.leadTime = 900 }
        let opened = Moments(scene)
        #expect(await scene.runner(observer: opened.observer).apply(scene.document).kind == .succeeded)
        #expect((900...960).contains(opened.of("front.100-route")))
    }

    @Test("for two persons takes no second approval of the same one, and none for something else")
    func twoPersons() async throws {
        var scene = try with { $0.gate = .twoPerson }
        scene.approver = ListedApprover(gates: ["front.050-gate"], person: "ada")
        let waiting = await scene.runner.apply(scene.document)
        let run = try scene.run
        let gate = "front.095-probe"
        let digest = try #require(waiting.state?.gates[gate]?.digest)
        func approve(_ person: String, _ digest: Digest?) async -> RunOutcome {
            await scene.runner.approve(run, gate: gate, by: person, digest: digest, scene.document)
        }
        #expect(await approve("ada", Digest(of: "something else")).kind == .refused)
        #expect(await approve("ada", digest).kind == .waiting)
        #expect(await approve("ada", digest).kind == .refused)
        #expect(await scene.runner.resume(run, scene.document).kind == .waiting)
        #expect(await approve("bob", digest).kind == .waiting)
        #expect(await scene.runner.resume(run, scene.document).kind == .succeeded)
    }

    @Test("a soak that is watched is neither shortened nor stretched by setting the clock", arguments: [-7_200, 7_200])
    func soak(jump: Int) async throws {
        var scene = try Scene()
        try scene.replaceProbeGate(Gate(gate: .soak, message: "soak", seconds: 600))
        let before = scene.clock.monotonicNanoseconds
        let jumps = When { [clock = scene.clock] record in
            if record.entry.type == .gateWaiting, record.entry.text("gate") == "front.095-probe" {
                clock.jump(Int64(jump) * 1_000)
            }
        }
        #expect(await scene.runner(observer: jumps).apply(scene.document).kind == .succeeded)
        let seconds = (scene.clock.monotonicNanoseconds - before) / 1_000_000_000
        // With the soak of 30 s and the measuring of blue behind and before it.
        #expect((630...640).contains(seconds), "\(seconds) s")
    }
}

/// When, in seconds since the run began, the first intent of each step was recorded.
private final class Moments: Sendable {
    private let began: Int64
    private let clock: TestClock
    private let store: MemoryRunStore

    init(_ scene: Scene) {
        clock = scene.clock
        store = scene.store
        began = scene.clock.wallMilliseconds
    }

    var observer: any RunObserver { SilentObserver() }

    func of(_ step: String) -> Int64 {
        let records = (try? store.runs().last.map { try store.read($0.id).records }) ?? nil
        let first = records?.first { $0.entry.type == .stepIntent && $0.entry.text("step") == step }
        return ((first?.moment.wall ?? began) - began) / 1_000
    }
}

import Manifests
import Planning
import Synchronization
import Testing

@testable import Execution

/// Gates that measure: what opens them, what sends a run back, what makes it pause.
@Suite("A probe gate")
struct ProbeGateTests {
    private func measured(_ scene: Scene) throws -> [GateMeasurement] {
        GateMeasurement.all(in: try scene.store.read(try scene.run).records)
    }

    @Test("opens on enough good answers, no slower than blue's, and keeps the figures")
    func good() async throws {
        let scene = try Scene()
        scene.prober.set(milliseconds: 14, of: .green)
        #expect(await scene.runner.apply(scene.document).kind == .succeeded)
        let measured = try #require(try measured(scene).first)
        #expect(measured.gate == "front.095-probe")
        #expect(measured.result == .good)
        #expect(
            measured.figures == [
                "blueMilliseconds": 10, "failed": 0, "p95Milliseconds": 14, "samples": 6,
            ])
        #expect(Set(scene.prober.asked.map(\.url)) == ["http://blue/", "http://green/"])
    }

    @Test("sends the run back by itself, at once, to exactly the checkpoint before the cutover")
    func returns() async throws {
        let scene = try Scene()
        let mark = Mark()
        let marks = When { [scene] record in
            if record.entry.text("checkpoint") == "before-cutover-front", record.entry.type == .checkpoint {
                mark.world.withLock { $0 = scene.world }
            }
        }
        scene.prober.set(badPercent: 100)
        let outcome = await scene.runner(observer: marks).apply(scene.document)
        #expect(outcome.kind == .paused)
        #expect(outcome.message.contains("by itself"), "\(outcome.message)")
        #expect(outcome.message.contains("status 503"), "\(outcome.message)")
        #expect(scene.world == mark.world.withLock { $0 })
        #expect(scene.router.history == [1, 0])
        let time = try #require(ReturnTime.all(in: try scene.store.read(try scene.run).records).first)
        #expect(time.trafficMilliseconds ?? .max < 1_000)
        #expect(time.reason?.contains("503") == true)

        scene.prober.set(badPercent: 0)
        #expect(await scene.runner.resume(try scene.run, scene.document).kind == .succeeded)
        #expect(try measured(scene).map(\.result) == [.bad, .good])
    }

    @Test("does not wait for the end of an interval that cannot become good any more")
    func atOnce() async throws {
        var scene = try Scene()
        var gate = scene.probeGate
        gate.seconds = 100
        gate.probe?.http?.rate = 1
        gate.probe?.http?.samples = 100
        try scene.replaceProbeGate(gate)
        scene.prober.set(badPercent: 100)
        let outcome = await scene.runner.apply(scene.document)
        #expect(outcome.kind == .paused)
        let figures = try #require(try measured(scene).first?.figures)
        #expect(figures["samples"] == 26, "25 of 100 may fail")
    }

    @Test("halts instead where the plan says so, and measures again on resume")
    func halts() async throws {
        var scene = try Scene()
        var gate = scene.probeGate
        gate.onFailure = nil
        try scene.replaceProbeGate(gate)
        scene.prober.set(badPercent: 100)
        let halted = await scene.runner.apply(scene.document)
        #expect(halted.state?.halt?.code == "gate-failed")
        #expect(scene.router.green == 1, "nobody said that it should go back")
        scene.prober.set(badPercent: 0)
        #expect(await scene.runner.resume(try scene.run, scene.document).kind == .succeeded)
    }

    @Test("pauses when it cannot be said, measures again on resume, and opens for a person who saw the figures")
    func inconclusive() async throws {
        let scene = try Scene()
        let mute = When { [prober = scene.prober] record in
            if record.entry.type == .checkpoint { prober.set(isMute: false) }
            if record.entry.text("route") != nil { prober.set(isMute: true) }
        }
        let waiting = await scene.runner(observer: mute).apply(scene.document)
        #expect(waiting.kind == .waiting)
        #expect(waiting.message.contains("0 answers, of 4"), "\(waiting.message)")
        #expect(scene.router.green == 1)
        let first = try #require(waiting.state?.gates["front.095-probe"]?.digest)
        let run = try scene.run
        #expect(await scene.runner.resume(run, scene.document).kind == .waiting)

        let plain = try #require(waiting.state)
        let digest = Engine.gateDigest(state: plain, gate: "front.095-probe", message: scene.probeGate.message)
        #expect(first != digest, "an approval is about what was seen")
        let refused = await scene.runner.approve(
            run, gate: "front.095-probe", by: "ada", digest: digest, scene.document)
        #expect(refused.kind == .refused)
        let approved = await scene.runner.approve(
            run, gate: "front.095-probe", by: "ada", digest: first, scene.document)
        #expect(approved.kind == .waiting)
        #expect(await scene.runner.resume(run, scene.document).kind == .succeeded)
    }

    @Test("compares with blue as it was before", arguments: [(14, true), (16, false), (500, false)])
    func slower(milliseconds: Int, isGood: Bool) async throws {
        let scene = try Scene()
        scene.prober.set(milliseconds: milliseconds, of: .green)
        #expect(await scene.runner.apply(scene.document).kind == (isGood ? .succeeded : .paused))
    }

    @Test("stops before anything moves when blue itself cannot be measured")
    func noBaseline() async throws {
        let scene = try Scene()
        scene.prober.set(isMute: true)
        let halted = await scene.runner.apply(scene.document)
        #expect(halted.state?.halt?.code == "baseline", "\(halted.message)")
        #expect(scene.router.history.isEmpty)
        #expect(scene.blue.content()[Scene.cron]?["spec"]?["suspend"] == false)
        scene.prober.set(isMute: false)
        #expect(await scene.runner.resume(try scene.run, scene.document).kind == .succeeded)
    }

    @Test(
        "asks Prometheus",
        arguments: [
            (0.01, RunOutcome.Kind.succeeded), (0.5, .paused), (nil, .waiting),
        ] as [(Double?, RunOutcome.Kind)])
    func prometheus(value: Double?, kind: RunOutcome.Kind) async throws {
        var scene = try Scene()
        var gate = scene.probeGate
        gate.probe = GateProbe(prometheus: PrometheusProbe(url: "http://p", query: "errors", atMost: 0.02))
        gate.baseline = nil
        try scene.replaceProbeGate(gate)
        scene.prober.set(number: value, of: .green)
        #expect(await scene.runner.apply(scene.document).kind == kind)
    }

    @Test("of many intervals wants every one of them, also when another process goes on")
    func intervals() async throws {
        var scene = try Scene()
        var gate = scene.probeGate
        gate.seconds = 20
        gate.probe?.interval = 2
        try scene.replaceProbeGate(gate)
        let began = scene.clock.wallMilliseconds
        let stopped = await scene.runner(observer: Impatience(after: 8, scene.signals)).apply(scene.document)
        #expect(stopped.kind == .interrupted, "\(stopped.message)")
        scene.signals = SignalCounter()
        #expect(await scene.runner.resume(try scene.run, scene.document).kind == .succeeded)
        // 2 s for blue, 20 s at the gate, 30 s of soak; an interval may be measured twice.
        let seconds = (scene.clock.wallMilliseconds - began) / 1_000
        #expect((50...58).contains(seconds), "\(seconds) s")
    }

    @Test("is refused before anything is written where nothing can measure")
    func unconnected() async throws {
        let scene = try Scene()
        let outcome = await scene.runner(prober: NoProber()).apply(scene.document)
        #expect(outcome.kind == .refused)
        #expect(try scene.store.runs().isEmpty)
    }
}

/// Presses Ctrl-C at a certain wait.
private final class Impatience: RunObserver {
    private let counter = Counter()
    private let limit: Int
    private let signals: SignalCounter

    init(after limit: Int, _ signals: SignalCounter) {
        self.limit = limit
        self.signals = signals
    }

    func recorded(_ record: JournalRecord, progress: RunProgress) {}

    func waiting(_ what: String, progress: RunProgress) {
        if counter.next() == limit { signals.receive("SIGINT") }
    }
}

/// The world at one moment.
private final class Mark: Sendable {
    let world = Mutex<Scene.World?>(nil)
}

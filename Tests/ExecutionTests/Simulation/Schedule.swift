import Manifests
import Planning
import Synchronization

@testable import Execution

/// One migration with whatever its seed does to it: faults at every port, processes that end, a third party who edits
/// and deletes, a green that dies and comes back, an operator who types one command after another.
///
/// At the end the weather clears, the operator goes to one of the two ends, and the world must be exactly that one.
struct Schedule {
    let seed: UInt64
    var mutation: EngineMutation = .none

    /// What came of it.
    struct Report: Sendable {
        var violations: [String] = []
        var journal: [UInt8] = []
        var commands: [String] = []
        var calls = 0
    }

    /// What a third party did, and must find again.
    private struct Hand: Sendable {
        var edited: [Side: Set<ObjectReference>] = [.blue: [], .green: []]
        var deleted: [Side: Set<ObjectReference>] = [.blue: [], .green: []]
        var isIdle: Bool { edited.values.allSatisfy(\.isEmpty) && deleted.values.allSatisfy(\.isEmpty) }
        func touched(_ side: Side) -> Set<ObjectReference> { (edited[side] ?? []).union(deleted[side] ?? []) }
    }

    private static let note: FieldPath = "data.note"
    private static let gates = ["front.050-gate", "front.095-probe"]

    func run() async throws -> Report {
        let random = SeededRandom(seed: seed &* 0x2545_F491_4F6C_DD1D)
        var scene = try Scene()
        scene.seed = seed
        scene.mutation = mutation
        // Half of the runs are mirrored, and then now and then the machine is lost.
        if random.next() % 2 == 0 { scene.mirror = TestMirror(scene.faults) }
        let start = scene.world
        let goal = try await Self.goal.value
        var report = Report()
        let hand = Mutex(Hand())
        watch(scene, hand)

        let weather = Weather(
            Weather.climate(random), random: random, meddle: { [scene] in Self.meddle(scene, hand, $0) },
            killGreen: { [scene] in scene.green.state.withLock { $0.isDown = true } })
        scene.faults.set { weather.strike($0) }
        scene.prober.set(badPercent: [0, 0, 0, 30, 100][Int(random.next() % 5)])
        scene.router.linger(Int([0, 0, 3][Int(random.next() % 3)]))

        for _ in 0..<(2 + random.next() % 8) {
            let outcome = await command(scene, random, &report)
            recover(&scene, random)
            if scene.mirror != nil, random.next() % 4 == 0 {
                scene.faults.set(weather: nil)
                report.commands.append(try await scene.loseMachine() ? "--from-store" : "(machine lost)")
                scene.faults.set { weather.strike($0) }
                continue
            }
            if outcome?.state?.phase.isTerminal == true { break }
            if random.next() % 2 == 0 { scene.green.state.withLock { $0.isDown = false } }
            if scene.faults.calls > 20_000 { report.violations.append("I11: no end in sight") }
        }

        // The weather clears.
        scene.faults.set(weather: nil)
        scene.prober.set(badPercent: 0)
        recover(&scene, random)
        scene.green.state.withLock { $0.isDown = false }
        let isForward = hand.withLock { $0.isIdle } && random.next() % 2 == 0
        try await finish(scene, hand.withLock { $0 }, isForward, start, goal, &report)
        report.violations += scene.faults.violations
        report.calls = scene.faults.calls
        return report
    }

    /// The world after a run that nothing happened to.
    private static let goal = Task { () throws -> Scene.World in
        let scene = try Scene()
        _ = await scene.runner.apply(scene.document)
        return scene.world
    }

    // MARK: What must hold at every moment

    private func watch(_ scene: Scene, _ hand: borrowing Mutex<Hand>) {
        let (blue, green, store) = (scene.blue, scene.green, scene.store)
        let isKnown = Mutex(false)
        scene.faults.watchWorld {
            // I2, the point of it all: what must run once never runs twice. The one exception is a green that cannot be
            // told to sleep when users go back: that is said aloud, and settled once green is there again.
            let isTwice = blue.isAwake(Scene.cron) && green.isAwake(Scene.cron)
            return isKnown.withLock { isKnown in
                let isOwed =
                    isTwice && !isKnown
                    && (try? store.runs())?.last?.state?.owed.contains { $0.id.object == Scene.cron } == true
                isKnown = isTwice && (isKnown || isOwed)
                return isTwice && !isKnown ? "I2: \(Scene.cron) is awake on both sides" : nil
            }
        }
        scene.router.watch { [prober = scene.prober] before, after in
            if before == 0, after > 0 { prober.forget() }
            if before == 1, after > before, prober.answers < 4 {
                return "I8: traffic \(before) -> \(after) after \(prober.answers) answers of green"
            }
            if after > before, green.state.withLock({ $0.objects[Scene.web]?["spec.replicas"]?.integer ?? 0 }) < 2 {
                return "I3: traffic \(before) -> \(after) to a green that is not ready"
            }
            if after < before, !blue.isAwake(Scene.cron) {
                return "I3: traffic \(before) -> \(after) to a blue that still sleeps"
            }
            return nil
        }
    }

    // MARK: What happens

    /// A person with kubectl: changes what we made, or what we made it from, or takes it away.
    private static func meddle(_ scene: Scene, _ hand: borrowing Mutex<Hand>, _ random: SeededRandom) {
        let side: Side = random.next() % 3 == 0 ? .blue : .green
        let object = ([Scene.config, Scene.later] + Scene.more)[Int(random.next() % UInt64(2 + Scene.more.count))]
        let cluster = side == .blue ? scene.blue : scene.green
        let exists = cluster.state.withLock { $0.objects[object] != nil }
        guard exists else { return }
        if random.next() % 3 == 0, side == .green {
            cluster.state.withLock { $0.objects[object] = nil }
            hand.withLock { _ = $0.deleted[side]?.insert(object) }
        } else {
            cluster.edit(object) { $0["data"] = ["note": "by hand"] }
            hand.withLock { _ = $0.edited[side]?.insert(object) }
        }
    }

    private func command(_ scene: Scene, _ random: SeededRandom, _ report: inout Report) async -> RunOutcome? {
        guard let state = try? scene.store.runs().last?.state else {
            report.commands.append("apply")
            return await scene.runner(observer: stop(scene, random)).apply(scene.document)
        }
        let runner = scene.runner(observer: stop(scene, random))
        switch random.next() % 10 {
        case 0..<6:
            report.commands.append("resume")
            return await runner.resume(state.run, scene.document)
        case 6, 7:
            report.commands.append("rollback")
            return await runner.rollback(state.run, to: nil, scene.document)
        case 8:
            guard let mark = state.checkpoints.randomElement(using: random) else { return nil }
            report.commands.append("rollback --to \(mark.name)")
            return await runner.rollback(state.run, to: .checkpoint(mark.name), scene.document)
        default:
            let wave = ["platform", "front", "back"][Int(random.next() % 3)]
            report.commands.append("rollback --wave \(wave)")
            return await runner.rollback(state.run, to: .wave(wave), scene.document)
        }
    }

    /// Now and then somebody presses Ctrl-C, once or twice.
    private func stop(_ scene: Scene, _ random: SeededRandom) -> any RunObserver {
        guard random.next() % 3 == 0 else { return SilentObserver() }
        return CtrlC(after: Int(random.next() % 60), scene.signals)
    }

    /// What comes after the end of a process: a new one.
    private func recover(_ scene: inout Scene, _ random: SeededRandom) {
        if scene.faults.hasCrashed { scene.store.crash(tornBytes: Int(random.next() % 40)) }
        scene.faults.revive()
        scene.signals = SignalCounter()
    }

    // MARK: The end

    private func finish(
        _ scene: Scene, _ hand: Hand, _ isForward: Bool, _ start: Scene.World, _ goal: Scene.World,
        _ report: inout Report
    ) async throws {
        var outcome: RunOutcome?
        var overwrite: Set<String> = []
        for _ in 0..<24 {
            guard let state = try scene.store.runs().last?.state else {
                if !isForward { break }
                outcome = await scene.runner.apply(scene.document)
                continue
            }
            if state.phase.isTerminal { break }
            if isForward {
                outcome = await scene.runner.resume(state.run, scene.document)
                // What a mirror did not know was taken back: the operator does what the tool says.
                if outcome?.problems.contains(where: { $0.code == .undoneSince }) == true,
                    let target = outcome?.next.first?.split(separator: " ").last.map(String.init)
                {
                    outcome = await scene.runner.rollback(state.run, to: .checkpoint(target), scene.document)
                }
            } else if state.checkpoints.isEmpty, state.rollback == nil {
                break
            } else {
                if state.halt?.code == "foreign", let step = state.halt?.operation?.step { overwrite.insert(step) }
                let isBehindStart = state.checkpoints.contains { $0.name == "start" }
                let first = isBehindStart ? RollbackTarget.checkpoint("start") : nil
                outcome = await scene.runner.rollback(
                    state.run, to: first, overwriteForeign: overwrite, scene.document)
            }
        }
        guard let run = try? scene.run, let state = try scene.store.runs().last?.state else { return }
        report.journal = scene.store.bytes(of: run)
        let words = "\(outcome?.kind.rawValue ?? "nothing"): \(outcome?.message ?? "")"
        if isForward {
            if state.phase == .succeeded {
                compare(scene.world, goal, hand, "goal", &report)
            } else if state.phase != .rolledBack {
                report.violations.append("I11: does not end forward, \(state.phase): \(words)")
            }
        } else if state.phase == .rolledBack || state.checkpoints.isEmpty && state.rollback == nil {
            compare(scene.world, start, hand, "start", &report)
        } else if state.phase != .succeeded || outcome != nil {
            report.violations.append("I11: does not end backward, \(state.phase): \(words)")
        }
        await again(scene, state, &report)
        judge(report.journal, scene, &report)
    }

    /// I9: a command on what is over changes nothing.
    private func again(_ scene: Scene, _ state: RunState, _ report: inout Report) async {
        guard state.phase == .rolledBack else { return }
        let world = scene.world
        _ = await scene.runner.resume(state.run, scene.document)
        if scene.world != world || scene.store.bytes(of: state.run) != report.journal {
            report.violations.append("I9: a resume of what is over changed something")
        }
    }

    /// I4 and I5: exactly the end, but for what somebody else did, which is as they left it.
    private func compare(
        _ world: Scene.World, _ wanted: Scene.World, _ hand: Hand, _ name: String, _ report: inout Report
    ) {
        if world.route != wanted.route {
            report.violations.append("I4: route at \(world.route), \(name) has \(wanted.route)")
        }
        for (side, now, then) in [(Side.blue, world.blue, wanted.blue), (.green, world.green, wanted.green)] {
            let touched = hand.touched(side)
            for object in Set(now.keys).union(then.keys).subtracting(touched).sorted()
            where now[object].map(Self.timeless) != then[object].map(Self.timeless) {
                report.violations.append("I4: \(side.rawValue) \(object) is not as at \(name)")
            }
            guard side == .blue else { continue }
            for object in hand.edited[side] ?? [] where now[object]?["data"]?["note"] != "by hand" {
                report.violations.append("I5: \(side.rawValue) \(object) lost what somebody wrote")
            }
        }
    }

    /// Without what differs from run to run: the key by which we know our own.
    private static func timeless(_ json: JSONValue) -> JSONValue {
        var json = json
        json[StepKey.annotationPath] = nil
        return json
    }

    private func judge(_ bytes: [UInt8], _ scene: Scene, _ report: inout Report) {
        guard let contents = try? JournalContents(reading: bytes) else {
            report.violations.append("I6: the journal does not verify")
            return
        }
        let cut = bytes.isEmpty ? 0 : Int(seed % UInt64(bytes.count))
        if (try? JournalContents(reading: Array(bytes.prefix(cut)))) == nil {
            report.violations.append("I6: the journal cut at byte \(cut) is taken for damaged")
        }
        for canary in ["secret-canary", "c2VjcmV0LWNhbmFyeQ"] where contains(bytes, canary) {
            report.violations.append("I12: the journal holds \(canary)")
        }
        report.violations += JournalOrder.violations(contents.records, scene.document.plan, gates: Self.gates)
    }

    private func contains(_ bytes: [UInt8], _ word: String) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains(word)
    }
}

/// Presses Ctrl-C after that many records.
private final class CtrlC: RunObserver {
    private let left: Mutex<Int>
    private let signals: SignalCounter

    init(after count: Int, _ signals: SignalCounter) {
        left = Mutex(count)
        self.signals = signals
    }

    func recorded(_ record: JournalRecord, progress: RunProgress) {
        let isNow = left.withLock { left in
            left -= 1
            return left == 0
        }
        if isNow { signals.receive("SIGINT") }
    }

    func waiting(_ what: String, progress: RunProgress) {}
}

extension TestCluster {
    /// Whether a CronJob there fires.
    fileprivate func isAwake(_ object: ObjectReference) -> Bool {
        state.withLock { $0.objects[object]?["spec.suspend"]?.bool == false }
    }
}

extension StepKey {
    static let annotationPath = FieldPath([
        .member("metadata"), .member("annotations"), .member(annotation),
    ])
}

extension Array {
    fileprivate func randomElement(using random: SeededRandom) -> Element? {
        isEmpty ? nil : self[Int(random.next() % UInt64(count))]
    }
}

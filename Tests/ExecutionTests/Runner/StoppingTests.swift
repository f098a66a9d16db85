import Manifests
import Planning
import Synchronization
import Testing

@testable import Execution

@Suite("Stopping and waiting")
struct StoppingTests {
    @Test("a signal after any record stops cleanly, and the run ends as if it had never come")
    func signals() async throws {
        let undisturbed = try Scene()
        _ = await undisturbed.runner.apply(undisturbed.document)
        let length = try undisturbed.store.read(try undisturbed.run).records.count
        for number in stride(from: 1, to: length - 4, by: 3) {
            let scene = try Scene()
            let first = await scene.runner(observer: StopAfter(number, scene.signals)).apply(scene.document)
            guard first.kind == .interrupted else {
                Issue.record("record \(number): \(first.kind) \(first.message)")
                continue
            }
            #expect(first.state?.phase == .interrupted)
            #expect(first.state?.inDoubt.isEmpty == true, "record \(number)")
            var next = scene
            next.signals = SignalCounter()
            #expect(await next.runner.resume(try scene.run, scene.document).kind == .succeeded)
            #expect(scene.world == undisturbed.world)
        }
    }

    @Test("a gate for two persons wants two different ones")
    func twoPersons() async throws {
        var scene = try Scene()
        var document = scene.document
        for wave in document.plan.waves.indices {
            for step in document.plan.waves[wave].steps.indices {
                if case .gate(let gate) = document.plan.waves[wave].steps[step].action, gate.gate == .manual {
                    document.plan.waves[wave].steps[step].action = .gate(Gate(gate: .twoPerson, message: "both?"))
                }
            }
        }
        scene.approver = ListedApprover(gates: ["front.050-gate"], person: "ada")
        #expect(await scene.runner.apply(document).kind == .waiting)
        #expect(await scene.runner.resume(try scene.run, document).kind == .waiting, "ada cannot approve twice")
        scene.approver = ListedApprover(gates: ["front.050-gate"], person: "bob")
        #expect(await scene.runner.resume(try scene.run, document).kind == .succeeded)
    }

    @Test("an approval given elsewhere opens exactly the gate that was asked")
    func approvals() async throws {
        var scene = try Scene()
        scene.approver = ListedApprover(gates: [], person: "x")
        let waiting = await scene.runner.apply(scene.document)
        let run = try scene.run
        let digest = waiting.state?.gates["front.050-gate"]?.digest
        let wrong = await scene.runner.approve(
            run, gate: "front.050-gate", by: "ada", digest: Digest(of: "x"), scene.document)
        #expect(wrong.kind == .refused)
        #expect(
            await scene.runner.approve(run, gate: "front.050-gate", by: "ada", digest: digest, scene.document).kind
                == .waiting)
        #expect(await scene.runner.resume(run, scene.document).kind == .succeeded)
    }

    @Test("a namespace in which others have put something is not deleted with it")
    func occupied() async throws {
        var scene = try Scene()
        _ = await scene.runner.apply(scene.document)
        let theirs = Scene.reference("ConfigMap/shop/theirs")
        scene.green.seed([Scene.object("v1", theirs)])
        scene.signals = SignalCounter()
        let outcome = await scene.runner.rollback(try scene.run, to: .checkpoint("start"), scene.document)
        #expect(outcome.kind == .halted)
        #expect(outcome.state?.halt?.code == "foreign")
        #expect(Set(scene.green.content().keys) == [Scene.namespace, theirs])
        #expect(scene.router.green == 0, "users are back on blue all the same")
    }

    @Test("a disk that fills up ends the run at once, and it goes on when there is room")
    func fullDisk() async throws {
        let scene = try Scene()
        let countdown = Mutex(12)
        let full = MemoryRunStore { call throws(JournalError) in
            let isFull = countdown.withLock { left in
                left -= 1
                return left == 0
            }
            if isFull { throw JournalError(.diskFull, "no space left") }
        }
        var ports = scene.runner.ports
        ports.store = full
        scene.faults.watchWrites { _, _ in nil }
        let runner = Runner(ports: ports, tool: "t")
        let outcome = await runner.apply(scene.document)
        #expect(outcome.kind == .journalFailed)
        let state = try #require(try full.runs().last?.state)
        #expect(state.halt?.code == "disk-full")
        #expect(await runner.resume(state.run, scene.document).kind == .succeeded)
    }
}

/// Sends a signal after a certain number of records.
private struct StopAfter: RunObserver {
    let number: Int
    let signals: SignalCounter

    init(_ number: Int, _ signals: SignalCounter) {
        self.number = number
        self.signals = signals
    }

    func recorded(_ record: JournalRecord, progress: RunProgress) {
        if record.sequence == number { signals.receive("SIGTERM") }
    }

    func waiting(_ what: String, progress: RunProgress) {}
}

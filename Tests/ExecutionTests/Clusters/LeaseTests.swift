import KubeAPI
import Manifests
import Planning
import SimCluster
import Synchronization
import Testing

@testable import Execution

@Suite("The lock in both clusters")
struct LeaseTests {
    /// A run whose process was killed in the middle: its claim stands, its journal is cut.
    private func killed() async throws -> (stage: ShopStage, store: MemoryRunStore, run: String) {
        var stage = try ShopStage()
        let left = Mutex(60)
        let store = MemoryRunStore { call throws(JournalError) in
            let isDead = left.withLock { left in
                left -= 1
                return left < 0
            }
            if isDead { throw JournalError(.writeFailed, "killed") }
        }
        stage.store = store
        #expect(await stage.runner.apply(stage.document).kind == .journalFailed)
        store.crash()
        left.withLock { $0 = .max }
        return (stage, store, try stage.run)
    }

    @Test("is taken at once from a dead process of the same place")
    func samePlace() async throws {
        var (stage, _, run) = try await killed()
        #expect(stage.blue.world[ShopStage.lease]?["spec.holderIdentity"] == .string("ada@desk#1/\(run)"))
        stage.actor = "ada@desk#2"
        stage.observer = StopAt(.runResume, stage.signals)
        let before = stage.clock.wallMilliseconds
        #expect(await stage.runner.resume(run, stage.document).kind == .interrupted)
        #expect(stage.clock.wallMilliseconds - before < 1_000)
        let records = try stage.store.read(run).records
        #expect(records.contains { $0.entry.type == .lockTakeover && $0.entry.text("from") == "ada@desk#1/\(run)" })
        #expect((records.last?.epoch ?? 0) > 1, "the epoch counts holders")
    }

    @Test("is taken from elsewhere only after a silence, and then only to go on with the same run")
    func otherPlace() async throws {
        var (stage, _, run) = try await killed()
        stage.actor = "bob@laptop#1"
        stage.place = "laptop"
        stage.observer = StopAt(.runResume, stage.signals)
        let before = stage.clock.wallMilliseconds
        #expect(await stage.runner.resume(run, stage.document).kind == .interrupted)
        #expect(stage.clock.wallMilliseconds - before >= 60_000)
    }

    @Test("keeps another run out while one is unfinished, however long it is silent")
    func otherRun() async throws {
        let (stage, _, run) = try await killed()
        await stage.clock.sleep(for: .seconds(3_600))
        var guardian = LeaseGuard(
            clients: stage.runner.ports.leases, run: "another", planDigest: stage.document.digest, place: "x",
            actor: "eve@x#1", clock: stage.clock)
        await #expect(throws: LeaseGuard.Trouble.otherRun(run)) { try await guardian.acquire(.blue) { _ in } }
    }

    @Test("of a run that is over keeps nobody out, though its process ended before it gave it back")
    func leftOver() async throws {
        var stage = try ShopStage()
        stage.observer = StopAt(.checkpoint, stage.signals)
        #expect(await stage.runner.apply(stage.document).kind == .interrupted)
        stage.signals = SignalCounter()
        stage.observer = SilentObserver()
        let run = try stage.run
        #expect(await stage.runner.rollback(run, to: .checkpoint("start"), stage.document).kind == .rolledBack)
        // As if the process had been killed between its last record and giving the Leases back.
        var dead = LeaseGuard(
            clients: stage.runner.ports.leases, run: run, planDigest: stage.document.digest, place: stage.place,
            actor: "ada@desk#1", clock: stage.clock)
        for side in Side.allCases { _ = try await dead.acquire(side) { _ in } }
        stage.actor = "ada@desk#2"
        await stage.clock.sleep(for: .seconds(1))
        stage.observer = StopAt(.checkpoint, stage.signals)
        let again = await stage.runner.apply(stage.document)
        #expect(again.kind == .interrupted, "\(again.message)")
    }

    @Test("is not taken from a process that is alive")
    func alive() async throws {
        let stage = try ShopStage()
        func lock(_ actor: String, _ place: String) -> LeaseGuard {
            LeaseGuard(
                clients: stage.runner.ports.leases, run: "r", planDigest: stage.document.digest, place: place,
                actor: actor, clock: stage.clock)
        }
        var first = lock("ada@desk#1", "desk")
        _ = try await first.acquire(.blue) { _ in }
        // While the second one watches, the first one shows that it is alive.
        var second = lock("bob@laptop#1", "laptop")
        await #expect {
            _ = try await second.acquire(.blue) { _ in
                stage.blue.withWorld { world in
                    guard var lease = world[ShopStage.lease] else { return }
                    lease["spec.renewTime"] = .string("2030-01-01T00:00:00.000000Z")
                    _ = world.load([lease])
                }
            }
        } throws: { error in
            guard case .held(let words) = error as? LeaseGuard.Trouble else { return false }
            return words.hasPrefix("ada@desk#1/r, since ")
        }
    }
}

import KubeAPI
import Manifests
import Planning
import SimCluster
import Testing

@testable import Execution

@Suite("Who works on a migration")
struct LockViewTests {
    private func guardian(_ stage: ShopStage, _ run: String, _ place: String, _ actor: String) -> LeaseGuard {
        LeaseGuard(
            clients: stage.runner.ports.leases, run: run, planDigest: stage.document.digest, place: place,
            actor: actor, clock: stage.clock)
    }

    @Test("is shown for both sides: who, since when, and of which run")
    func shown() async throws {
        let stage = try ShopStage()
        #expect(await stage.runner.locks().map(\.holder) == [nil, nil])
        var other = guardian(stage, "run-1", "elsewhere", "bob@laptop#7")
        _ = try await other.acquire(.blue) { _ in }
        await other.publish(head: Digest(of: "x"))
        let views = await stage.runner.locks()
        #expect(views.map(\.side) == [.blue, .green])
        #expect(views[0].holder == "bob@laptop#7/run-1")
        #expect(views[0].run == "run-1")
        #expect(views[0].since != nil && views[0].heardOf != nil)
        #expect(views[0].head == Digest(of: "x").description)
        #expect(views[1].holder == nil)
    }

    @Test("keeps a second operator out, who is told who, since when, and what is allowed")
    func second() async throws {
        let stage = try ShopStage()
        // One that names no duration never runs out, so nobody waits for that.
        var lease = Scene.object("coordination.k8s.io/v1", ShopStage.lease)
        lease["spec.holderIdentity"] = "bob@laptop#7/run-1"
        lease["spec.acquireTime"] = "2026-01-01T02:00:00.000000Z"
        let client = try #require(stage.runner.ports.leases[.blue]).client
        _ = try await client.create(lease, as: .leases)
        let outcome = await stage.runner.apply(stage.document)
        #expect(outcome.kind == .locked, "\(outcome.message)")
        #expect(outcome.message.contains("bob@laptop#7/run-1, since 2026-01-01T02:00:00"), "\(outcome.message)")
        #expect(outcome.next.contains { $0.hasPrefix("kirikae lock show") }, "\(outcome.next)")
        #expect(outcome.next.contains { $0.hasPrefix("kirikae status") }, "\(outcome.next)")
    }

    @Test("can be released when its process is dead, never while it shows a sign of life")
    func release() async throws {
        let stage = try ShopStage()
        var other = guardian(stage, "run-1", "elsewhere", "bob@laptop#7")
        _ = try await other.acquire(.green) { _ in }
        let before = stage.clock.wallMilliseconds
        let outcome = await stage.runner.releaseStaleLock(.green, of: "shop")
        #expect(outcome.kind == .succeeded, "\(outcome.message)")
        #expect(stage.clock.wallMilliseconds - before >= 60_000, "a whole claim of silence was waited for")
        let view = await stage.runner.locks()[1]
        #expect(view.holder == nil)
        #expect(view.run == "run-1", "unfinished business stays")
        #expect(await stage.runner.releaseStaleLock(.green, of: "shop").message.contains("nobody holds"))
    }

    @Test("of this very place is free at once: the local lock says that its process is dead")
    func ofThisPlace() async throws {
        let stage = try ShopStage()
        var other = guardian(stage, "run-1", stage.place, "ada@desk#7")
        _ = try await other.acquire(.green) { _ in }
        let before = stage.clock.wallMilliseconds
        #expect(await stage.runner.releaseStaleLock(.green, of: "shop").kind == .succeeded)
        #expect(stage.clock.wallMilliseconds - before < 1_000)
    }

    @Test("here is known by the local lock, and can be asked to stop")
    func local() throws {
        let folder = try FileRunStoreTests.Folder()
        let store = FileRunStore(folder.path)
        #expect(store.lockHolder(of: "shop") == nil)
        let lock = try store.lock(migration: "shop", holder: "ada@desk#1, since noon")
        #expect(store.lockHolder(of: "shop") == "ada@desk#1, since noon")
        #expect(store.takePauseRequest("shop") == nil)
        try store.askToPause("shop", by: "bob@desk#2")
        #expect(store.takePauseRequest("shop") == "bob@desk#2")
        #expect(store.takePauseRequest("shop") == nil)
        lock.release()
        #expect(store.lockHolder(of: "shop") == nil)
    }

    @Test("a journal that lacks what its run published in a cluster does not go forward")
    func stale() async throws {
        var stage = try ShopStage()
        stage.observer = StopAt(.checkpoint, stage.signals)
        #expect(await stage.runner.apply(stage.document).kind == .interrupted)
        let run = try stage.run
        stage.signals = SignalCounter()
        stage.observer = SilentObserver()
        var elsewhere = guardian(stage, run, "elsewhere", "bob@laptop#7")
        _ = try await elsewhere.acquire(.blue) { _ in }
        await elsewhere.release(isOver: false, head: Digest(of: "a record of another journal"))
        let outcome = await stage.runner.resume(run, stage.document)
        #expect(outcome.kind == .refused)
        #expect(outcome.message.contains("went on somewhere else"), "\(outcome.message)")
        #expect(outcome.next.contains { $0.contains("--from-store") })
        #expect(await stage.runner.rollback(run, to: .checkpoint("start"), stage.document).kind == .rolledBack)
    }
}

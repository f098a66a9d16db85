import KubeAPI
import Manifests
import Planning
import SimCluster
import Testing

@testable import Execution

@Suite("The mirror of a run")
struct MirrorTests {
    static let secretsOfBlue = SecretPlace()

    /// A namespace of a simulated cluster, which cuts blobs into small parts.
    struct SecretPlace {
        func mirror() -> SecretMirror {
            var world = SimWorld(version: KubernetesVersion(minor: 30), name: "hub", uid: "hub", seed: 1, now: 0)
            _ = world.load([Scene.object("v1", Scene.reference("Namespace/team"))])
            return SecretMirror(
                KubeClient(transport: SimTransport(world), cluster: "hub"), context: "hub", namespace: "team",
                partBytes: 700)
        }
    }

    @Test("keeps blobs of any length in a folder and in Secrets", arguments: [0, 1, 699, 700, 701, 5_000])
    func blobs(length: Int) async throws {
        let folder = try FileRunStoreTests.Folder()
        let random = SeededRandom(seed: UInt64(length))
        let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        for store in [DirectoryMirror(folder.path + "/m"), Self.secretsOfBlue.mirror()] as [any MirrorStore] {
            #expect(try await store.runs().isEmpty)
            #expect(try await store.get("index", of: "r") == nil)
            try await store.put("index", of: "r", Array("longer than what follows".utf8) + bytes + bytes)
            try await store.put("index", of: "r", bytes)
            #expect(try await store.get("index", of: "r") == bytes)
            #expect(try await store.runs() == ["r"])
            try await store.remove("index", of: "r")
            #expect(try await store.get("index", of: "r") == nil)
            #expect(try await store.runs().isEmpty)
            try await store.remove("index", of: "r")
            try await store.probe("r")
        }
    }

    @Test("leaves a Secret of that name alone when it is somebody else's")
    func foreignSecret() async throws {
        var world = SimWorld(version: KubernetesVersion(minor: 30), name: "hub", uid: "hub", seed: 1, now: 0)
        _ = world.load([
            Scene.object("v1", Scene.reference("Namespace/team")),
            Scene.object("v1", Scene.reference("Secret/team/kirikae.r.index.0"), ["data": ["a": "Yg=="]]),
        ])
        let mirror = SecretMirror(
            KubeClient(transport: SimTransport(world), cluster: "hub"), context: "hub", namespace: "team")
        await #expect(throws: MirrorError.self) { try await mirror.put("index", of: "r", [1]) }
    }

    /// A scene that stops at the gate, mirrored.
    private func waiting() async throws -> (scene: Scene, mirror: TestMirror) {
        var scene = try Scene()
        let mirror = TestMirror(scene.faults)
        scene.mirror = mirror
        scene.approver = ListedApprover(gates: [], person: "ada")
        #expect(await scene.runner.apply(scene.document).kind == .waiting)
        scene.approver = ListedApprover(gates: ["front.050-gate"], person: "ada")
        return (scene, mirror)
    }

    @Test("gives nothing away: neither data, nor names, nor the plan")
    func sealed() async throws {
        let (_, mirror) = try await waiting()
        #expect(!mirror.content.isEmpty)
        for blob in mirror.content.values.flatMap(\.values) {
            let text = String(decoding: blob, as: UTF8.self)
            for word in ["c2VjcmV0", "shop/web", "Deployment", "platform"] { #expect(!text.contains(word)) }
        }
    }

    @Test("is read whole or not at all, whatever was taken, exchanged or changed")
    func damage() async throws {
        let (scene, mirror) = try await waiting()
        let (run, key) = (try scene.run, try #require(scene.imageKey))
        let whole = try await MirroredRun(run, from: mirror, key: key)
        #expect(whole.contents.records.count == (try scene.store.read(run).records.count))
        let blobs = try #require(mirror.content[run])
        for name in blobs.keys.sorted() {
            for damage in 0..<3 {
                mirror.edit { content in
                    switch damage {
                    case 0: content[run]?[name] = nil
                    case 1: content[run]?[name]?[(blobs[name]?.count ?? 2) / 2] ^= 1
                    default: content[run]?[name] = blobs[blobs.keys.sorted().first { $0 != name } ?? name]
                    }
                }
                await #expect(throws: MirrorError.self, "\(name), damage \(damage)") {
                    _ = try await MirroredRun(run, from: mirror, key: key)
                }
                mirror.edit { $0[run] = blobs }
            }
        }
        let other = try #require(ImageKey([UInt8](repeating: 1, count: 32)))
        do {
            _ = try await MirroredRun(run, from: mirror, key: other)
            Issue.record("read with another key")
        } catch { #expect(error.code == .sealed && error.message.contains(key.id)) }
        do {
            _ = try await MirroredRun("another", from: mirror, key: key)
            Issue.record("there is no such run")
        } catch { #expect(error.code == .noSuchRun && error.message.contains(run)) }
    }

    @Test("that cannot be written is told of before anything is begun")
    func preflight() async throws {
        var scene = try Scene()
        scene.mirror = TestMirror(scene.faults)
        let world = scene.world
        scene.faults.set { $0 == .mirror ? .refusal(StepFailure(.notSent, "no route to host")) : nil }
        let outcome = await scene.runner.apply(scene.document)
        #expect(outcome.kind == .refused)
        #expect(outcome.problems.map(\.code) == [.mirrorUnwritable])
        #expect(scene.world == world)
        #expect(try scene.store.runs().isEmpty)
    }

    /// What a mirror does from the moment on at which the gate is open.
    enum Trouble: String, CaseIterable, Sendable {
        case silent
        case liar

        var strike: Faults.Strike {
            self == .silent ? .refusal(StepFailure(.notSent, "no answer")) : .lie
        }
    }

    @Test(
        "that fails or lies later stops the run before the weights move, and never the way back",
        arguments: Trouble.allCases)
    func trouble(trouble: Trouble) async throws {
        let (scene, _) = try await waiting()
        let before = scene.world
        // Good until preflight has passed.
        let began = Gate()
        var next = scene
        next.signals = SignalCounter()
        scene.faults.set { began.isOpen && $0 == .mirror ? trouble.strike : nil }
        let outcome = await next.runner(observer: began).resume(try scene.run, scene.document)
        #expect(outcome.kind == .halted)
        #expect(outcome.state?.halt?.code == "mirror-failed", "\(outcome.message)")
        #expect(scene.router.history.isEmpty)
        #expect(scene.world == before)
        let back = await next.runner.rollback(try scene.run, to: .checkpoint("start"), scene.document)
        #expect(back.kind == .rolledBack)
        #expect(back.message.contains("the mirror is behind"), "\(back.message)")
        #expect(scene.green.content().isEmpty)
    }

    /// Opens with the first record of a process.
    private final class Gate: RunObserver, @unchecked Sendable {
        private(set) var isOpen = false
        func recorded(_ record: JournalRecord, progress: RunProgress) { isOpen = true }
        func waiting(_ what: String, progress: RunProgress) {}
    }

    @Test("holds every weight's intent before the weight is set")
    func weights() async throws {
        var scene = try Scene()
        let mirror = TestMirror(scene.faults)
        scene.mirror = mirror
        let key = try #require(scene.imageKey)
        let lengths = Lengths()
        scene.router.watch { [scene] _, _ in
            // What stands in the mirror at this moment; the journal is in memory, so this reads at once.
            lengths.note(mirror.content[(try? scene.run) ?? ""]?.count ?? 0)
            return nil
        }
        #expect(await scene.runner.apply(scene.document).kind == .succeeded)
        #expect(lengths.all.count == 3 && Set(lengths.all).count == 3, "one more piece before each weight")
        let mirrored = try await MirroredRun(try scene.run, from: mirror, key: key)
        #expect(mirrored.contents.head == (try scene.store.read(try scene.run)).head)
    }

    private final class Lengths: @unchecked Sendable {
        private(set) var all: [Int] = []
        func note(_ count: Int) { all.append(count) }
    }

    @Test("cuts a long journal into pieces and puts them together again", arguments: [200, 1_000, 50_000])
    func pieces(bytes: Int) async throws {
        let scene = try Scene()
        _ = await scene.runner.apply(scene.document)
        let run = try scene.run
        let key = try #require(scene.imageKey)
        let mirror = TestMirror(scene.faults)
        var writer = RunMirror(
            store: mirror, key: key, run: run, files: scene.document.files, pieceBytes: bytes)
        let (contents, journal) = try scene.store.open(run)
        let head = try #require(contents.head)
        try await writer.bringUp(journal, records: contents.records.count, head: head) { contents.records[$0].hash }
        let read = try await MirroredRun(run, from: mirror, key: key)
        #expect(read.journal == scene.store.bytes(of: run))
        #expect(read.files == scene.document.files)
        // Another process goes on behind it, and one whose journal is another does not.
        var next = RunMirror(store: mirror, key: key, run: run, files: scene.document.files, pieceBytes: bytes)
        let blobs = mirror.content[run]?.count
        try await next.bringUp(journal, records: contents.records.count, head: head) { contents.records[$0].hash }
        #expect(mirror.content[run]?.count == blobs)
        var stranger = RunMirror(store: mirror, key: key, run: run, files: scene.document.files)
        do {
            try await stranger.bringUp(journal, records: 1, head: contents.records[0].hash) { _ in nil }
            Issue.record("wrote over a journal that is ahead")
        } catch { #expect(error.code == .ahead) }
    }

    @Test("that missed a way back does not let the run go forward on what was taken back")
    func behind() async throws {
        var scene = try Scene()
        let mirror = TestMirror(scene.faults)
        scene.mirror = mirror
        let before = scene.world
        #expect(
            await scene.runner(observer: StopAt(.stepVerified, step: "front.100-route", scene.signals))
                .apply(scene.document).kind == .interrupted)
        let run = try scene.run
        scene.signals = SignalCounter()
        scene.faults.set { $0 == .mirror ? .refusal(StepFailure(.notSent, "no answer")) : nil }
        let back = await scene.runner.rollback(run, to: .wave("front"), scene.document)
        #expect(back.kind == .paused, "\(back.message)")
        scene.faults.set(weather: nil)
        #expect(try await scene.loseMachine())
        let world = scene.world
        let refused = await scene.runner.resume(run, scene.document)
        #expect(refused.kind == .refused)
        #expect(refused.problems.map(\.code) == [.undoneSince], "\(refused.message)")
        #expect(scene.world == world)
        let target = try #require(refused.next.first?.split(separator: " ").last.map(String.init))
        let again = await scene.runner.rollback(run, to: .checkpoint(target), scene.document)
        #expect(again.kind == .rolledBack || again.kind == .paused, "\(again.message)")
        if again.kind == .rolledBack {
            #expect(scene.world == before)
        } else {
            #expect(await scene.runner.resume(run, scene.document).kind == .succeeded)
        }
    }

    @Test("a mirror that hangs is given up in time")
    func hangs() async throws {
        struct Hanging: MirrorStore {
            let place = "hanging"
            func put(_ name: String, of run: String, _ bytes: [UInt8]) async throws(MirrorError) { await hang() }
            func get(_ name: String, of run: String) async throws(MirrorError) -> [UInt8]? {
                await hang()
                return nil
            }
            func remove(_ name: String, of run: String) async throws(MirrorError) { await hang() }
            func runs() async throws(MirrorError) -> [String] { [] }
            private func hang() async { await SignalCounter().reached(stage: 1) }
        }
        let mirror = BoundedMirror(Hanging(), clock: SystemClock(), limit: .milliseconds(50))
        do {
            try await mirror.put("a", of: "r", [])
            Issue.record("it came back")
        } catch { #expect(error.code == .unreachable && error.message.contains("did not answer")) }
        #expect(try await mirror.runs().isEmpty)
    }
}

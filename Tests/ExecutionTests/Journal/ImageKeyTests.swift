import Manifests
import Planning
import Testing

@testable import Execution

@Suite("Before-images of Secrets")
struct ImageKeyTests {
    static let canary = "c2VjcmV0LWNhbmFyeQ=="

    static func key(_ byte: UInt8) -> ImageKey? { ImageKey([UInt8](repeating: byte, count: 32)) }

    @Test("open with their key and under their name only, and show every change", arguments: [0, 1, 63, 64, 5_000])
    func sealing(length: Int) throws {
        let random = SeededRandom(seed: UInt64(length))
        let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let key = try #require(Self.key(1))
        let other = try #require(Self.key(2))
        let sealed = try key.seal(bytes, as: "a")
        #expect(try key.open(sealed, as: "a") == bytes)
        #expect(try key.seal(bytes, as: "a") == sealed, "the same content gives the same bytes")
        #expect(try key.seal(bytes, as: "b") != sealed)
        #expect(throws: JournalError.self) { try key.open(sealed, as: "b") }
        for place in stride(from: 0, to: sealed.count, by: max(1, sealed.count / 40)) {
            var changed = sealed
            changed[place] ^= 1
            #expect(throws: JournalError.self, "byte \(place)") { try key.open(changed, as: "a") }
        }
        do {
            _ = try other.open(sealed, as: "a")
            Issue.record("opened with another key")
        } catch {
            #expect(error.code == .sealed)
            #expect(error.message.contains(key.id) && error.message.contains(other.id))
        }
    }

    @Test("take exactly 32 bytes", arguments: [0, 16, 31, 33])
    func length(count: Int) { #expect(ImageKey([UInt8](repeating: 0, count: count)) == nil) }

    @Test("give nothing away, neither by name nor by content; those of other objects stay readable")
    func atRest() throws {
        let folder = try FileRunStoreTests.Folder()
        let store = FileRunStore(folder.path)
        let journal = try store.begin("r", first: FileRunStoreTests.first("r"), plan: FileRunStoreTests.plan)
        let images = BeforeImages(journal: journal, key: Self.key(1))
        let image: JSONValue = ["data": ["password": .string(Self.canary)]]
        let secret = try images.keep(image, of: Scene.secret)
        let plain = try images.keep(["replicas": 3], of: Scene.web)
        #expect(secret.isKeyed && !plain.isKeyed)
        #expect(secret.hexadecimal != Digest(of: image).hexadecimal)
        #expect(try images.image(secret) == image)
        let names = try PosixFile.names(in: store.folder(of: "r") + "/images")
        #expect(Set(names) == ["\(secret.hexadecimal).sealed", "\(plain.hexadecimal).json"])
        for name in names {
            let bytes = try PosixFile.read(store.folder(of: "r") + "/images/" + name)
            #expect(!String(decoding: bytes, as: UTF8.self).contains(Self.canary))
        }
        for wrong in [ImageKey?.none, Self.key(2)] {
            let other = BeforeImages(journal: journal, key: wrong)
            #expect(try other.image(plain) == ["replicas": 3])
            do {
                _ = try other.image(secret)
                Issue.record("read without its key")
            } catch { #expect(error.code == .sealed) }
        }
    }

    /// A plan that also sets a field of a Secret on green.
    private func document(_ scene: Scene) throws -> PlanDocument {
        var document = scene.document
        for wave in document.plan.waves.indices {
            for step in document.plan.waves[wave].steps.indices {
                guard document.plan.waves[wave].steps[step].id == "front.030-wake",
                    case .setFields(var action) = document.plan.waves[wave].steps[step].action
                else { continue }
                action.changes.append(
                    FieldChange(
                        object: Scene.secret, apiVersion: "v1",
                        fields: [.init(path: "data.password", from: .string(Self.canary), to: "bmV3")]))
                document.plan.waves[wave].steps[step].action = .setFields(action)
            }
        }
        document.digest = Digest(of: try PlanCoding.json(document.plan))
        return document
    }

    @Test("keep a run with another key, or none, from going forward before it writes", arguments: [nil, 2] as [UInt8?])
    func forward(byte: UInt8?) async throws {
        var scene = try Scene()
        let document = try document(scene)
        scene.approver = ListedApprover(gates: [], person: "ada")
        #expect(await scene.runner.apply(document).kind == .waiting)
        let (world, length) = (scene.world, scene.store.bytes(of: try scene.run).count)
        scene.imageKey = byte.flatMap(Self.key)
        scene.approver = ListedApprover(gates: ["front.050-gate"], person: "ada")
        let outcome = await scene.runner.resume(try scene.run, document)
        #expect(outcome.kind == .refused)
        #expect(outcome.problems.map(\.code) == [.wrongImageKey])
        #expect(outcome.message.contains(Self.key(9)?.id ?? "?"), "\(outcome.message)")
        #expect(scene.world == world)
        #expect(scene.store.bytes(of: try scene.run).count == length)
    }

    @Test("do not hold up a way back without the key: what they are needed for stays owed until it is there")
    func back() async throws {
        var scene = try Scene()
        let document = try document(scene)
        let before = scene.world
        #expect(await scene.runner.apply(document).kind == .succeeded)
        let run = try scene.run
        let text = String(decoding: scene.store.bytes(of: run), as: UTF8.self)
        #expect(!text.contains("bmV3") && !text.contains(Self.canary))
        scene.imageKey = nil
        #expect(try scene.runner.unrestorable(run).map(\.object) == [Scene.secret])
        let back = await scene.runner.rollback(run, to: .checkpoint("start"), document)
        #expect(back.kind == .paused)
        #expect(back.message.contains("sealed"), "\(back.message)")
        #expect(back.state?.owed.map(\.id.object) == [Scene.secret])
        #expect(scene.router.green == 0)
        #expect(scene.blue.content(ownUIDs: true) == before.blue)
        scene.imageKey = Self.key(9)
        #expect(try scene.runner.unrestorable(run).isEmpty)
        #expect(await scene.runner.resume(run, document).kind == .rolledBack)
        #expect(scene.world == before)
    }
}

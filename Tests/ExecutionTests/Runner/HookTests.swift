import Manifests
import Planning
import Synchronization
import Testing

@testable import Execution

@Suite("Hooks of a run")
struct HookTests {
    /// Remembers what it was told, and answers as it was made to.
    private final class Listener: HookRunner {
        let told = Mutex<[(program: String, json: JSONValue)]>([])
        let answer: String?
        init(_ answer: String? = nil) { self.answer = answer }

        func run(_ hook: MigrationHook, input: [UInt8]) async -> String? {
            let json = (try? JSONValue(parsing: input)) ?? .null
            told.withLock { $0.append((hook.run.first ?? "", json)) }
            return answer
        }
    }

    private static let all = MigrationHooks(
        waiting: MigrationHook(run: ["w"]), halted: MigrationHook(run: ["h"]), returned: MigrationHook(run: ["r"]),
        done: MigrationHook(run: ["d"]))

    private func runner(_ scene: Scene, _ listener: Listener) -> Runner {
        var ports = scene.runner.ports
        ports.hookRunner = listener
        ports.hooks = Self.all
        return Runner(ports: ports, tool: "test")
    }

    @Test("are told of each end once, in words for programs, and of nothing secret")
    func ends() async throws {
        var scene = try Scene()
        let listener = Listener()
        scene.approver = ListedApprover(gates: [], person: "ada")
        #expect(await runner(scene, listener).apply(scene.document).kind == .waiting)
        scene.approver = ListedApprover(gates: ["front.050-gate"], person: "ada")
        let run = try scene.run
        scene.router.force(30)
        #expect(await runner(scene, listener).resume(run, scene.document).kind == .halted)
        scene.router.force(0)
        #expect(
            await runner(scene, listener).rollback(run, to: .checkpoint("start"), scene.document).kind == .rolledBack)
        #expect(await runner(scene, listener).apply(scene.document).kind == .succeeded)
        let told = listener.told.withLock { $0 }
        #expect(told.map(\.program) == ["w", "h", "r", "d"])
        #expect(told.map { $0.json["event"]?.string } == ["waiting", "halted", "returned", "done"])
        #expect(told[0].json["gate"] == "front.050-gate")
        #expect(told[0].json["run"] == .string(run))
        #expect(told[0].json["next"]?.array?.isEmpty == false)
        #expect(told[1].json["code"]?.string?.isEmpty == false)
        #expect(told[3].json["green"]?["front"] == 100)
        for one in told {
            let text = one.json.canonicalText
            #expect(!text.contains("c2VjcmV0") && !text.contains("secret-canary"))
        }
    }

    @Test("that fail stop nothing, and the journal says so")
    func failing() async throws {
        let scene = try Scene()
        let listener = Listener("it ended with 1")
        #expect(await runner(scene, listener).apply(scene.document).kind == .succeeded)
        let records = try scene.store.read(try scene.run).records
        let note = records.last { $0.entry.type == .note }
        #expect(note?.entry.text("code") == "hook-failed")
        #expect(note?.entry.text("message") == "hook done (d): it ended with 1")
        #expect(RunState(records)?.phase == .succeeded)
        #expect(await scene.runner.resume(try scene.run, scene.document).kind == .succeeded)
    }

    @Test("are not told of a stop by a person, who knows")
    func interrupted() async throws {
        let scene = try Scene()
        let listener = Listener()
        var ports = runner(scene, listener).ports
        ports.observer = StopAt(.checkpoint, scene.signals)
        #expect(await Runner(ports: ports, tool: "test").apply(scene.document).kind == .interrupted)
        #expect(listener.told.withLock { $0.isEmpty })
    }
}

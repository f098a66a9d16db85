import FoundationEssentials
import Manifests
import Planning
import Testing

@testable import Execution

/// Journals as older tools wrote them: each must be read, and lead to the decisions that it led to then.
///
/// A new format needs a folder of its own in `fixtures/journal`; `KIRIKAE_RECORD_FIXTURES=1` writes the one of the present
/// format, and only when there is none yet.
@Suite("Journals of every format")
struct FormatTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "fixtures/journal")

    private static func folder(_ format: Int64) -> URL { fixtures.appending(path: "format-\(format)") }

    private static func read(_ name: String, _ format: Int64) throws -> [UInt8] {
        Array(try Data(contentsOf: folder(format).appending(path: name)))
    }

    @Test("lead to the same decisions, cut after any record", arguments: 1...JournalRecord.format)
    func decisions(format: Int64) throws {
        let plan = try PlanCoding.decode(Plan.self, from: try JSONValue(parsing: Self.read("plan.json", format)))
        let contents = try JournalContents(reading: Self.read("journal.jsonl", format))
        #expect(contents.torn == nil)
        #expect(contents.records.first?.previous == Digest(of: try PlanCoding.json(plan)))
        let expected = String(decoding: try Self.read("decisions.txt", format), as: UTF8.self)
        #expect(try Self.decisions(plan, contents.records) == expected)
    }

    @Test("hold records that go forward, back, forward again, and wait")
    func coverage() throws {
        let contents = try JournalContents(reading: Self.read("journal.jsonl", 1))
        let types = Set(contents.records.map(\.entry.type))
        for type in [
            RecordType.runBegin, .runPreflight, .checkpoint, .gateWaiting, .gateApproved, .stepIntent, .stepAck,
            .stepVerified, .runRollback, .undoIntent, .undoVerified, .runPause, .runResume, .runEnd,
        ] {
            #expect(types.contains(type), "\(type.rawValue)")
        }
    }

    /// What an engine wants first when it goes on behind each record.
    private static func decisions(_ plan: Plan, _ records: [JournalRecord]) throws -> String {
        var lines: [String] = []
        for count in 1...records.count {
            guard let state = RunState(Array(records.prefix(count))) else { continue }
            var engine = try Engine(plan: plan, state: state, actor: "reader@desk#1")
            let actions = engine.handle(Event(moment: state.last, chance: 0, kind: .resumed(repaired: nil)))
            lines.append("\(count - 1) \(state.phase): " + actions.map(word).joined(separator: ", "))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func word(_ action: Action) -> String {
        switch action {
        case .append(let records, let durable):
            (durable ? "sync " : "write ") + records.map(\.entry.type.rawValue).joined(separator: "+")
        case .publishHead: "publish"
        case .finish(let ending): "finish \(ending)"
        case .sleep: "sleep"
        default: "\(action)".prefix { $0 != "(" } + " \(action.operation.map { "\($0)" } ?? "")"
        }
    }

    @Test("are recorded once", .enabled(if: ProcessInfo.processInfo.environment["KIRIKAE_RECORD_FIXTURES"] == "1"))
    func record() async throws {
        let folder = Self.folder(JournalRecord.format)
        guard !FileManager.default.fileExists(atPath: folder.path) else { return }
        var scene = try Scene()
        scene.approver = ListedApprover(gates: [], person: "ada")
        _ = await scene.runner.apply(scene.document)
        scene.approver = ListedApprover(gates: ["front.050-gate"], person: "ada")
        let run = try scene.run
        scene.signals = SignalCounter()
        _ = await scene.runner(observer: StopAt(.stepVerified, step: "back.010-apply", scene.signals))
            .resume(run, scene.document)
        scene.signals = SignalCounter()
        _ = await scene.runner.rollback(run, to: .checkpoint("before-cutover-front"), scene.document)
        _ = await scene.runner.resume(run, scene.document)
        let bytes = scene.store.bytes(of: run)
        let plan = try PlanCoding.json(scene.document.plan)
        let text = try Self.decisions(scene.document.plan, try JournalContents(reading: bytes).records)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: folder.appending(path: "journal.jsonl"))
        try Data(plan.canonicalBytes).write(to: folder.appending(path: "plan.json"))
        try Data(text.utf8).write(to: folder.appending(path: "decisions.txt"))
    }
}

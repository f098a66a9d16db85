import FoundationEssentials
import Manifests
import Planning
import Reporting
import Testing

@testable import Execution

@Suite("A report of a plan or a run")
struct MigrationReportTests {
    static let shop = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "plans/shop").path

    @Test("of a plan leaves nothing out: waves, steps, gates, checkpoints, hazards, what is not copied")
    func plan() throws {
        let contents = try PlanFile.read(Self.shop)
        let report = PlanReport(contents)
        for text in [report.markdown, report.html] {
            for wave in contents.plan.waves { #expect(text.contains("Wave \(wave.name)")) }
            for (_, step) in contents.plan.steps { #expect(text.contains(step.id)) }
            for entry in contents.plan.wayBack { #expect(text.contains(entry.checkpoint)) }
            for hazard in contents.plan.hazards { #expect(text.contains(hazard.id)) }
            for reason in contents.plan.accounting.skipped.keys { #expect(text.contains(reason)) }
            #expect(text.contains(contents.digest.description))
        }
        // Every row of a table has as many cells as its head.
        var columns: Int?
        for line in report.markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("|") else {
                columns = nil
                continue
            }
            let bars = line.replacing("\\|", with: "").count { $0 == "|" }
            #expect(bars == columns ?? bars, "\(line)")
            columns = bars
        }
    }

    @Test("of a run tells what happened, in whose words, and what was trouble")
    func run() throws {
        let plan = Digest.sha256([1])
        let entries: [JournalEntry] = [
            .begin(plan: "shop", tool: "1.2.3", blue: "u1", green: "u2", arguments: ["apply"], seed: 1),
            .preflight(checked: 149, warnings: []), .interrupt("SIGINT"),
            .resume(isBack: false, pass: 1, repaired: nil),
            .halted(
                code: "foreign", message: "somebody <else> changed it", operation: nil, difference: nil,
                next: ["kirikae resolve"]),
        ]
        var records: [JournalRecord] = []
        for (index, entry) in entries.enumerated() {
            records.append(
                JournalRecord(
                    sequence: index, previous: records.last?.hash ?? plan,
                    moment: Moment(wall: 1_790_000_000_000 + Int64(index) * 65_000, monotonic: Int64(index)),
                    run: "r1", epoch: 1, actor: "ann@host#\(index)", entry: entry))
        }
        let report = try #require(RunReport(records))
        #expect(report.markdown.contains("# Run r1 of plan shop"))
        #expect(report.markdown.contains("Halted: somebody &lt;else&gt; changed it"))
        #expect(report.markdown.contains("| 1 min 5 s | `run.preflight`"))
        #expect(report.markdown.contains("`run.interrupt` | the run | SIGINT"))
        #expect(report.html.contains("somebody &lt;else&gt; changed it") && report.html.contains("ann@host#0"))
        #expect(RunReport([]) == nil)
        let calm = try #require(RunReport(Array(records.prefix(2))))
        #expect(calm.markdown.contains("None: no retry, no doubt"))
    }
}

import Findings
import FoundationEssentials
import Manifests
import Reporting
import Testing

/// Compares text with a file of the fixtures; with KIRIKAE_RECORD=1 the file is written instead.
func expectSnapshot(_ text: String, _ name: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "fixtures/reports/\(name)")
    if ProcessInfo.processInfo.environment["KIRIKAE_RECORD"] == "1" {
        try Data(text.utf8).write(to: file)
        return
    }
    let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    #expect(text == expected, "to take the new text: KIRIKAE_RECORD=1", sourceLocation: sourceLocation)
}

@Suite("A report of findings")
struct FindingsReportTests {
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "fixtures/reports/findings")

    static func result(_ name: String = "shop.yaml", minor: Int = 36) throws -> CheckResult {
        let bytes = Array(try Data(contentsOf: fixtures.appending(path: name)))
        return CheckRun(target: KubernetesVersion(minor: minor)).run(
            ManifestLoader().load(bytes: bytes, file: "deploy/\(name)"))
    }

    /// Findings of every state, notices of every kind, and something that could not be read.
    static func mixed() throws -> CheckReport {
        var result = try result("mixed.yaml")
        let torn = CheckRun(target: KubernetesVersion(minor: 36)).run(
            ManifestLoader().load(bytes: Array("a: [\n".utf8), file: "deploy/torn & worn.yaml"))
        result.errors = torn.errors
        result.accounting.filesSeen += 1
        result.accounting.filesFailed += 1
        result.accounting.errors += 1
        var judge = CheckJudge()
        judge.today = CalendarDate("2026-11-21")
        judge.suppressions = [
            Suppression(
                .file, codes: ["no-such-code"], reason: "r", until: try #require(CalendarDate("2027-01-31")),
                location: SourceLocation(file: ".kirikae.yaml", line: 4, column: 5))
        ]
        judge.baseline = Baseline(result.findings.filter { $0.object.name == "known" })
        for index in result.findings.indices where result.findings[index].code == "api-removed" {
            result.findings[index].isConvertible = true
        }
        return judge.report(on: result)
    }

    @Test("groups findings by object, each with its place, for people")
    func text() throws {
        try expectSnapshot(FindingsText.render(CheckReport(try Self.result())), "findings/shop.txt")
    }

    @Test("has stable names for programs")
    func json() throws {
        // The catalog's digest changes with its facts, which is not what this is about.
        let report = CheckReport(try Self.result())
        let text = FindingsJSON.render(report).replacing(
            report.result.catalogDigest.description, with: "sha256:CATALOG")
        try expectSnapshot(text, "findings/shop.json")
    }

    @Test("is the same whenever it is made of the same findings", arguments: FindingsFormat.allCases)
    func snapshot(_ format: FindingsFormat) throws {
        let report = try Self.mixed()
        let text = format.render(report, style: .init(toolVersion: "1.2.3"))
        #expect(text.hasSuffix("\n"))
        #expect(!text.contains("\u{1B}"), "a name steers the terminal")
        let ending = [FindingsFormat.text: "txt", .markdown: "md", .junit: "xml", .sarif: "sarif"][format]
        try expectSnapshot(
            text.replacing(report.result.catalogDigest.description, with: "sha256:CATALOG"),
            "findings/mixed.\(ending ?? format.rawValue)")
    }

    @Test("says how many documents were parsed and how many a scan cleared, in numbers that add up and are read back")
    func cleared() throws {
        let documents =
            (1...7).map { "title: c\($0)\n" }
            + ["apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n"]
            + ["apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: { broken\n"]
        let run = CheckRun(target: KubernetesVersion(minor: 36))
        let text = Array(documents.joined(separator: "---\n").utf8)
        let scanned = CheckReport(run.run(text: text, file: "a.yaml"))
        #expect(scanned.result.accounting.documentsCleared == 7 && scanned.result.accounting.addsUp)
        #expect(
            FindingsText.render(scanned).contains(
                " Documents: 1 parsed, 7 cleared by a scan for the words that matter (--parse-all parses them too), "
                    + "1 failed."))
        let parsed = CheckReport(run.run(text: text, file: "a.yaml", .parsing))
        #expect(!FindingsText.render(parsed).contains("cleared by a scan"))
        for report in [scanned, parsed] {
            let json = FindingsJSON.render(report)
            let read = try FindingsReader.read(Array(json.utf8))
            #expect(read.result.accounting.documentsCleared == report.result.accounting.documentsCleared)
            #expect(read.result.accounting.addsUp && FindingsJSON.render(read) == json)
        }
    }

    @Test("in colour is the same text between the colours")
    func colour() throws {
        let report = try Self.mixed()
        let painted = FindingsText.render(report, colour: true)
        #expect(painted.contains("\u{1B}[31m"))
        #expect(painted.replacing(try Regex("\u{1B}\\[[0-9]+m"), with: "") == FindingsText.render(report))
    }

    @Test("says so when there is nothing to say, and what that rests on")
    func nothing() {
        let report = ManifestLoader().load(bytes: Array("apiVersion: v1\nkind: ConfigMap".utf8), file: "a.yaml")
        let text = FindingsText.render(CheckReport(CheckRun(target: KubernetesVersion(minor: 36)).run(report)))
        #expect(text.hasPrefix("No findings at 1.36.\n"))
        #expect(text.contains("1 object in 1 document of 1 file"))
        #expect(text.split(separator: "\n").count == 2)
        let beyond = FindingsText.render(CheckReport(CheckRun(target: KubernetesVersion(minor: 40)).run(report)))
        #expect(beyond.contains("what 1.40 serves rests on announcements"))
    }

    @Test("never says \"no findings\" alone where something was not examined", arguments: FindingsFormat.allCases)
    func notExamined(_ format: FindingsFormat) {
        for (file, text) in [("torn.yaml", "a: [\n"), ("chart.yaml", "{{ if .x }}\na: b\n{{ end }}")] {
            let loaded = ManifestLoader().load(bytes: Array(text.utf8), file: file)
            let report = CheckReport(CheckRun(target: KubernetesVersion(minor: 36)).run(loaded))
            let rendered = format.render(report)
            #expect(report.exitStatus == 3)
            #expect(rendered.contains(file))
            #expect(!rendered.contains("No findings at 1.36."))
        }
    }

    @Test("begins with what hurts first where it is known which release is left behind")
    func range() throws {
        var result = try Self.result()
        result.from = KubernetesVersion(minor: 15)
        result.quietReleases = [KubernetesVersion(minor: 28), KubernetesVersion(minor: 30)]
        let lines = FindingsText.render(CheckReport(result)).split(separator: "\n")
        #expect(
            lines.filter { $0.hasPrefix("At ") } == ["At 1.16:", "At 1.22:", "At 1.25:"])
        #expect(lines.contains("Later, or only worth knowing:"))
        #expect(lines.contains("No API is taken away by 1.28, 1.30."))
        #expect(lines.contains { $0.hasPrefix("5 findings in 4 objects from 1.15 to 1.36:") })
    }

    @Test("of a cluster says which, and what it would not show")
    func cluster() {
        let blue = InventoryCluster(name: "blue", uid: "u", version: KubernetesVersion(minor: 24))
        let object = KubeObject(
            GroupVersionKind(apiVersion: "batch/v1beta1", kind: "CronJob"), namespace: "a", name: "b")
        let inventory = Inventory(
            cluster: blue, takenAt: "", objects: [InventoryObject(object)], notSeen: ["v1 Secret: may not be listed"])
        let report = CheckReport(CheckRun(target: KubernetesVersion(minor: 36)).run(inventory))
        let text = FindingsText.render(report)
        #expect(
            text.contains("CronJob.batch/a/b\n  breaks at 1.25, refused: batch/v1beta1 CronJob is no longer served"))
        #expect(text.contains("Looked at 1 object of blue (1.24); 1 resource not seen."))
        for format in FindingsFormat.allCases {
            #expect(format.render(report).contains("CronJob.batch/a/b"), "\(format)")
            #expect(format.render(report).contains("v1 Secret: may not be listed"), "\(format)")
        }
    }

    @Test("fits a comment on GitHub, the worst first, however much there is")
    func long() throws {
        var result = try Self.result()
        let some = result.findings
        while result.findings.count < 5000 { result.findings += some }
        let report = CheckReport(result)
        let text = FindingsMarkdown.render(report)
        #expect(text.count < 65_536)
        #expect(text.contains("more that did not fit here"))
        #expect(!text.contains("ℹ️ info"))
    }
}

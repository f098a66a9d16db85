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
    static func result(_ name: String = "shop.yaml", minor: Int = 36) throws -> CheckResult {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "fixtures/reports/findings/\(name)")
        let report = ManifestLoader().load(bytes: Array(try Data(contentsOf: file)), file: "deploy/\(name)")
        return CheckRun(target: KubernetesVersion(minor: minor)).run(report)
    }

    @Test("groups findings by object, each with its place, for people")
    func text() throws {
        try expectSnapshot(FindingsText.render(try Self.result()), "findings/shop.txt")
    }

    @Test("has stable names for programs")
    func json() throws {
        // The catalog's digest changes with its facts, which is not what this is about.
        let result = try Self.result()
        let text = FindingsJSON.render(result).replacing(result.catalogDigest.description, with: "sha256:CATALOG")
        try expectSnapshot(text, "findings/shop.json")
        let read = try JSONValue(parsing: FindingsJSON.render(result))
        #expect(read["findings"]?.array?.count == result.findings.count)
    }

    @Test("says so when there is nothing to say, and what that rests on")
    func nothing() {
        let report = ManifestLoader().load(bytes: Array("apiVersion: v1\nkind: ConfigMap".utf8), file: "a.yaml")
        let text = FindingsText.render(CheckRun(target: KubernetesVersion(minor: 36)).run(report))
        #expect(text.hasPrefix("No findings at 1.36.\n"))
        #expect(text.contains("1 object in 1 document of 1 file"))
        let beyond = FindingsText.render(CheckRun(target: KubernetesVersion(minor: 40)).run(report))
        #expect(beyond.contains("what 1.40 serves rests on announcements"))
    }

    @Test("names what was not examined before it sums up")
    func notExamined() {
        let report = ManifestLoader().load(bytes: Array("a: [\n".utf8), file: "torn.yaml")
        let text = FindingsText.render(CheckRun(target: KubernetesVersion(minor: 36)).run(report))
        #expect(text.hasPrefix("Not examined:\n  torn.yaml:"))
        let template = ManifestLoader().load(bytes: Array("{{ if .x }}\na: b\n{{ end }}".utf8), file: "chart.yaml")
        let other = FindingsText.render(CheckRun(target: KubernetesVersion(minor: 36)).run(template))
        #expect(other.contains("chart.yaml: an unrendered template"))
    }

    @Test("of a cluster says which, and what it would not show")
    func cluster() {
        let blue = InventoryCluster(name: "blue", uid: "u", version: KubernetesVersion(minor: 24))
        let object = KubeObject(
            GroupVersionKind(apiVersion: "batch/v1beta1", kind: "CronJob"), namespace: "a", name: "b")
        let inventory = Inventory(
            cluster: blue, takenAt: "", objects: [InventoryObject(object)], notSeen: ["v1 Secret: may not be listed"])
        let text = FindingsText.render(CheckRun(target: KubernetesVersion(minor: 36)).run(inventory))
        #expect(text.contains("CronJob.batch/a/b\n  breaks: batch/v1beta1 CronJob is no longer served since 1.25."))
        #expect(text.contains("Looked at 1 object of blue (1.24); 1 resource not seen."))
    }
}

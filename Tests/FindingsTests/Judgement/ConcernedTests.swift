import Catalog
import Findings
import Manifests
import Testing

@Suite("What concerns nearly every object")
struct ConcernedTests {
    static func pod(_ name: String, _ note: String = "") -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name), namespace: shop\(note)}
        spec:
          containers: [{name: a, image: b}]

        """
    }

    static func result(_ texts: [String], file: String = "a.yaml") -> CheckResult {
        CheckRun(target: KubernetesVersion(minor: 22), from: KubernetesVersion(minor: 20)).run(
            ManifestLoader().load(bytes: Array(texts.joined(separator: "---\n").utf8), file: file))
    }

    @Test("is told once, at the first object, with their number")
    func once() throws {
        let result = Self.result([Self.pod("a"), Self.pod("b"), Self.pod("c")])
        #expect(result.findings.map(\.fact) == ["bound-sa-tokens", "bound-sa-tokens", "bound-sa-tokens"])
        let report = CheckReport(result)
        let entry = try #require(report.entries.first)
        #expect(report.entries.count == 1 && report.count(.warns) == 1 && report.exitStatus == 1)
        #expect(entry.finding.object.name == "a" && entry.finding.location?.line == 5)
        #expect(entry.finding.concerned == ["Pod/shop/a", "Pod/shop/b", "Pod/shop/c"])
        #expect(entry.finding.message.hasSuffix("So for 3 objects, of which this is the first."))
    }

    @Test("is told of one object without a number")
    func alone() throws {
        let entry = try #require(CheckReport(Self.result([Self.pod("a")])).entries.first)
        #expect(entry.finding.message.hasSuffix("(since 1.21)."))
    }

    @Test("counts for the others where one object is suppressed")
    func suppressed() throws {
        let note = ", annotations: {kirikae.dev/suppress: 'behaviour-change until=2099-01-01 reason=rereads its token'}"
        let report = CheckReport(Self.result([Self.pod("a", note), Self.pod("b"), Self.pod("c")]))
        #expect(report.suppressed == 1)
        #expect(report.counting.map(\.object.name) == ["b"])
        #expect(report.counting.first?.concerned.count == 2)
    }

    @Test("is still known to a baseline when another object comes first")
    func baseline() {
        var judge = CheckJudge()
        judge.baseline = Baseline(CheckReport(Self.result([Self.pod("b"), Self.pod("c")])).counting)
        let report = judge.report(on: Self.result([Self.pod("a"), Self.pod("b"), Self.pod("c")]))
        #expect(report.inBaseline == 1 && report.counting.isEmpty && report.notices.isEmpty)
    }

    @Test("is not lumped together with what concerns one object")
    func others() {
        let texts = ["a", "b"].map { "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: \($0)}\n" }
        let report = CheckReport(
            CheckRun(target: KubernetesVersion(minor: 36)).run(
                ManifestLoader().load(bytes: Array(texts.joined(separator: "---\n").utf8), file: "a.yaml")))
        #expect(report.entries.filter { $0.finding.code == "api-removed" }.count == 2)
    }
}

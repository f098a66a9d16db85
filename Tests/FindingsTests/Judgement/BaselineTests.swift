import Findings
import Manifests
import Testing

@Suite("A baseline")
struct BaselineTests {
    static let one = """
        apiVersion: batch/v1beta1
        kind: CronJob
        metadata: {name: digest, namespace: shop}

        """
    static let other = """
        apiVersion: policy/v1beta1
        kind: PodDisruptionBudget
        metadata: {name: web, namespace: shop}

        """

    static func result(_ text: String, file: String = "a.yaml", minor: Int = 36) -> CheckResult {
        CheckRun(target: KubernetesVersion(minor: minor)).run(
            ManifestLoader().load(bytes: Array(text.utf8), file: file))
    }

    static func report(_ result: CheckResult, baseline: Baseline) -> CheckReport {
        var judge = CheckJudge()
        judge.baseline = baseline
        return judge.report(on: result)
    }

    @Test("lets only new findings count")
    func new() throws {
        let baseline = Baseline(Self.result(Self.one).findings)
        #expect(Self.report(Self.result(Self.one), baseline: baseline).exitStatus == 0)
        let report = Self.report(Self.result(Self.other + "---\n" + Self.one), baseline: baseline)
        #expect(report.exitStatus == 1)
        #expect(report.counting.map(\.object.name) == ["web"] && report.inBaseline == 1)
    }

    @Test("still knows a finding when lines move, the file is renamed, the form is JSON or the target changes")
    func moves() throws {
        let baseline = try Baseline(parsing: Array(Baseline(Self.result(Self.one).findings).text.utf8))
        let json =
            #"{"kind": "CronJob", "apiVersion": "batch/v1beta1", "metadata": {"namespace": "shop", "name": "digest"}}"#
        for result in [
            Self.result("# A comment.\n\n\n" + Self.one), Self.result(Self.one, file: "moved/b.yaml"),
            Self.result(json, file: "c.json"), Self.result(Self.one, minor: 30),
        ] {
            let report = Self.report(result, baseline: baseline)
            #expect(report.inBaseline == 1 && report.counting.isEmpty && report.notices.isEmpty)
        }
    }

    @Test("counts: a second copy of a known finding is new")
    func copies() {
        let baseline = Baseline(Self.result(Self.one).findings)
        let report = Self.report(Self.result(Self.one + "---\n" + Self.one), baseline: baseline)
        #expect(report.inBaseline == 1 && report.counting.count == 1)
    }

    @Test("tells what is gone, unless not everything was read or shown")
    func fixed() {
        let baseline = Baseline(Self.result(Self.one + "---\n" + Self.other).findings)
        let report = Self.report(Self.result(Self.one), baseline: baseline)
        #expect(report.notices.map(\.kind) == [.fixedSinceBaseline])
        #expect(report.notices[0].message.contains("PodDisruptionBudget.policy/shop/web"))
        let torn = Self.report(Self.result(Self.one + "---\na: [\n"), baseline: baseline)
        #expect(torn.notices.isEmpty && torn.exitStatus == 3)
        var judge = CheckJudge()
        judge.baseline = baseline
        judge.severity = .breaks
        #expect(judge.report(on: Self.result(Self.one)).notices.map(\.kind) == [.fixedSinceBaseline])
    }

    @Test("is written the same whatever the order, and reads back")
    func written() throws {
        let findings = Self.result(Self.one + "---\n" + Self.other + "---\n" + Self.one).findings
        let text = Baseline(findings).text
        #expect(text == Baseline(findings.reversed()).text)
        #expect(try Baseline(parsing: Array(text.utf8)) == Baseline(findings))
        #expect(text.contains(#""count":2"#))
        #expect(try Baseline(parsing: Array(Baseline([]).text.utf8)).entries.isEmpty)
    }

    @Test(
        "that is something else is refused",
        arguments: [
            "", "{}", #"{"kind": "FindingBaseline"}"#,
            #"{"kind":"FindingBaseline","apiVersion":"kirikae.dev/v2","findings":[]}"#,
            #"{"kind":"FindingBaseline","apiVersion":"kirikae.dev/v1","findings":[{"fingerprint":"a"}]}"#,
            #"{"kind":"FindingBaseline","apiVersion":"kirikae.dev/v1","findings":[{"fingerprint":"a","count":0}]}"#,
        ])
    func refused(_ text: String) {
        #expect(throws: Baseline.Failure.self) { try Baseline(parsing: Array(text.utf8)) }
    }

    @Test("lists of a kind do not become new when their elements change places")
    func elements() {
        let finding = Finding(
            code: "a", severity: .warns, object: ObjectReference(kind: GroupKind("Pod"), namespace: "n", name: "p"),
            gvk: GroupVersionKind(apiVersion: "v1", kind: "Pod"), path: "spec.containers[0].image", message: "m.",
            remedy: "r.")
        var moved = finding
        moved.path = "spec.containers[3].image"
        #expect(moved.fingerprint == finding.fingerprint)
        moved.path = "spec.containers[3].name"
        #expect(moved.fingerprint != finding.fingerprint)
    }

    @Test("and thresholds hide findings without letting them count, and say how many")
    func thresholds() {
        var judge = CheckJudge()
        judge.severity = .warns
        judge.failOn = .info
        let text = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: db}\n"
        let report = judge.report(on: Self.result(text))
        #expect(report.hidden == 1 && report.entries.isEmpty && report.exitStatus == 0)
        judge.severity = .info
        #expect(judge.report(on: Self.result(text)).exitStatus == 1)
    }
}

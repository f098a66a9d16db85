import Findings
import Manifests
import Testing

@Suite("A suppression")
struct SuppressionTests {
    static let manifests = """
        apiVersion: batch/v1beta1
        kind: CronJob
        metadata: {name: digest, namespace: shop}
        ---
        apiVersion: policy/v1beta1
        kind: PodDisruptionBudget
        metadata: {name: web, namespace: front}
        """

    static func result(_ text: String = manifests, file: String = "legacy/jobs/a.yaml") -> CheckResult {
        CheckRun(target: KubernetesVersion(minor: 36)).run(
            ManifestLoader().load(bytes: Array(text.utf8), file: file))
    }

    static func judge(_ entries: String, today: String = "2026-11-21") throws -> CheckJudge {
        let text = "apiVersion: kirikae.dev/v1\nkind: Suppressions\nsuppressions:\n\(entries)\n"
        var judge = CheckJudge()
        judge.suppressions = try SuppressionFile.read(Array(text.utf8), file: ".kirikae.yaml")
        judge.today = CalendarDate(today)
        return judge
    }

    @Test(
        "covers what every one of its selectors fits",
        arguments: [
            ("codes: [api-removed]", ["digest", "web"]), ("codes: [\"api-*\"]", ["digest", "web"]),
            ("codes: [removed]", []), ("objects: [CronJob.batch/shop/digest]", ["digest"]),
            ("objects: [\"*/shop/*\"]", ["digest"]), ("objects: [\"*\"]", []),
            ("objects: [\"**\"]", ["digest", "web"]),
            ("paths: [\"legacy/**\"]", ["digest", "web"]), ("paths: [\"jobs/*.yaml\"]", ["digest", "web"]),
            ("paths: [\"a.yaml\"]", ["digest", "web"]), ("paths: [\"/legacy/**\"]", []), ("paths: [legacy]", []),
            ("paths: [\"egacy/**\"]", []), ("apis: [policy/v1beta1]", ["web"]),
            ("apis: [policy/v1beta1 PodDisruptionBudget]", ["web"]), ("apis: [policy/v1]", []),
            ("namespaces: [shop, other]", ["digest"]), ("namespaces: [\"f*\"]", ["web"]),
            ("namespaces: [shop]\n    codes: [api-deprecated]", []),
            ("namespaces: [shop]\n    codes: [api-removed]", ["digest"]),
        ])
    func covers(_ selectors: String, _ names: [String]) throws {
        let report = try Self.judge("  - \(selectors)\n    reason: r\n    until: 2027-01-01").report(on: Self.result())
        let suppressed = report.entries.filter { $0.state.word == "suppressed" }.map(\.finding.object.name)
        #expect(suppressed == names)
        #expect(report.exitStatus == (names.count == 2 ? 0 : 1))
        #expect(report.notices.map(\.kind) == (names.isEmpty ? [.unusedSuppression] : []))
        #expect(report.entries.count == 2, "nothing is taken away")
    }

    @Test("holds through its last day, and is said to be over from the next")
    func ends() throws {
        let entry = "  - codes: [api-removed]\n    reason: the March release\n    until: 2026-11-21"
        #expect(try Self.judge(entry, today: "2026-11-21").report(on: Self.result()).exitStatus == 0)
        let after = try Self.judge(entry, today: "2026-11-22").report(on: Self.result())
        #expect(after.exitStatus == 1)
        let notice = try #require(after.notices.first)
        #expect(notice.kind == .expiredSuppression && notice.location?.line == 4)
        #expect(notice.message.contains("2026-11-21") && notice.message.contains("the March release"))
        #expect(notice.message.contains("2 findings count again"))
    }

    @Test("that has ended does not stand in the way of one that holds")
    func longest() throws {
        let entries = """
              - {codes: [api-removed], reason: old, until: 2026-01-01}
              - {namespaces: [shop, front], reason: new, until: 2027-01-01}
            """
        let report = try Self.judge(entries).report(on: Self.result())
        #expect(report.exitStatus == 0 && report.notices.isEmpty)
    }

    @Test("on the object itself covers that object only, and is told when it meets nothing")
    func annotation() throws {
        let text = """
            apiVersion: batch/v1beta1
            kind: CronJob
            metadata:
              name: digest
              annotations:
                kirikae.dev/suppress: |
                  api-removed until=2027-01-31 reason=leaves with the March release
                  api-deprecated until=2027-01-31 reason=is no finding here
            ---
            apiVersion: batch/v1beta1
            kind: CronJob
            metadata: {name: mails}
            """
        var judge = CheckJudge()
        judge.today = CalendarDate("2027-01-31")
        let report = judge.report(on: Self.result(text))
        #expect(report.entries.map(\.state.word) == ["suppressed", "counts"])
        #expect(report.notices.map(\.kind) == [.unusedSuppression])
        #expect(report.notices[0].message.contains("api-deprecated"))
        #expect(report.notices[0].location?.line == 6)
        guard case .suppressed(let suppression) = report.entries[0].state else { return }
        #expect(suppression.reason == "leaves with the March release" && suppression.origin == .annotation)
        judge.today = CalendarDate("2027-02-01")
        #expect(judge.report(on: Self.result(text)).entries.map(\.state.word) == ["counts", "counts"])
        judge.today = CalendarDate("2027-01-31")
        judge.ignoresSuppressions = true
        let all = judge.report(on: Self.result(text))
        #expect(all.entries.map(\.state.word) == ["counts", "counts"] && all.notices.isEmpty)
    }

    @Test(
        "that says too little, or something unknown, is refused at its place",
        arguments: [
            ("  - {reason: r, until: 2027-01-01}", "4:5", "everything"),
            ("  - {codes: [a], until: 2027-01-01}", "4:5", "reason"),
            ("  - {codes: [a], reason: \" \", until: 2027-01-01}", "4:26", "reason"),
            ("  - {codes: [a], reason: r}", "4:5", "last day"),
            ("  - {codes: [a], reason: r, until: soon}", "4:36", "last day"),
            ("  - {codes: [a], reason: r, until: 2027-02-29}", "4:36", "last day"),
            ("  - {code: [a], codes: [b], reason: r, until: 2027-01-01}", "4:6", "'code' is not known"),
            ("  - {codes: a, reason: r, until: 2027-01-01}", "4:13", "list of words"),
            ("  - {codes: [], reason: r, until: 2027-01-01}", "4:13", "list of words"),
            ("  - {codes: [7], reason: r, until: 2027-01-01}", "4:13", "list of words"),
            ("  - all", "4:5", "mapping"), ("  nothing: here", "4:3", "list"),
        ])
    func refused(_ entry: String, _ place: String, _ words: String) throws {
        let error = #expect(throws: SuppressionFileError.self) { try Self.judge(entry) }
        let first = try #require(error?.problems.first)
        #expect(first.description.hasPrefix(".kirikae.yaml:\(place): "), "\(first)")
        #expect(first.message.contains(words), "\(first)")
    }

    @Test("in a file of another kind, or of none, is refused")
    func otherFiles() {
        for text in [
            "[]", "kind: Suppressions\nsuppressions: []", "apiVersion: kirikae.dev/v2\nkind: Suppressions", "a: [",
        ] {
            #expect(throws: SuppressionFileError.self) { try SuppressionFile.read(Array(text.utf8), file: "a") }
        }
    }

    @Test(
        "ends on a day that there is",
        arguments: [
            ("2027-01-31", true), ("2028-02-29", true), ("2000-02-29", true), ("2100-02-29", false),
            ("2027-02-29", false), ("2027-13-01", false), ("2027-00-01", false), ("2027-01-00", false),
            ("27-01-01", false), ("2027-1-1", false), ("2027-01-01T10:00:00Z", true), ("", false),
            ("+027-01-01", false),
        ])
    func days(_ text: String, _ isDay: Bool) {
        #expect((CalendarDate(text) != nil) == isDay)
        if let day = CalendarDate(text) { #expect(text.hasPrefix(day.description)) }
    }
}

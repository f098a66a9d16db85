import Findings
import FoundationEssentials
import Manifests
import Testing

@Suite("A run of checks")
struct CheckRunTests {
    struct Trap: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        /// How many removed APIs are in it.
        var removed: Int
        /// Whether part of it cannot be read, which must show.
        var incomplete = false
        var testDescription: String { name }
    }

    static let cron = "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: a}\n"

    /// Inputs that other tools of this field miscount.
    static let traps: [Trap] = [
        Trap(
            name: "list", text: "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: batch/v1beta1, kind: CronJob}",
            removed: 1),
        Trap(
            name: "list in a list",
            text: "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List, items: "
                + "[{apiVersion: batch/v1beta1, kind: CronJob, metadata: {name: a}}]}]}", removed: 1),
        Trap(
            name: "typed list", text: "apiVersion: batch/v1beta1\nkind: CronJobList\nitems:\n- metadata: {name: a}",
            removed: 1),
        Trap(name: "quoted keys", text: "\"apiVersion\": 'batch/v1beta1'\n'kind': \"CronJob\"", removed: 1),
        Trap(name: "flow map", text: "{apiVersion: batch/v1beta1, kind: CronJob}", removed: 1),
        Trap(name: "JSON", text: "{\"apiVersion\":\"batch/v1beta1\",\"kind\":\"CronJob\"}", removed: 1),
        Trap(
            name: "JSON stream",
            text:
                "{\"apiVersion\":\"batch/v1beta1\",\"kind\":\"CronJob\"}\n{\"apiVersion\":\"batch/v1beta1\",\"kind\":\"CronJob\"}",
            removed: 2),
        Trap(name: "merge key", text: "x: &x {apiVersion: batch/v1beta1}\n<<: *x\nkind: CronJob", removed: 1),
        Trap(name: "alias", text: "x: &x batch/v1beta1\napiVersion: *x\nkind: CronJob", removed: 1),
        Trap(name: "CRLF", text: "apiVersion: batch/v1beta1\r\nkind: CronJob\r\n---\r\n" + cron, removed: 2),
        Trap(name: "byte order mark", text: "\u{FEFF}" + cron, removed: 1),
        Trap(name: "tab after colon", text: "apiVersion:\tbatch/v1beta1\nkind: CronJob", removed: 1),
        Trap(name: "dashes in a block", text: cron + "x: |\n  ---\n  not a document", removed: 1),
        Trap(name: "separator with comment", text: cron + "--- # next\n" + cron, removed: 2),
        Trap(
            name: "content on the separator's line", text: "--- {apiVersion: batch/v1beta1, kind: CronJob}", removed: 1),
        Trap(
            name: "manifest inside a ConfigMap",
            text: "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    apiVersion: batch/v1beta1\n    kind: CronJob",
            removed: 0),
        Trap(
            name: "manifest at column 0 inside a quoted scalar",
            text:
                "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: \"\n\n    apiVersion: batch/v1beta1\n\n    kind: CronJob\"",
            removed: 0),
        Trap(name: "kind is a number", text: "apiVersion: batch/v1beta1\nkind: 7", removed: 0),
        Trap(name: "empty documents", text: "---\n---\n# nothing\n---\n" + cron + "---\n", removed: 1),
        Trap(
            name: "kind first, value on the next line", text: "kind: CronJob\napiVersion:\n  batch/v1beta1", removed: 1),
        Trap(name: "explicit key", text: "? apiVersion\n: batch/v1beta1\n? kind\n: CronJob", removed: 1),
        Trap(name: "escape", text: "apiVersion: \"batch\\u002Fv1beta1\"\nkind: CronJob", removed: 1),
        Trap(name: "no metadata", text: "apiVersion: batch/v1beta1\nkind: CronJob", removed: 1),
        Trap(name: "metadata null", text: "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata:", removed: 1),
        Trap(
            name: "name is a number", text: "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: 7}", removed: 1),
        Trap(name: "template in a value", text: cron + "spec: {x: {{ .Values.x }}}", removed: 0, incomplete: true),
        Trap(
            name: "template statement", text: "{{- if .Values.on }}\n" + cron + "{{- end }}", removed: 0,
            incomplete: true),
        Trap(
            name: "tab as indentation", text: "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata:\n\tname: a",
            removed: 0, incomplete: true),
        Trap(
            name: "cut off", text: "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: \"a", removed: 0,
            incomplete: true),
        Trap(
            name: "same key twice", text: "apiVersion: batch/v1\napiVersion: batch/v1beta1\nkind: CronJob", removed: 0,
            incomplete: true),
    ]

    @Test("counts what is there and shows what it could not read", arguments: traps)
    func trap(_ trap: Trap) {
        let report = ManifestLoader().load(bytes: Array(trap.text.utf8), file: "trap.yaml")
        let result = CheckRun(target: KubernetesVersion(minor: 36)).run(report)
        #expect(result.findings.count { $0.code == "api-removed" } == trap.removed)
        #expect(result.isComplete != trap.incomplete, "\(result.errors) \(result.skipped)")
        #expect(result.exitStatus() == (trap.incomplete ? 3 : trap.removed > 0 ? 1 : 0))
        #expect(result.accounting.addsUp)
    }

    @Test("points at the value of apiVersion")
    func location() {
        let text = "# head\nkind: CronJob\nmetadata: {name: a}\napiVersion:   batch/v1beta1\n"
        let report = ManifestLoader().load(bytes: Array(text.utf8), file: "a.yaml")
        let finding = CheckRun(target: KubernetesVersion(minor: 25)).run(report).findings.first
        #expect(finding?.location?.description == "a.yaml:4:15")
        #expect(finding?.since == KubernetesVersion(minor: 25))
        #expect(finding?.replacement?.description == "batch/v1 CronJob")
    }

    @Test(
        "ends with 0, 1 or 3, the worst first",
        arguments: [
            ("apiVersion: v1\nkind: ConfigMap", 0), ("apiVersion: v1\nkind: Endpoints", 0), (cron, 1),
            (cron + "---\na: [", 3),
        ] as [(String, Int32)])
    func status(_ text: String, _ expected: Int32) {
        let report = ManifestLoader().load(bytes: Array(text.utf8), file: "a.yaml")
        let result = CheckRun(target: KubernetesVersion(minor: 36)).run(report)
        #expect(result.exitStatus() == expected)
        if expected == 0, !result.findings.isEmpty { #expect(result.exitStatus(failingOn: .info) == 1) }
    }

    @Test("does not end well over a directory it may not read")
    func unreadable() throws {
        try Scratch.with { folder in
            let result = CheckRun(target: KubernetesVersion(minor: 36)).run(ManifestLoader().load(["\(folder)/absent"]))
            #expect(result.exitStatus() == 3)
        }
    }

    @Test("is incomplete over a cluster that did not show everything")
    func notSeen() {
        let whole = Fixtures.inventory("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}")
        let run = CheckRun(target: KubernetesVersion(minor: 36))
        #expect(run.run(whole).exitStatus() == 0)
        let partial = Inventory(cluster: whole.cluster, takenAt: "", objects: whole.objects, notSeen: ["v1 Secret: no"])
        #expect(run.run(partial).exitStatus() == 3)
    }

    @Test("still knows what Helm installed after the Secret was redacted")
    func redactedRelease() throws {
        let loaded = Fixtures.inventory(Fixtures.load("checks/helm-release-api/finds.yaml"))
        let redacted = Inventory(
            cluster: loaded.cluster, takenAt: "",
            objects: loaded.objects.map { InventoryObject(SecretRedaction.redact($0.object, key: [1])) },
            helmReleases: loaded.helmReleases)
        let run = CheckRun(target: KubernetesVersion(minor: 36))
        #expect(run.run(redacted).findings.map(\.message) == run.run(loaded).findings.map(\.message))
        #expect(run.run(redacted).findings.contains { $0.code == "helm-release-api" && $0.severity == .breaks })
    }
}

@Suite("Checks over public manifests", .enabled(if: Fixtures.hasCorpus, "no ../shared/corpus"))
struct CorpusTests {
    @Test("account for every file, and every finding stands where it says")
    func corpus() throws {
        let report = ManifestLoader().load([Fixtures.corpus])
        let result = CheckRun(target: KubernetesVersion(minor: 36)).run(report)
        #expect(result.accounting.addsUp)
        #expect(result.accounting.objects > 500)
        for error in result.errors { #expect(error.location != nil, "\(error)") }
        var lines: [String: [Substring]] = [:]
        for finding in result.findings where finding.fact == nil {
            let location = try #require(finding.location)
            if lines[location.file] == nil {
                let text = try String(contentsOfFile: location.file, encoding: .utf8)
                // CRLF is one character, and so no line feed.
                lines[location.file] = text.split(omittingEmptySubsequences: false) { $0.isNewline }
            }
            let line = try #require(lines[location.file])[location.line - 1]
            var words = [finding.gvk.apiVersion, finding.gvk.version, finding.gvk.group, finding.gvk.kind]
            if finding.fact != nil {
                words = (finding.path?.elements ?? []).compactMap {
                    if case .member(let name) = $0 { name } else { nil }
                }
            }
            #expect(words.contains { !$0.isEmpty && line.contains($0) }, "\(location): \(line)")
        }
        // Every file on the disk is in the books: seen, or below a directory that is.
        let directories = result.skipped.filter { $0.scope == .directory }.map(\.path)
        var count = 0
        for case let name in try FileManager.default.subpathsOfDirectory(atPath: Fixtures.corpus) {
            let path = "\(Fixtures.corpus)/\(name)"
            var isDirectory: Bool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory,
                !directories.contains(where: { path.hasPrefix($0 + "/") })
            else { continue }
            count += 1
        }
        #expect(count == result.accounting.filesSeen)
    }
}

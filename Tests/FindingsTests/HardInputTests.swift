import Findings
import FoundationEssentials
import Glibc
import Manifests
import Testing

/// Inputs on which tools of this field miscount, crash or fall silent, each with the right answer.
@Suite("Hard inputs")
struct HardInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        var file = "a.yaml"
        /// Removed APIs in what could be read in full.
        var certain = 0
        /// Removed APIs in what could only be read word by word.
        var likely = 0
        /// The kinds of trouble told, in order.
        var errors: [ManifestError.Code] = []
        var isUnrendered = false
        /// The trouble stands in a document without any word of interest, which a scan clears.
        var isClearedByScan = false
        var testDescription: String { name }

        init(
            _ name: String, _ text: String, file: String = "a.yaml", certain: Int = 0, likely: Int = 0,
            errors: [ManifestError.Code] = [], isUnrendered: Bool = false
        ) {
            self.init(
                name, bytes: Array(text.utf8), file: file, certain: certain, likely: likely, errors: errors,
                isUnrendered: isUnrendered)
        }

        init(
            _ name: String, bytes: [UInt8], file: String = "a.yaml", certain: Int = 0, likely: Int = 0,
            errors: [ManifestError.Code] = [], isUnrendered: Bool = false
        ) {
            self.name = name
            self.bytes = bytes
            self.file = file
            self.certain = certain
            self.likely = likely
            self.errors = errors
            self.isUnrendered = isUnrendered
        }

        var clearedByScan: Case {
            var copy = self
            copy.isClearedByScan = true
            return copy
        }
    }

    /// Removed in 1.16.
    static let old = "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: a}\n"
    static let flow =
        "{\"apiVersion\": \"extensions/v1beta1\", \"kind\": \"Deployment\", \"metadata\": {\"name\": \"a\"}}"

    static func wide(_ text: String, bigEndian: Bool) -> [UInt8] {
        let mark: [UInt8] = bigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]
        return mark
            + text.utf16.flatMap { unit -> [UInt8] in
                let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
                return bigEndian ? bytes : bytes.reversed()
            }
    }

    static let bomb =
        "x0: &x0 [a, a, a, a, a, a, a, a, a]\n"
        + (1..<9).map { "x\($0): &x\($0) [\(Array(repeating: "*x\($0 - 1)", count: 9).joined(separator: ", "))]\n" }
        .joined()

    static let cases: [Case] = [
        Case("01 plain", old, certain: 1),
        Case("02 list", "apiVersion: v1\nkind: List\nitems:\n- \(flow)\n", certain: 1),
        Case(
            "03 list in list", "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List, items: [\(flow)]}]}",
            certain: 1),
        Case(
            "04 typed list", "apiVersion: extensions/v1beta1\nkind: DeploymentList\nitems:\n- metadata: {name: a}\n",
            certain: 1),
        Case("05 quoted keys", "\"apiVersion\": 'extensions/v1beta1'\n'kind': \"Deployment\"\n", certain: 1),
        Case("06 flow map", "{apiVersion: extensions/v1beta1, kind: Deployment}", certain: 1),
        Case("07 JSON", flow, file: "a.json", certain: 1),
        Case("08 JSON one behind the other", flow + flow, file: "a.json", certain: 2),
        Case("08b the same on standard input", flow + "\n" + flow, file: "-", certain: 2),
        Case("09 merge key", "x: &x {apiVersion: extensions/v1beta1}\n<<: *x\nkind: Deployment\n", certain: 1),
        Case("10 alias", "x: &x extensions/v1beta1\napiVersion: *x\nkind: Deployment\n", certain: 1),
        Case("11 CRLF", "apiVersion: extensions/v1beta1\r\nkind: Deployment\r\n---\r\n" + old, certain: 2),
        Case("12 UTF-8 with a mark", "\u{FEFF}" + old, certain: 1),
        Case("13 UTF-16LE", bytes: wide(old, bigEndian: false), certain: 1),
        Case("13b UTF-16BE, two documents", bytes: wide(old + "---\n" + old, bigEndian: true), certain: 2),
        Case("14 tab behind the colon", "apiVersion:\textensions/v1beta1\nkind:\tDeployment\n", certain: 1),
        Case("15 tab as indentation", old + "spec:\n\treplicas: 1\n", likely: 1, errors: [.syntax]),
        Case("16 dashes in a block", old + "x: |\n  ---\n  text\n", certain: 1),
        Case(
            "17 PEM in a block", old + "x: |\n  -----BEGIN CERTIFICATE-----\n  AAAA\n  -----END CERTIFICATE-----\n",
            certain: 1),
        Case("18 separator with a comment", old + "--- # next\n" + old, certain: 2),
        Case(
            "19 content on the separator's line", "--- {apiVersion: extensions/v1beta1, kind: Deployment}", certain: 1),
        Case("20 template in a value", old + "spec: {replicas: {{ .Values.n }}}\n", likely: 1, isUnrendered: true),
        Case("21 template around it", "{{- if .Values.on }}\n\(old){{- end }}\n", likely: 1, isUnrendered: true),
        Case("22 template that asks for capabilities", TemplateCases.ingress, isUnrendered: true),
        Case(
            "23 kustomization",
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\npatches:\n"
                + "- path: p.yaml\n  target: {group: extensions, version: v1beta1, kind: Deployment, name: a}\n"),
        Case("24 key twice", "apiVersion: apps/v1\n" + old, likely: 1, errors: [.duplicateKey]),
        Case(
            "25 manifest in a ConfigMap",
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    apiVersion: extensions/v1beta1\n    kind: Deployment\n"
        ),
        Case(
            "26 manifest at column 0 of a quoted text",
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: \"x\n\n   apiVersion: extensions/v1beta1\n\n   kind: Deployment\n   \"\n"
        ),
        Case(
            "27 example in a CRD",
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\nspec:\n  example:\n"
                + "    apiVersion: extensions/v1beta1\n    kind: Deployment\n"),
        Case("28 alias bomb", old + bomb, likely: 1, errors: [.limit]),
        Case("29 kind is a number", "apiVersion: extensions/v1beta1\nkind: 7\n"),
        Case("30 apiVersion is a number", "apiVersion: 1\nkind: Deployment\n---\n" + old, certain: 1),
        Case("31 empty documents", "---\n---\n# nothing\n---\n\(old)---\n---\n", certain: 1),
        Case("32 cut off", old + "spec: {a: \"b", likely: 1, errors: [.syntax]),
        Case(
            "33 Latin-1", bytes: Array(old.utf8) + Array("x: caf".utf8) + [0xE9, 0x0A], likely: 1, errors: [.encoding]),
        Case("34 zero bytes", bytes: Array(old.utf8) + [0x78, 0, 0x0A], likely: 1, errors: [.encoding]),
        Case("35 deep brackets", old + "x: " + String(repeating: "[", count: 100_000), likely: 1, errors: [.limit]),
        Case("36 kind first", "kind: Deployment\nmetadata: {name: a}\napiVersion: extensions/v1beta1\n", certain: 1),
        Case("37 value on the next line", "apiVersion:\n  extensions/v1beta1\nkind:\n  Deployment\n", certain: 1),
        Case("38 value in a block", "apiVersion: |-\n  extensions/v1beta1\nkind: >-\n  Deployment\n", certain: 1),
        Case("39 tagged", "apiVersion: !!str extensions/v1beta1\nkind: ! Deployment\n", certain: 1),
        Case("40 explicit key", "? apiVersion\n: extensions/v1beta1\n? kind\n: Deployment\n", certain: 1),
        Case("41 escape", #"apiVersion: "extensions\u002fv1beta1""# + "\nkind: Deployment\n", certain: 1),
        Case(
            "42 broken document in the middle", "\(old)---\n\(old)---\nx: [\n---\n\(old)", certain: 3, errors: [.syntax]
        ).clearedByScan,
        Case("43 no metadata", "apiVersion: extensions/v1beta1\nkind: Deployment\n", certain: 1),
        Case(
            "44 name is a number", "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: 7}\n", certain: 1
        ),
        Case("45 metadata is null", "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata:\n", certain: 1),
        Case(
            "65 manifest in base64",
            "apiVersion: v1\nkind: Secret\ndata: {a: YXBpVmVyc2lvbjogZXh0ZW5zaW9ucy92MWJldGExCg==}\n"),
        Case(
            "68 CR only",
            "apiVersion: extensions/v1beta1\rkind: Deployment\r---\rapiVersion: extensions/v1beta1\rkind: Deployment\r",
            certain: 2),
        Case(
            "68b CRLF in the middle only",
            "apiVersion: extensions/v1beta1\nkind: Deployment\r\n---\nkind: Deployment\r\napiVersion: extensions/v1beta1\n",
            certain: 2),
        Case("71 gzip", bytes: [0x1F, 0x8B, 0x08, 0x00, 0x9C, 0xFF, 0x01, 0x02], errors: [.encoding]),
        Case(
            "71b bytes of a program", bytes: [0x7F, 0x45, 0x4C, 0x46, 0x02, 0x01, 0x01, 0x00, 0x00], errors: [.encoding]
        ),
        Case("71c nothing", ""),
        Case("72 one long line", "x: \"\(String(repeating: "x", count: 2_000_000))\"\n" + old, certain: 1),
        Case("72b many documents", String(repeating: "---\na: 1\n", count: 20_000) + "---\n" + old, certain: 1),
        Case("72c long key", "\(String(repeating: "k", count: 900)): 1\n" + old, certain: 1),
        Case("73 complex key", old + "? {a: b}\n: c\n", likely: 1, errors: [.unsupportedValue]),
        Case("73b binary", "apiVersion: !!binary ZXh0ZW5zaW9ucy92MWJldGEx\nkind: Deployment\n", certain: 1),
        Case("73c tags of others", old + "x: !Ref a\ny: !include b\n", certain: 1),
        Case(
            "73d several merges", "a: &a {kind: Deployment}\nb: &b {apiVersion: extensions/v1beta1}\n<<: [*a, *b]\n",
            certain: 1),
        Case(
            "73e anchor of another document", "x: &x extensions/v1beta1\n---\napiVersion: *x\nkind: Deployment\n",
            errors: [.alias]
        ).clearedByScan,
        Case(
            "74 name is a word of YAML 1.1", "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: on}\n",
            certain: 1),
        Case("74b kind is one", "apiVersion: extensions/v1beta1\nkind: no\n"),
        Case("75 blank behind the version", "apiVersion: \"extensions/v1beta1 \"\nkind: Deployment\n"),
        Case("75b blank in it", "apiVersion: v1 beta\nkind: Deployment\n"),
        Case("75c two slashes", "apiVersion: a/b/c\nkind: Deployment\n"),
        Case("75d empty", "apiVersion: \"\"\nkind: Deployment\n"),
        Case("75e no kind", "apiVersion: extensions/v1beta1\n"),
        Case("75f kind in small letters", "apiVersion: extensions/v1beta1\nkind: deployment\n"),
    ]

    @Test("have the right answer, scanned or parsed", arguments: cases)
    func answer(_ hard: Case) {
        for thoroughness in CheckRun.Thoroughness.allCases {
            let result = PrefilterTests.run.run(
                text: hard.bytes, file: hard.file, thoroughness, filter: PrefilterTests.filter)
            let removed = result.findings.filter { $0.code == "api-removed" }
            #expect(removed.count { $0.confidence == .certain } == hard.certain, "\(result.findings) \(result.errors)")
            #expect(removed.count { $0.confidence == .likely } == hard.likely, "\(result.findings)")
            let errors = thoroughness == .scanning && hard.isClearedByScan ? [] : hard.errors
            #expect(result.errors.map(\.code) == errors, "\(result.errors)")
            #expect(result.unrendered.isEmpty != hard.isUnrendered)
            #expect(result.accounting.addsUp && result.accounting.filesSeen == 1)
            #expect(removed.allSatisfy { $0.location != nil })
            let isWhole = errors.isEmpty && !hard.isUnrendered
            let isFound = result.findings.contains { $0.severity >= .warns }
            #expect(result.exitStatus() == (isWhole ? (isFound ? 1 : 0) : 3))
        }
    }

    @Test("among files are read or told")
    func files() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kirikae-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let names = [
            "-x.yaml", "a\nb.yaml", "quote\"'.yaml", String(repeating: "n", count: 250) + ".yaml", "ünïcödé.yml",
            " .yaml",
        ]
        for name in names + ["NOTES.txt", "x.json5", "x.jsonnet", "x.tpl", "x.gotmpl", "x.yaml.bak"] {
            _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: Data(Self.old.utf8))
        }
        _ = FileManager.default.createFile(atPath: "\(folder)/empty.yaml", contents: Data())
        #expect(mkfifo("\(folder)/pipe.yaml", 0o600) == 0)
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/loop", withDestinationPath: ".")
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/zz.yaml", withDestinationPath: "-x.yaml")
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/nowhere.yaml", withDestinationPath: "absent")
        let result = await CheckRun(target: KubernetesVersion(minor: 36)).run(ManifestLoader(), [folder])
        #expect(result.findings.count == names.count)
        #expect(Set(result.findings.compactMap { $0.location?.file }) == Set(names.map { "\(folder)/\($0)" }))
        #expect(result.accounting.skipped == [.otherExtension: 6, .empty: 1, .specialFile: 1, .alreadyRead: 2])
        #expect(result.errors.map(\.code) == [.unreadable])
        #expect(result.accounting.addsUp && result.exitStatus() == 3)
    }
}

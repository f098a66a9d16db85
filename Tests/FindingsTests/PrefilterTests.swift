import Findings
import FoundationEssentials
import Manifests
import Testing

/// The promise of the scan: whatever it clears has no findings.
@Suite("Scanning before parsing")
struct PrefilterTests {
    /// Every manifest written for the project: those of the checks hold what each of them finds.
    static let seeds: [[UInt8]] = {
        let folder = Fixtures.path("")
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".json") }.sorted().compactMap { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").map(Array.init)
        }
    }()

    static let run = CheckRun(target: KubernetesVersion(minor: 36))
    static let old = CheckRun(target: KubernetesVersion(minor: 28), from: KubernetesVersion(minor: 24))

    static let filter = run.documentFilter
    static let oldFilter = old.documentFilter

    private func compare(_ bytes: [UInt8], isOld: Bool, _ what: String) {
        let (run, filter) = isOld ? (Self.old, Self.oldFilter) : (Self.run, Self.filter)
        let built = run.run(text: bytes, file: "a.yaml", .building)
        let parsed = run.run(text: bytes, file: "a.yaml", .parsing, filter: filter)
        let scanned = run.run(text: bytes, file: "a.yaml", .scanning, filter: filter)
        #expect(scanned.findings == built.findings, "\(what)\n\(String(decoding: bytes, as: UTF8.self))")
        #expect(parsed.findings == built.findings, "\(what)\n\(String(decoding: bytes, as: UTF8.self))")
        // Whoever parses everything sees every error and counts every object.
        #expect(parsed.errors == built.errors, "\(what)\n\(String(decoding: bytes, as: UTF8.self))")
        #expect(parsed.accounting == built.accounting, "\(what)\n\(String(decoding: bytes, as: UTF8.self))")
        #expect(parsed.skipped == built.skipped, "\(what)")
        #expect(scanned.unrendered == built.unrendered, "\(what)")
        #expect(scanned.accounting.addsUp && built.accounting.addsUp)
    }

    @Test("is possible with the needs that the checks have", arguments: Checks.all.map(\.code))
    func filters(code: String) throws {
        let check = try #require(Checks.all.first { $0.code == code })
        for run in [Self.run, Self.old] {
            let clauses = try #require(check.need(in: run.context).clauses, "it wants to see everything")
            #expect(
                clauses.filter { $0.kinds == nil && !DocumentFilter.canSearch(forAnyOf: $0.words) } == [],
                "no word of four letters")
        }
    }

    @Test("changes no finding in the manifests of this project")
    func fixtures() {
        #expect(Self.seeds.count > 20)
        for seed in Self.seeds {
            for isOld in [false, true] { compare(seed, isOld: isOld, "fixture") }
        }
    }

    @Test("changes no finding in documents put together and mutated", arguments: 0..<12)
    func mutated(seed: Int) {
        var mutation = ManifestMutation(seed: UInt64(seed), texts: Self.seeds)
        for round in 0..<25 {
            let bytes = mutation.next()
            compare(bytes, isOld: !round.isMultiple(of: 2), "seed \(seed), round \(round)")
        }
    }

    @Test(
        "sees words however they are written",
        arguments: [
            #""apiVersion": "batch\u002fv1beta1""#, #"apiVersion: "batch\/v1beta1""#,
            #"apiVersion: "b\x61tch/v1beta1""#,
            "apiVersion: \"batch\\\n  /v1beta1\"", "apiVersion: !!binary YmF0Y2gvdjFiZXRhMQ==",
            "apiVersion: !<tag:yaml.org,2002:binary> YmF0Y2gvdjFiZXRhMQ==", "apiVersion: !!str batch/v1beta1",
            "apiVersion: >-\n  batch/v1beta1", "apiVersion: |-\n  batch/v1beta1", "x: &x batch/v1beta1\napiVersion: *x",
            "? apiVersion\n: 'batch/v1beta1'", "<<: {apiVersion: batch/v1beta1}",
        ])
    func written(apiVersion: String) {
        let bytes = Array("\(apiVersion)\nkind: CronJob\nmetadata: {name: a}\n".utf8)
        let result = Self.run.run(text: bytes, file: "a.yaml")
        #expect(result.findings.map(\.code) == ["api-removed"], "\(result.errors)")
        compare(bytes, isOld: false, apiVersion)
        // The same in two bytes a character.
        let wide: [UInt8] = [0xFF, 0xFE] + bytes.flatMap { [$0, 0] as [UInt8] }
        #expect(Self.run.run(text: wide, file: "a.yaml").findings.map(\.code) == ["api-removed"])
    }

    @Test("counts what it cleared and what it parsed")
    func counts() {
        let text = """
            # head
            ---
            apiVersion: v1
            kind: ConfigMap
            ---
            apiVersion: batch/v1beta1
            kind: CronJob
            ---
            # nothing
            ---
            apiVersion: v1
            kind: Service
            """
        let result = Self.run.run(text: Array(text.utf8), file: "a.yaml")
        let counts = result.accounting
        #expect((counts.documents, counts.documentsCleared, counts.documentsParsed) == (3, 2, 1))
        #expect((counts.objects, counts.filesRead) == (1, 1))
        #expect(result.findings.map { $0.location?.description } == ["a.yaml:6:13"])
    }

    @Test("does not hide the good documents of a file behind a bad one")
    func badDocument() {
        let cron = "apiVersion: batch/v1beta1\nkind: CronJob\n"
        let text = "\(cron)---\n\(cron)metadata: [\n---\n\(cron)---\n\(cron)metadata:\n\tname: x\n---\n\(cron)"
        for thoroughness in CheckRun.Thoroughness.allCases {
            let result = Self.run.run(text: Array(text.utf8), file: "a.yaml", thoroughness)
            #expect(result.findings.filter { $0.confidence == .certain }.map { $0.location?.line } == [1, 8, 16])
            #expect(result.errors.count == 2)
            #expect(result.accounting.documentsFailed == 2)
            #expect(result.exitStatus() == 3)
        }
    }
}

@Suite("Checking files as they are read")
struct FileRunTests {
    @Test("says the same as loading them all, in the same order, however many there are")
    func order() async throws {
        let run = PrefilterTests.run
        let paths = [Fixtures.path("checks"), Fixtures.path("")]
        let whole = run.run(ManifestLoader().load(paths))
        for thoroughness in CheckRun.Thoroughness.allCases {
            let streamed = await run.run(ManifestLoader(), paths, thoroughness)
            #expect(streamed.findings == whole.findings)
            #expect(streamed.errors == whole.errors)
            #expect(streamed.accounting.filesSeen == whole.accounting.filesSeen)
            #expect(streamed.accounting.addsUp)
            if thoroughness != .scanning { #expect(streamed.accounting == whole.accounting) }
        }
    }

    @Test("goes on past more files than are in hand at once")
    func many() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kirikae-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for index in 0..<2000 {
            let head = index.isMultiple(of: 7) ? "batch/v1beta1\nkind: CronJob" : "v1\nkind: ConfigMap"
            let text = "apiVersion: \(head)\nmetadata: {name: c\(index)}\n"
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(10_000 + index).yaml"))
        }
        let result = await PrefilterTests.run.run(ManifestLoader(), [folder])
        let removed = result.findings.filter { $0.code == "api-removed" }
        #expect(removed.map(\.object.name) == stride(from: 0, to: 2000, by: 7).map { "c\($0)" })
        #expect(result.accounting.documentsParsed >= removed.count && result.accounting.addsUp)
        #expect((result.accounting.filesRead, result.accounting.documents) == (2000, 2000))
    }
}

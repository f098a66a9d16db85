import FoundationEssentials
import Glibc
import Manifests
import Testing

@Suite("Loading manifests")
struct ManifestLoaderTests {
    private let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"

    private func names(_ report: LoadReport) -> [String] { report.objects.map(\.object.name) }

    private func reasons(_ report: LoadReport) -> [String] {
        report.skipped.map { "\($0.path.split(separator: "/").last ?? ""):\($0.reason.rawValue)" }
    }

    @Test("A directory is walked in the order of names, and every file has its account")
    func directory() throws {
        let scratch = try ScratchDirectory()
        for (name, text) in [
            ("b.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\n"), ("a/z.yml", pod),
            ("a/c.json", #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"c"}}"#),
            (
                "d.jsonl",
                #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"d1"}}"# + "\n"
                    + #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"d2"}}"# + "\n"
            ),
            ("README.md", "# {{"), (".git/config.yaml", pod), ("values.yaml", "image: {tag: v1}\n"),
            ("templates/x.yaml", "kind: {{ .Values.kind }}\nmetadata:\n  {{- include \"a\" . }}\n"),
            ("empty.yaml", "# nothing\n---\n"), ("void.json", ""), ("broken.yaml", "a: [1\n"), ("broken.json", "{"),
            ("build/out.yaml", pod),
        ] {
            try scratch.write(name, text)
        }
        let report = ManifestLoader(ignoredDirectories: ["build"]).load([scratch.path])
        #expect(names(report) == ["c", "a", "b", "d1", "d2"])
        #expect(
            reasons(report) == [
                ".git:hidden-directory", "README.md:other-extension", "build:ignored-directory", "empty.yaml:empty",
                "x.yaml:template", "values.yaml:not-an-object", "void.json:empty",
            ])
        #expect(report.errors.map { $0.location?.file.split(separator: "/").last } == ["broken.json", "broken.yaml"])
        #expect(report.filesSeen == 11)
        #expect((report.filesRead, report.filesSkipped, report.filesFailed) == (5, 4, 2))
        #expect(report.skippedByReason.map(\.count).reduce(0, +) == report.skipped.count)
    }

    @Test("Links are followed once; loops end")
    func links() throws {
        let scratch = try ScratchDirectory()
        try scratch.write("real/a.yaml", pod)
        try scratch.link("loop", to: ".")
        try scratch.link("real/up", to: "..")
        try scratch.link("second.yaml", to: "real/a.yaml")
        try scratch.link("broken.yaml", to: "nowhere")
        try scratch.link("broken.txt", to: "nowhere")
        let report = ManifestLoader().load([scratch.path, scratch.path + "/real/a.yaml"])
        #expect(names(report) == ["a"])
        #expect(
            reasons(report) == [
                "broken.txt:other-extension", "loop:already-read", "up:already-read", "second.yaml:already-read",
                "a.yaml:already-read",
            ])
        #expect(report.errors.map(\.code) == [.unreadable])
        #expect(report.filesSeen == report.filesRead + report.filesSkipped + report.filesFailed)
    }

    @Test("A path that is named is read whatever it is called")
    func named() throws {
        let scratch = try ScratchDirectory()
        let file = try scratch.write("pod.txt", pod)
        try scratch.write(".hidden/b.yaml", pod)
        #expect(ManifestLoader().load([file]).objects.count == 1)
        #expect(ManifestLoader().load([scratch.path + "/.hidden"]).objects.count == 1)
        #expect(ManifestLoader().load([scratch.path + "/.hidden/"]).objects.first?.origin.contains("//") == false)
    }

    @Test("What cannot be read is an error with its path, and the rest is still loaded")
    func unreadable() throws {
        let scratch = try ScratchDirectory()
        let file = try scratch.write("a.yaml", pod)
        let report = ManifestLoader().load([scratch.path + "/absent.yaml", file])
        #expect(report.objects.count == 1)
        #expect(report.errors.map(\.code) == [.unreadable])
        #expect(report.errors.first?.description.contains("absent.yaml") == true)
    }

    @Test("A directory without permission is an error, and so is a file")
    func forbidden() async throws {
        let scratch = try ScratchDirectory()
        try scratch.write("closed/a.yaml", pod)
        try scratch.write("secret.yaml", pod)
        try scratch.write("web.yaml", pod)
        for name in ["closed", "secret.yaml"] {
            let path = scratch.path + "/" + name
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        }
        // In a process of its own, which stops being root if it is: root may read everything.
        await #expect(processExitsWith: .success) { [path = scratch.path as String] in
            if geteuid() == 0 { try #require(setuid(65534) == 0) }
            let report = ManifestLoader().load([path])
            #expect(report.objects.count == 1)
            #expect(report.errors.map(\.code) == [.unreadable, .unreadable])
            #expect((report.filesSeen, report.filesRead, report.filesFailed) == (2, 1, 1))
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path + "/closed")
    }

    @Test("A name that is not UTF-8 is an error of its own")
    func nameOfBytes() throws {
        let scratch = try ScratchDirectory()
        try scratch.write("a.yaml", pod)
        let name = Array((scratch.path + "/b").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
        close(open(name, O_CREAT | O_WRONLY, 0o600))
        let report = ManifestLoader().load([scratch.path])
        #expect(report.objects.count == 1)
        #expect(report.errors.map(\.code) == [.unreadable])
        #expect((report.filesSeen, report.filesFailed) == (2, 1))
        unlink(name)
    }

    @Test("Standard input is read once and called -")
    func standardInput() throws {
        let report = ManifestLoader().load(["-", "-"], standardInput: { Array((pod + "---\n" + pod).utf8) })
        #expect(report.objects.map(\.origin) == ["-", "-"])
        #expect(report.objects.map(\.location.description) == ["-:1:1", "-:5:1"])
        #expect((report.filesSeen, report.filesRead, report.documents) == (1, 1, 2))
        let json = #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"😀","x":"\ud83d\ude00"}}"#
        #expect(ManifestLoader().load(["-"], standardInput: { Array(json.utf8) }).objects.count == 1)
        struct Closed: Error {}
        #expect(ManifestLoader().load(["-"], standardInput: { throw Closed() }).errors.map(\.code) == [.unreadable])
    }

    @Test("A file beyond the size limit is an error")
    func tooLarge() throws {
        let scratch = try ScratchDirectory()
        try scratch.write("a.yaml", pod)
        let limits = ReaderLimits(depth: 10, bytes: 20, aliasNodes: 10)
        #expect(ManifestLoader(limits: limits).load([scratch.path]).errors.map(\.code) == [.limit])
    }

    @Test(
        "A text that does not parse is a template only when it holds one",
        arguments: [
            ("a: {{ .Values.x }}", true), ("{{- if .x }}\na: 1\n{{- end }}", true), ("a: {{ x }}: y", true),
            ("a: [", false), ("a: \"{{ x }}\"\napiVersion: v1", false), ("a: { {b: 1}: 2 }", false),
        ])
    func template(text: String, isTemplate: Bool) {
        let report = ManifestLoader().load(bytes: Array(text.utf8), file: "t.yaml")
        #expect(report.skipped.contains { $0.reason == .template } == isTemplate)
        #expect(report.errors.isEmpty || !isTemplate)
    }
}

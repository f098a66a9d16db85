import FoundationEssentials
import Testing

@testable import Manifests

@Suite("Patterns of what is not read")
struct IgnoreTests {
    @Test(
        "match as Git's do",
        arguments: [
            ("*.yaml", "a.yaml", true), ("*.yaml", "b/a.yaml", true), ("*.yaml", "a.yml", false),
            ("/a.yaml", "a.yaml", true), ("/a.yaml", "b/a.yaml", false), ("b/a.yaml", "b/a.yaml", true),
            ("b/a.yaml", "c/b/a.yaml", false), ("**/b/a.yaml", "c/b/a.yaml", true), ("b/**", "b/c/a.yaml", true),
            ("b/**/a.yaml", "b/a.yaml", true), ("b/**/a.yaml", "b/c/d/a.yaml", true), ("test/", "test", false),
            ("a?.yaml", "ab.yaml", true), ("a?.yaml", "a.yaml", false), ("[a-c].yaml", "b.yaml", true),
            ("[!a-c].yaml", "b.yaml", false), ("[!a-c].yaml", "d.yaml", true), ("\\#a", "#a", true),
            ("a*b*c", "aXbYc", true), ("a*b*c", "aXbY", false), ("*", "anything", true), ("#a", "#a", false),
            ("a.yaml  ", "a.yaml", true), ("*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ] as [(String, String, Bool)])
    func patterns(pattern: String, path: String, isIgnored: Bool) {
        let rules = IgnoreRules([IgnorePattern(pattern)].compactMap(\.self))
        #expect(rules.ignores(path.split(separator: "/").map { Array($0.utf8) }, isDirectory: false) == isIgnored)
    }

    @Test("are given by the caller and by files, the deeper ones last")
    func walk() throws {
        let scratch = try ScratchDirectory()
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
        for name in ["a.yaml", "test/a.yaml", "charts/x/a.yaml", "keep/gen-1.yaml", "keep/gen-2.yaml", "gen-3.yaml"] {
            try scratch.write(name, pod)
        }
        try scratch.write(".kirikaeignore", "# generated\ngen-*.yaml\ntest/\n")
        try scratch.write("keep/.kirikaeignore", "!gen-1.yaml\n")
        let report = ManifestLoader(excluding: ["charts"]).load([scratch.path])
        let read = report.objects.map { String($0.origin.dropFirst(scratch.path.count + 1)) }
        #expect(read == ["a.yaml", "keep/gen-1.yaml"])
        #expect(report.skipped.filter { $0.reason == .excluded }.count == 4)
        #expect(report.filesSeen == report.filesRead + report.filesSkipped + report.filesFailed)
    }
}

@Suite("Kustomizations")
struct KustomizationTests {
    private static let loader: ManifestLoader = {
        var loader = ManifestLoader()
        loader.followsKustomizations = true
        return loader
    }()

    @Test("lead to their bases outside of the walk, each once; what is far away is named")
    func bases() throws {
        let scratch = try ScratchDirectory()
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
        try scratch.write("base/kustomization.yaml", "resources: [pod.yaml, ../common]\n")
        try scratch.write("base/pod.yaml", pod)
        try scratch.write("base/not-named.yaml", pod)
        try scratch.write("common/kustomization.yml", "resources: [c.yaml]\n")
        try scratch.write("common/c.yaml", pod)
        try scratch.write(
            "overlay/kustomization.yaml",
            "resources:\n- ../base\n- in.yaml\n- https://example.com/x?ref=v1\nbases: [../base]\n")
        try scratch.write("overlay/in.yaml", pod)
        let report = Self.loader.load([scratch.path + "/overlay"])
        let read = report.objects.map { String($0.origin.dropFirst(scratch.path.count + 1)) }
        #expect(read == ["overlay/in.yaml", "base/not-named.yaml", "base/pod.yaml", "common/c.yaml"])
        #expect(report.skipped.filter { $0.reason == .remote }.map(\.detail) == ["https://example.com/x?ref=v1"])
        #expect(report.errors.isEmpty)
    }

    @Test("lead nowhere unless asked to: who rewrites files must not leave the paths given")
    func staying() throws {
        let scratch = try ScratchDirectory()
        try scratch.write("overlay/kustomization.yaml", "resources: [../base]\n")
        try scratch.write("base/a.yaml", "apiVersion: v1\nkind: Pod\n")
        #expect(ManifestLoader().load([scratch.path + "/overlay"]).objects.isEmpty)
        #expect(ManifestFiles.entries([scratch.path + "/overlay"]).count == 1)
    }

    @Test("that name what is not there are errors")
    func absent() throws {
        let scratch = try ScratchDirectory()
        try scratch.write("overlay/kustomization.yaml", "resources: [../base]\n")
        #expect(Self.loader.load([scratch.path + "/overlay"]).errors.map(\.code) == [.unreadable])
    }
}

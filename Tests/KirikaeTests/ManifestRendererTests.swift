import Findings
import FoundationEssentials
import Manifests
import Programs
import Testing

@testable import kirikae

@Suite("Rendering manifests")
struct ManifestRendererTests {
    private func folder(_ script: String, charts: Int) throws -> (path: String, charts: [RenderedManifests.Origin]) {
        let path = "\(TemporaryFolder.path)/kirikae-render-\(UInt64.random(in: 0 ... .max))"
        for index in 0..<charts {
            try FileManager.default.createDirectory(atPath: "\(path)/c\(index)", withIntermediateDirectories: true)
            try Data("name: c\(index)\n".utf8).write(to: URL(filePath: "\(path)/c\(index)/Chart.yaml"))
        }
        try Data(script.utf8).write(to: URL(filePath: "\(path)/helm"))
        return (path, RenderableFolders(in: ManifestLoader().walk([path])).charts.map { .chart($0) })
    }

    @Test("What comes out stands in the order of the folders, however long each takes")
    func order() async throws {
        let (path, charts) = try folder(
            "#!/bin/sh\nsleep 0.0$((9 - ${2#c}))\necho \"# $2\"\n", charts: 9)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let renderer = ManifestRenderer(
            target: KubernetesVersion(minor: 36), programs: Renamed(helm: "\(path)/helm"), limit: .seconds(900))
        let outcome = await renderer.render(charts)
        #expect(outcome.failures.isEmpty)
        #expect(outcome.rendered.map { String(decoding: $0.text, as: UTF8.self) } == (0..<9).map { "# c\($0)\n" })
    }

    @Test("A program that does not end, with what it started, is ended and told")
    func limit() async throws {
        let (path, charts) = try folder("#!/bin/sh\nsleep 600 &\nsleep 600\n", charts: 1)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let renderer = ManifestRenderer(
            target: KubernetesVersion(minor: 36), programs: Renamed(helm: "\(path)/helm"), limit: .milliseconds(300))
        let outcome = await renderer.render(charts)
        #expect(outcome.rendered.isEmpty)
        #expect(outcome.failures.map(\.message).first?.contains("it did not end within 0.3 seconds") ?? false)
        #expect(outcome.failures.first?.location == SourceLocation(wholeFile: "\(path)/c0/Chart.yaml"))
    }

    @Test("Only charts that something can be made of are found, and only the outermost")
    func found() throws {
        let (path, charts) = try folder("", charts: 2)
        defer { try? FileManager.default.removeItem(atPath: path) }
        for (name, text) in [
            ("c0/charts/inner", "name: inner\n"), ("library", "name: l\ntype: library\n"), ("broken", "name: [\n"),
            ("nameless", "version: 1\n"),
        ] {
            try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)/Chart.yaml"))
        }
        #expect(charts.count == 2)
        let found = RenderableFolders(in: ManifestLoader().walk([path])).charts
        #expect(found.map(\.path) == ["\(path)/c0", "\(path)/c1"])
    }
}

/// Runs another file where `helm` is asked for.
private struct Renamed: ProgramRunner {
    var helm: String

    func run(_ call: ProgramCall, limit: Duration) async throws(ProgramFailure) -> ProgramAnswer {
        var call = call
        // Not started as a program: a file that was just written may still be open in a child of another test.
        call.words.replaceSubrange(0...0, with: ["/bin/sh", helm])
        return try await SubprocessRunner(outputLimit: 1 << 20).run(call, limit: limit)
    }
}

/// Where temporary files go.
private enum TemporaryFolder {
    static var path: String { ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp" }
}

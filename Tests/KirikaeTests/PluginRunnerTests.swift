import FoundationEssentials
import KubeAPI
import Testing

@testable import kirikae

/// Real programs, as plugins are.
@Suite("Running plugins", .timeLimit(.minutes(15))) struct PluginRunnerTests {
    private func run(
        _ script: String, environment: [String: String] = ["PATH": "/usr/bin:/bin"], timeout: Duration = .seconds(60)
    ) async throws(ProgramError) -> ProgramExit {
        try await PluginRunner().run(
            ProgramCall(
                command: "sh", arguments: ["-c", script], environment: environment, isInteractive: false,
                timeout: timeout))
    }

    @Test func `a program has the environment it is given, no other, and nothing to read`() async throws {
        let exit = try await run("cat; /usr/bin/env | /usr/bin/sort", environment: ["A": "1", "PATH": "/bin"])
        let lines = String(decoding: exit.output, as: UTF8.self).split(separator: "\n")
        // The shell adds its folder by itself.
        #expect(
            lines.filter { !$0.hasPrefix("PWD=") && !$0.hasPrefix("_=") && !$0.hasPrefix("SHLVL=") } == [
                "A=1", "PATH=/bin",
            ])
        #expect(exit.code == 0)
    }

    @Test func `how it ended is told`() async throws {
        #expect(try await run("echo no; exit 7") == ProgramExit(code: 7, output: Array("no\n".utf8)))
        #expect(try await run("kill -9 $$").code == -9)
    }

    @Test func `it is looked for in its own PATH, and files that cannot be run are not it`() async throws {
        await #expect(throws: ProgramError.notFound) { try await run("true", environment: ["PATH": "/nowhere"]) }
        await #expect(throws: ProgramError.notFound) { try await run("true", environment: [:]) }
        let folder = FileManager.default.temporaryDirectory.path + "/kirikae-plugin-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/sh", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try await run("echo x", environment: ["PATH": "\(folder):/bin"]).output == Array("x\n".utf8))
        let missing = ProgramCall(
            command: "\(folder)/nosuch", arguments: [], environment: [:], isInteractive: false, timeout: .seconds(9))
        await #expect(throws: ProgramError.notFound) { try await PluginRunner().run(missing) }
        #expect(
            FileManager.default.createFile(
                atPath: "\(folder)/bad", contents: Data([0, 1, 2]),
                attributes: [.posixPermissions: 0o755]))
        let bad = ProgramCall(
            command: "\(folder)/bad", arguments: [], environment: [:], isInteractive: false, timeout: .seconds(9))
        let error = await #expect(throws: ProgramError.self) { try await PluginRunner().run(bad) }
        guard case .failed = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    @Test func `one that hangs is stopped, and leaves nothing behind`() async throws {
        let mark = "3\(UInt32.random(in: 100_000...999_999))"
        await #expect(throws: ProgramError.timedOut) {
            try await run("exec sleep \(mark)", timeout: .milliseconds(200))
        }
        let task = Task { try await run("exec sleep \(mark)") }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        await #expect(throws: ProgramError.cancelled) { try await task.value }
        #expect(try await run("grep -alz 'slee[p].\(mark)' /proc/[0-9]*/cmdline").output.isEmpty)
    }

    @Test func `more output than any credential has is refused`() async throws {
        let error = await #expect(throws: ProgramError.self) { try await run("head -c 3000000 /dev/zero") }
        guard case .failed = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }
}

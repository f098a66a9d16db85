import FoundationEssentials
import Programs
import Testing

@testable import kirikae

/// Real programs, as plugins and the commands of balancers are.
@Suite("Running programs", .timeLimit(.minutes(15))) struct SubprocessRunnerTests {
    private func run(
        _ script: String, environment: [String: String] = ["PATH": "/usr/bin:/bin"], timeout: Duration = .seconds(60),
        messages: ProgramCall.Messages = .shown
    ) async throws(ProgramFailure) -> ProgramAnswer {
        try await SubprocessRunner().run(
            ProgramCall(["sh", "-c", script], environment: .only(environment), messages: messages), limit: timeout)
    }

    private func reason(_ call: ProgramCall) async -> ProgramFailure.Reason? {
        do throws(ProgramFailure) {
            _ = try await SubprocessRunner().run(call, limit: .seconds(30))
            return nil
        } catch { return error.reason }
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
        #expect(try await run("echo no; exit 7") == ProgramAnswer(code: 7, output: Array("no\n".utf8)))
        #expect(try await run("kill -9 $$").code == -9)
    }

    @Test func `it is looked for in its own PATH, and files that cannot be run are not it`() async throws {
        for variables in [["PATH": "/nowhere"], [:]] {
            #expect(await reason(ProgramCall(["true"], environment: .only(variables))) == .notFound)
        }
        #expect(await reason(ProgramCall(["no-such-program-anywhere"])) == .notFound)
        let folder = FileManager.default.temporaryDirectory.path + "/kirikae-plugin-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/sh", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try await run("echo x", environment: ["PATH": "\(folder):/bin"]).output == Array("x\n".utf8))
        #expect(await reason(ProgramCall(["\(folder)/nosuch"], environment: .only([:]))) == .notFound)
        #expect(
            FileManager.default.createFile(
                atPath: "\(folder)/bad", contents: Data([0, 1, 2]),
                attributes: [.posixPermissions: 0o755]))
        #expect(await reason(ProgramCall(["\(folder)/bad"], environment: .only([:]))) == .failed)
    }

    @Test func `in our environment it has what is added, its folder, and what it is to read`() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/kirikae-program-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let answer = try await SubprocessRunner().run(
            ProgramCall(
                ["sh", "-c", "pwd; cat; echo \"$ADDED\"; test -n \"$PATH\"; echo said >&2"],
                environment: .ours(adding: ["ADDED": "1"]), folder: folder, input: .bytes(Array("read\n".utf8))),
            limit: .seconds(60))
        #expect(String(decoding: answer.output, as: UTF8.self).hasSuffix("\nread\n1\n"))
        #expect(answer.error == "said\n" && answer.code == 0)
    }

    @Test func `one that hangs is stopped, and leaves nothing behind`() async throws {
        let mark = "3\(UInt32.random(in: 100_000...999_999))"
        for messages in [ProgramCall.Messages.shown, .kept] {
            let late = await #expect(throws: ProgramFailure.self) {
                try await run("exec sleep \(mark)", timeout: .milliseconds(200), messages: messages)
            }
            #expect(late?.reason == .timedOut)
            let task = Task { try await run("exec sleep \(mark)", messages: messages) }
            try await Task.sleep(for: .milliseconds(200))
            task.cancel()
            let stopped = await #expect(throws: ProgramFailure.self) { try await task.value }
            #expect(stopped?.reason == .cancelled)
        }
        #expect(try await run("grep -alz 'slee[p].\(mark)' /proc/[0-9]*/cmdline").output.isEmpty)
    }

    @Test func `more output than any credential has is refused`() async throws {
        let error = await #expect(throws: ProgramFailure.self) { try await run("head -c 3000000 /dev/zero") }
        #expect(error?.reason == .failed && error?.hasBegun == true)
    }
}

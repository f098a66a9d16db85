import Glibc
import Routing
import Subprocess
// Subprocess takes paths as this package's type.
import SystemPackage

/// Runs programs for routing back ends, each in a process group of its own: what a terminal sends on Ctrl-C must not end a
/// reload half-way.
///
/// Standard input is a file without a name, not a pipe: writing to a pipe whose reader has ended is a signal that ends us.
struct SubprocessRunner: ProgramRunner {
    /// Bytes of standard output that are taken; a program that writes more has failed.
    var outputLimit = 1 << 20

    func run(_ call: ProgramCall, limit: Duration) async throws(ProgramFailure) -> ProgramAnswer {
        let answer: Result<ProgramAnswer, ProgramFailure> = await withTaskGroup { group in
            group.addTask { await result(call) }
            group.addTask {
                try? await Task.sleep(for: limit)
                return .failure(ProgramFailure("it did not end within \(limit)", hasBegun: true))
            }
            let first = await group.next() ?? .failure(ProgramFailure("it was not begun", hasBegun: false))
            // Ends the program, where it is the clock that won, and waits for its end.
            group.cancelAll()
            return first
        }
        return try answer.get()
    }

    private static func file(of bytes: [UInt8]) -> FileDescriptor? {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var name = Array("\(folder)/kirikae-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(name)
        let file = FileDescriptor(rawValue: descriptor)
        do {
            try file.writeAll(bytes)
            try file.seek(offset: 0, from: .start)
            return file
        } catch {
            try? file.close()
            return nil
        }
    }

    private func result(_ call: ProgramCall) async -> Result<ProgramAnswer, ProgramFailure> {
        guard let program = call.words.first else {
            return .failure(ProgramFailure("no program is named", hasBegun: false))
        }
        var overrides: [Environment.Key: String] = [:]
        for (name, value) in call.environment { overrides[Environment.Key(stringLiteral: name)] = value }
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
        guard let input = Self.file(of: call.input) else {
            return .failure(ProgramFailure("its standard input cannot be kept", hasBegun: false))
        }
        do {
            let result = try await Subprocess.run(
                program.contains("/") ? .path(.init(program)) : .name(program),
                arguments: Arguments(Array(call.words.dropFirst())), environment: .inherit.updating(overrides),
                workingDirectory: .init(call.folder), platformOptions: options,
                input: .fileDescriptor(input, closeAfterSpawningProcess: true),
                output: .bytes(limit: outputLimit), error: .string(limit: 1 << 20))
            let code: Int =
                switch result.terminationStatus {
                case .exited(let code): Int(code)
                case .signaled(let signal): -Int(signal)
                }
            return .success(
                ProgramAnswer(code: code, output: result.standardOutput, error: result.standardError))
        } catch let error as SubprocessError {
            let notBegun: Set<SubprocessError.Code> = [
                .spawnFailed, .executableNotFound, .failedToChangeWorkingDirectory,
            ]
            return .failure(ProgramFailure("\(error)", hasBegun: !notBegun.contains(error.code)))
        } catch {
            return .failure(ProgramFailure("\(error)", hasBegun: true))
        }
    }
}

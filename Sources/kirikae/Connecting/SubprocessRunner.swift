import Glibc
import Programs
import Subprocess
// Subprocess takes paths as this package's type.
import SystemPackage

/// Runs programs as children of this process.
///
/// Standard input is a file without a name, not a pipe: writing to a pipe whose reader has ended is a signal that ends us.
struct SubprocessRunner: ProgramRunner {
    /// Bytes of standard output that are taken; a program that writes more has failed.
    ///
    /// Two fat certificates and a key are some 20 KB, and what balancers print is less.
    var outputLimit = 1 << 20

    /// Standard input and standard error are both terminals: there is somebody to ask, and a place to ask them.
    var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    func run(_ call: ProgramCall, limit: Duration) async throws(ProgramFailure) -> ProgramAnswer {
        guard let program = call.words.first else { throw ProgramFailure("no program is named", hasBegun: false) }
        guard let path = ProgramSearch.find(program, in: call.path) else {
            throw ProgramFailure("there is no program \(program)", hasBegun: false, reason: .notFound)
        }
        let answer: Result<ProgramAnswer, ProgramFailure> = await withTaskGroup { group in
            group.addTask { await result(call, path) }
            group.addTask {
                do { try await Task.sleep(for: limit) } catch { return .failure(Self.cancelled) }
                return .failure(ProgramFailure("it did not end within \(limit)", hasBegun: true, reason: .timedOut))
            }
            let first = await group.next() ?? .failure(Self.cancelled)
            // Ends the program, where it is the clock that won, and waits for its end.
            group.cancelAll()
            return first
        }
        return try answer.get()
    }

    private static let cancelled = ProgramFailure("it was stopped", hasBegun: true, reason: .cancelled)

    private func result(_ call: ProgramCall, _ path: String) async -> Result<ProgramAnswer, ProgramFailure> {
        do {
            switch (call.input, call.messages) {
            case (.ours, _): return .success(try await start(call, path, .currentStandardInput, .currentStandardError))
            case (.bytes(let bytes), let messages):
                guard let file = Self.file(of: bytes) else {
                    return .failure(ProgramFailure("its standard input cannot be kept", hasBegun: false))
                }
                let input = FileDescriptorInput.fileDescriptor(file, closeAfterSpawningProcess: true)
                if messages == .shown { return .success(try await start(call, path, input, .currentStandardError)) }
                return .success(try await start(call, path, input, .string(limit: 1 << 20)))
            }
        } catch {
            if Task.isCancelled { return .failure(Self.cancelled) }
            let notBegun: Set<SubprocessError.Code> = [
                .spawnFailed, .executableNotFound, .failedToChangeWorkingDirectory,
            ]
            let hasBegun = (error as? SubprocessError).map { !notBegun.contains($0.code) } ?? true
            // The library's own words name the path and the system's reason, never arguments or variables.
            return .failure(ProgramFailure("\(error)", hasBegun: hasBegun))
        }
    }

    private func start<Input: InputProtocol, Messages: ErrorOutputProtocol>(
        _ call: ProgramCall, _ path: String, _ input: Input, _ messages: Messages
    ) async throws -> ProgramAnswer {
        var options = PlatformOptions()
        let isAlone = call.messages == .kept
        if isAlone { options.processGroupID = 0 }
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: isAlone, allowedDurationToNextStep: .seconds(1))
        ]
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(Array(call.words.dropFirst())), environment: call.variables,
            workingDirectory: call.folder.map { FilePath($0) }, platformOptions: options, input: input,
            output: .bytes(limit: outputLimit), error: messages)
        let code: Int =
            switch result.terminationStatus {
            case .exited(let code): Int(code)
            case .signaled(let signal): -Int(signal)
            }
        return ProgramAnswer(
            code: code, output: result.standardOutput, error: result.standardError as? String ?? "")
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
}

extension ProgramCall {
    /// Where the program is looked for.
    fileprivate var path: String {
        switch environment {
        case .only(let variables): variables["PATH"] ?? ""
        case .ours(let added): added["PATH"] ?? getenv("PATH").map { String(cString: $0) } ?? ""
        }
    }

    fileprivate var variables: Subprocess.Environment {
        switch environment {
        case .only(let variables): .custom(Self.keyed(variables))
        case .ours(let added): .inherit.updating(Self.keyed(added).mapValues { Optional($0) })
        }
    }

    private static func keyed(_ variables: [String: String]) -> [Subprocess.Environment.Key: String] {
        var keyed: [Subprocess.Environment.Key: String] = [:]
        for (name, value) in variables {
            if let key = Subprocess.Environment.Key(rawValue: name) { keyed[key] = value }
        }
        return keyed
    }
}

import KubeAPI
import Subprocess
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Runs credential plugins as children of this process.
struct PluginRunner: ProgramRunner {
    /// Two fat certificates and a key are some 20 KB.
    private static let limit = 1 << 20

    /// Standard input and standard error are both terminals: there is somebody to ask, and a place to ask them.
    var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    func run(_ call: ProgramCall) async throws(ProgramError) -> ProgramExit {
        guard let path = ProgramSearch.find(call.command, in: call.environment["PATH"] ?? "") else { throw .notFound }
        let outcome = await withTaskGroup(of: Result<ProgramExit, ProgramError>.self) { group in
            group.addTask { await Self.start(call, path) }
            group.addTask {
                do { try await Task.sleep(for: call.timeout) } catch { return .failure(.cancelled) }
                return .failure(.timedOut)
            }
            let first = await group.next() ?? .failure(.cancelled)
            group.cancelAll()
            return first
        }
        return try outcome.get()
    }

    private static func start(_ call: ProgramCall, _ path: String) async -> Result<ProgramExit, ProgramError> {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
        var environment: [Environment.Key: String] = [:]
        for (name, value) in call.environment {
            guard let key = Environment.Key(rawValue: name) else { continue }
            environment[key] = value
        }
        do {
            if call.isInteractive {
                let result = try await Subprocess.run(
                    .path(FilePath(path)), arguments: Arguments(call.arguments), environment: .custom(environment),
                    platformOptions: options, input: .currentStandardInput, output: .bytes(limit: limit),
                    error: .currentStandardError)
                return .success(ProgramExit(code: code(result.terminationStatus), output: result.standardOutput))
            }
            let result = try await Subprocess.run(
                .path(FilePath(path)), arguments: Arguments(call.arguments), environment: .custom(environment),
                platformOptions: options, input: .none, output: .bytes(limit: limit), error: .currentStandardError)
            return .success(ProgramExit(code: code(result.terminationStatus), output: result.standardOutput))
        } catch {
            if Task.isCancelled { return .failure(.cancelled) }
            // The library's own words name the path and the system's reason, never arguments or variables.
            return .failure(.failed("\(error)"))
        }
    }

    private static func code(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): -signal
        }
    }
}

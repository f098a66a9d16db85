import Glibc
import Synchronization

/// A program that runs beside the test, its output in files.
///
/// Ended when the last reference goes, so that a failing test leaves none behind; servers are also given a standard
/// input that closes with the test process.
final class Program {
    /// How a program ended.
    struct Exit: CustomStringConvertible {
        /// The exit code, or minus the signal's number.
        var code: Int32
        /// Its standard output.
        var output: String
        /// Its standard error.
        var error: String

        var description: String { "exit \(code)\n\(output)\n\(error)" }
    }

    /// What went wrong with starting or waiting.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    let process: pid_t
    private let place: String
    private let name: String
    private let input: Int32
    private var status: Int32?

    /// Starts a program; its files are made in `folder`, named after `label`.
    init(
        _ executable: String, _ arguments: [String], environment: [String: String], folder: String, label: String
    ) throws {
        let place = "\(folder)/\(label)"
        self.place = place
        name = "\(executable) \(arguments.joined(separator: " "))"
        (process, input) = try Self.starting.withLock { _ in
            try Self.start(executable, arguments, environment, output: place)
        }
    }

    deinit {
        if status == nil {
            Glibc.kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        close(input)
    }

    /// What it wrote so far.
    var output: String { Self.text("\(place).out") }
    /// What it complained of so far.
    var error: String { Self.text("\(place).err") }

    /// Whether it still runs.
    var isRunning: Bool {
        if status != nil { return false }
        var found: Int32 = 0
        if waitpid(process, &found, WNOHANG) == process { status = found }
        return status == nil
    }

    /// Sends a signal, unless the program has ended.
    func signal(_ number: Int32) {
        if isRunning { Glibc.kill(process, number) }
    }

    /// Waits for its end, and kills it when that takes too long.
    func end(within seconds: Double = 60) async throws -> Exit {
        let ended = try await Waiting.until(seconds, step: .milliseconds(5)) { !isRunning }
        guard ended, let status else {
            signal(SIGKILL)
            throw Failure(description: "\(name) did not end within \(seconds) s:\n\(output)\n\(error)")
        }
        let signal = status & 0x7f
        return Exit(code: signal == 0 ? (status >> 8) & 0xff : -signal, output: output, error: error)
    }

    /// One start at a time: a child started between the making of another's pipe and its marking would hold it open.
    private static let starting = Mutex(())

    private static func start(
        _ executable: String, _ arguments: [String], _ environment: [String: String], output place: String
    ) throws -> (pid_t, Int32) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(description: "no pipe: \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        for (number, suffix) in [(STDOUT_FILENO, "out"), (STDERR_FILENO, "err")] {
            posix_spawn_file_actions_addopen(
                &actions, number, "\(place).\(suffix)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        var process: pid_t = 0
        let result = posix_spawn(&process, executable, &actions, nil, &words, &variables)
        for pointer in words + variables { free(pointer) }
        posix_spawn_file_actions_destroy(&actions)
        close(ends[0])
        guard result == 0 else {
            close(ends[1])
            throw Failure(description: "\(executable) cannot be started: \(String(cString: strerror(result)))")
        }
        return (process, ends[1])
    }

    private static func text(_ path: String) -> String {
        (try? Files.read(path)) ?? ""
    }
}

/// Waiting for something to come true, with a bound.
enum Waiting {
    /// Whether it came true in time.
    static func until(
        _ seconds: Double, step: Duration = .milliseconds(20), _ condition: () async throws -> Bool
    ) async throws -> Bool {
        let end = ContinuousClock.now + .milliseconds(Int(seconds * 1000))
        while true {
            if try await condition() { return true }
            if ContinuousClock.now > end { return false }
            try await Task.sleep(for: step)
        }
    }
}

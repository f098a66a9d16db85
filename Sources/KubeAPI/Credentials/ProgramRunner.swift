/// Starts other programs: the port through which credential plugins run, so that this room starts nothing itself.
public protocol ProgramRunner: Sendable {
    /// Whether a person sits at the terminal and could answer a question of the program.
    var canAsk: Bool { get }

    /// Runs a program to its end.
    ///
    /// Its standard error goes where ours goes and is kept nowhere: plugins put there what a person must read, such as
    /// the address of a login page, and sometimes more than anybody should keep.
    func run(_ call: ProgramCall) async throws(ProgramError) -> ProgramExit
}

/// A program with everything that it gets.
public struct ProgramCall: Sendable, Hashable {
    /// A path, or a name that is looked for in the `PATH` of `environment`.
    public var command: String
    /// What follows the name.
    public var arguments: [String]
    /// All of the program's environment: nothing is inherited beside it.
    public var environment: [String: String]
    /// Whether it gets our standard input; else an empty one.
    public var isInteractive: Bool
    /// When it is stopped.
    public var timeout: Duration

    /// A call with these parts.
    public init(
        command: String, arguments: [String], environment: [String: String], isInteractive: Bool, timeout: Duration
    ) {
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.isInteractive = isInteractive
        self.timeout = timeout
    }
}

/// How a program ended.
public struct ProgramExit: Sendable, Hashable {
    /// Its exit code; minus the signal's number where a signal ended it.
    public var code: Int32
    /// What it wrote to standard output.
    public var output: [UInt8]

    /// An end with these parts.
    public init(code: Int32, output: [UInt8]) {
        self.code = code
        self.output = output
    }
}

/// Why a program did not come to its end.
public enum ProgramError: Error, Sendable, Hashable {
    /// There is no such file, or none of that name in `PATH`.
    case notFound
    /// It is there and cannot be started, or its output cannot be read.
    case failed(String)
    /// It took longer than allowed and was stopped.
    case timedOut
    /// The caller's task was cancelled; the program was stopped.
    case cancelled
}

/// Runs programs to their end.
public protocol ProgramRunner: Sendable {
    /// Runs a program, gives it its standard input, and gathers what it writes. Any exit code is an answer. A program
    /// that takes longer than `limit` is ended, with all that it started.
    func run(_ call: ProgramCall, limit: Duration) async throws(ProgramFailure) -> ProgramAnswer
}

/// A program to run.
public struct ProgramCall: Sendable, Hashable {
    /// The program and its arguments; a name without `/` is looked up in `PATH`.
    public var words: [String]
    /// Added to the environment of this process.
    public var environment: [String: String]
    /// Where it runs.
    public var folder: String
    /// What it can read from its standard input.
    public var input: [UInt8]

    public init(_ words: [String], environment: [String: String] = [:], folder: String, input: [UInt8] = []) {
        self.words = words
        self.environment = environment
        self.folder = folder
        self.input = input
    }
}

/// How a program ended.
public struct ProgramAnswer: Sendable, Hashable {
    /// The exit code, or minus the number of the signal that ended it.
    public var code: Int
    public var output: [UInt8]
    public var error: String

    public init(code: Int, output: [UInt8], error: String) {
        self.code = code
        self.output = output
        self.error = error
    }
}

/// Why a program gave no answer.
public struct ProgramFailure: Error, Sendable {
    public var message: String
    /// Whether it was begun, so that it may have done something.
    public var hasBegun: Bool

    public init(_ message: String, hasBegun: Bool) {
        self.message = message
        self.hasBegun = hasBegun
    }
}

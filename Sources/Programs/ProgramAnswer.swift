/// How a program ended.
public struct ProgramAnswer: Sendable, Hashable {
    /// The exit code, or minus the number of the signal that ended it.
    public var code: Int
    /// What it wrote to standard output.
    public var output: [UInt8]
    /// What it wrote to standard error, where that was kept.
    public var error: String

    /// An end with these parts.
    public init(code: Int, output: [UInt8], error: String = "") {
        self.code = code
        self.output = output
        self.error = error
    }
}

/// Why a program did not come to its end.
///
/// The message holds neither arguments nor variables of the program.
public struct ProgramFailure: Error, Sendable, Hashable {
    /// What kind of trouble it is.
    public enum Reason: Sendable, Hashable {
        /// There is no such file, or none of that name in `PATH`.
        case notFound
        /// It is there and cannot be started, or its output cannot be read.
        case failed
        /// It took longer than allowed and was stopped.
        case timedOut
        /// The caller's task was cancelled; the program was stopped.
        case cancelled
    }

    public var reason: Reason
    public var message: String
    /// Whether it was begun, so that it may have done something.
    public var hasBegun: Bool

    /// A failure with these parts.
    public init(_ message: String, hasBegun: Bool, reason: Reason = .failed) {
        self.reason = reason
        self.message = message
        self.hasBegun = hasBegun
    }
}

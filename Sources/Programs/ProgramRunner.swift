/// Starts other programs: the port through which credential plugins and routing back ends run theirs, so that only the
/// tool starts anything.
public protocol ProgramRunner: Sendable {
    /// Whether a person sits at the terminal and could answer a question of the program.
    var canAsk: Bool { get }

    /// Runs a program to its end. Any exit code is an answer. A program that takes longer than `limit` is stopped, and so
    /// is one whose caller's task is cancelled.
    func run(_ call: ProgramCall, limit: Duration) async throws(ProgramFailure) -> ProgramAnswer
}

extension ProgramRunner {
    public var canAsk: Bool { false }
}

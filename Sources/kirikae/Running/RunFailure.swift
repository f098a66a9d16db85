import Execution

/// Ends of runs and troubles with journals, as the command line shows them.
enum RunFailure {
    /// A trouble with the journal.
    static func failure(_ error: JournalError) -> CommandFailure {
        let status: ExitStatus =
            switch error.code {
            case .locked, .alreadyBegun: .locked
            case .noSuchRun: .usage
            default: .journalFailed
            }
        return CommandFailure(
            status, error.description,
            next: status == .journalFailed
                ? "The plan's WAY-BACK.md has the commands to go back without kirikae and its journal." : nil)
    }

    /// Prints how a command on a run ended and leaves with its code.
    static func report(_ outcome: RunOutcome, console: Console = Console()) throws {
        for problem in outcome.problems {
            let word = problem.isWarning ? console.paint("warning", .yellow) : console.paint("refused", .red)
            console.message("\(word): \(problem.description)")
        }
        let status = status(of: outcome)
        let isNamed = outcome.run.map { outcome.message.contains($0) } ?? true
        let line = (isNamed ? "" : "run \(outcome.run ?? ""): ") + outcome.message
        if status == .fine {
            console.result(line)
        } else if !outcome.problems.contains(where: { $0.description == outcome.message }) {
            // A single refusal is the message; once is enough.
            console.message(line)
        }
        if !outcome.next.isEmpty {
            console.message("Next:\n" + outcome.next.map { "  \($0)" }.joined(separator: "\n"))
        }
        if status != .fine { throw status.exitCode }
    }

    /// The code for an end.
    static func status(of outcome: RunOutcome) -> ExitStatus {
        switch outcome.kind {
        case .succeeded, .abandoned: .fine
        case .rolledBack, .paused: .rolledBack
        case .waiting: .waiting
        case .halted: .halted
        case .interrupted:
            outcome.message.contains("SIGTERM") || outcome.message.contains("SIGHUP") ? .terminated : .interrupted
        case .locked: .locked
        case .stale: .stale
        case .refused: .refused
        case .unreachable: .unreachable
        case .journalFailed: .journalFailed
        }
    }
}

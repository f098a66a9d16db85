import ArgumentParser

/// What the process says with its exit code: one table for the whole tool, printed by `kirikae --help` and
/// kept equal to `docs/exit-codes.md` by a test.
enum ExitStatus: Int32, CaseIterable, Sendable {
    case fine = 0
    case notAsWanted = 1
    case usage = 2
    case notEverythingRead = 3
    case waiting = 4
    case halted = 5
    case stale = 6
    case locked = 7
    case rolledBack = 8
    case journalFailed = 9
    case refused = 10
    case unreachable = 11
    case leftToPerson = 12
    case interrupted = 130
    case terminated = 143

    /// One line for the table.
    var meaning: String {
        switch self {
        case .fine: "done, nothing to complain of"
        case .notAsWanted: "findings, or something is not as it should be"
        case .usage: "the command line or an input file is wrong; nothing was changed"
        case .notEverythingRead: "not everything could be read, so the answer is incomplete"
        case .waiting: "the run waits at a gate; approve it, then resume"
        case .halted: "the run halted and needs a person; `kirikae status` says what is in doubt"
        case .stale: "the plan no longer fits the clusters; make a new one"
        case .locked: "another run or operator holds the lock, or the plan was begun already"
        case .rolledBack: "the run went back: to a checkpoint, or to the very beginning"
        case .journalFailed: "the journal could not be written; nothing was started after that"
        case .refused: "preflight refused before the first write"
        case .unreachable: "a cluster or a routing back end could not be reached"
        case .leftToPerson: "converted what could be; something is left that needs a person"
        case .interrupted: "stopped by SIGINT or `kirikae pause`; resume when ready"
        case .terminated: "stopped by SIGTERM; resume when ready"
        }
    }

    /// The table as it is printed.
    static var table: String {
        allCases.map { status in
            let code = String(status.rawValue)
            return String(repeating: " ", count: 5 - code.count) + code + "  " + status.meaning
        }.joined(separator: "\n")
    }

    /// For leaving a command with this code.
    var exitCode: ExitCode { ExitCode(rawValue) }
}

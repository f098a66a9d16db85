/// Where a run stands.
public enum RunPhase: Sendable, Hashable, CustomStringConvertible {
    /// Begun, preflight not passed yet: nothing was written anywhere.
    case created
    /// Going forward.
    case running
    /// At a gate that nobody has opened yet.
    case waiting(gate: String)
    /// Stopped on purpose at a cut, usually behind a rollback. `resume` goes forward.
    case paused(at: String)
    /// Going back.
    case rollingBack
    /// Stopped because something needs a decision. Not a dead end: the halt names the next commands.
    case halted
    /// Stopped by a signal. `resume` goes on in the same direction.
    case interrupted
    /// Everything is done.
    case succeeded
    /// Everything was undone. The plan may be begun again.
    case rolledBack
    /// Given up by a person.
    case abandoned

    /// Whether nothing more will happen in this run.
    public var isTerminal: Bool {
        switch self {
        case .succeeded, .rolledBack, .abandoned: true
        default: false
        }
    }

    public var description: String {
        switch self {
        case .created: "created"
        case .running: "running"
        case .waiting(let gate): "waiting at gate \(gate)"
        case .paused(let place): "paused at \(place)"
        case .rollingBack: "rolling back"
        case .halted: "halted"
        case .interrupted: "interrupted"
        case .succeeded: "succeeded"
        case .rolledBack: "rolled back"
        case .abandoned: "abandoned"
        }
    }
}

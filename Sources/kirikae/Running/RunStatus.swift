import Execution
import Manifests
import Routing

/// The three lines that matter at two in the morning, and what stands behind them.
struct RunStatus {
    let state: RunState
    /// As read just now; nil weights where a route did not answer.
    let traffic: [(route: String, text: String, weights: Weights?)]
    /// Whether something on blue sleeps that must run somewhere.
    let isBlueQuieted: Bool

    /// Whether users are served as before the migration: all traffic on blue, all of its work awake.
    private var isOnBlue: Bool { !isBlueQuieted && traffic.allSatisfy { $0.weights == .allBlue } }

    /// The command that brings users to a side that is known to work.
    var safeCommand: String {
        switch state.phase {
        case .succeeded where !isOnBlue: return "nothing, while green serves; kirikae rollback \(state.run) goes back"
        case .succeeded, .rolledBack, .abandoned: return "nothing: the run is over"
        case .paused where !state.owed.isEmpty: return "kirikae resume \(state.run)   (settles what green is owed)"
        case .paused: return "nothing: traffic is where the checkpoint says; kirikae resume \(state.run) goes forward"
        case .rollingBack: return "kirikae resume \(state.run)   (goes on going back)"
        case .created: return "nothing: nothing was written yet"
        case .waiting where isOnBlue, .halted where isOnBlue, .interrupted where isOnBlue:
            return "nothing: all traffic is on blue, and everything there runs as before"
        default: return "kirikae rollback \(state.run)" + (state.safestCheckpoint.map { " --to \($0)" } ?? "")
        }
    }

    /// For the terminal.
    var text: String {
        let doubts = state.inDoubt
        var lines = [
            "traffic   "
                + (traffic.isEmpty
                    ? "no routes in this plan" : traffic.map { "\($0.route): \($0.text)" }.joined(separator: "; ")),
            "in doubt  "
                + (doubts.isEmpty
                    ? "nothing"
                    : doubts.prefix(3).map(\.id.description).joined(separator: ", ")
                        + (doubts.count > 3 ? " and \(doubts.count - 3) more" : "")),
            "be safe   \(safeCommand)",
            "",
            "run \(state.run) of plan \(state.planName): \(state.phase)",
        ]
        if let last = state.checkpoints.last { lines.append("last checkpoint: \(last.name)") }
        if case .waiting(let gate) = state.phase, let asked = state.gates[gate] {
            lines.append("gate \(gate): \(asked.message)")
            let digest = asked.digest.map { " --digest \($0)" } ?? ""
            if !asked.approvedBy.isEmpty { lines.append("approved by \(asked.approvedBy.joined(separator: ", "))") }
            lines.append("open it: kirikae approve \(state.run)\(digest)")
            lines.append("go on:   kirikae resume \(state.run)")
        }
        if let halt = state.halt {
            lines.append("halted: \(halt.message)")
            lines += halt.next.map { "  \($0)" }
        }
        if !state.owed.isEmpty {
            lines.append("owed to green, once it answers: \(state.owed.count) undos; kirikae resume settles them")
        }
        return lines.joined(separator: "\n")
    }
}

public import Manifests

/// What the engine wants done.
///
/// What is to be appended comes first. Each action of the second group is a call of its own, answered by one event; those
/// handed out and not answered yet may go on at once.
public enum Action: Sendable, Hashable {
    // Answered by nothing.
    /// Append records; when `durable`, nothing that follows may begin before they are synced.
    case append([JournalRecord], durable: Bool)
    /// Write the journal's head into the leases.
    case publishHead
    /// Leave.
    case finish(Ending)

    // Answered by one event each.
    /// Read the before-image and keep it.
    case capture(PlannedOperation)
    /// Carry the effect out, with this key. Idempotent.
    case effect(PlannedOperation, image: Digest, key: String)
    /// Look.
    case observe(PlannedOperation, image: Digest?, receipt: JSONObject, isUndo: Bool)
    /// Write the before-image back.
    case undo(PlannedOperation, image: Digest, receipt: JSONObject, overwriteForeign: Bool)
    case ask(PlannedOperation, GateRequest)
    /// Measure a little of what a gate is about.
    case measure(PlannedOperation, ProbeRound)
    /// Read all routes.
    case readWeights(PlannedOperation)
    /// Count what these routes still have open.
    case countConnections([String])
    case sleep(milliseconds: Int64, why: String)

    /// The operation that the answer will be about.
    var operation: OperationID? {
        switch self {
        case .capture(let operation), .effect(let operation, _, _), .observe(let operation, _, _, _),
            .undo(let operation, _, _, _), .ask(let operation, _), .readWeights(let operation),
            .measure(let operation, _):
            operation.id
        case .append, .publishHead, .finish, .countConnections, .sleep: nil
        }
    }

    /// How a run's process ends.
    public enum Ending: Sendable, Hashable {
        case succeeded
        case rolledBack
        /// `because`: what made it go back by itself.
        case paused(at: String, owed: Int, because: String? = nil)
        case waiting(gate: String)
        case halted
        case interrupted(signal: String)
        case lockLost(side: String, message: String)
    }
}

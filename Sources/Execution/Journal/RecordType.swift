/// What a journal record says.
///
/// The raw values are part of the file format.
public enum RecordType: String, Sendable, Hashable, CaseIterable {
    case runBegin = "run.begin"
    case runPreflight = "run.preflight"
    case runResume = "run.resume"
    case runPause = "run.pause"
    case runInterrupt = "run.interrupt"
    case runRollback = "run.rollback"
    case runHalted = "run.halted"
    case runEnd = "run.end"
    /// The journal up to here comes from a mirror; what follows was written on another machine.
    case runRestored = "run.restored"
    case lockAcquired = "lock.acquired"
    case lockRenewed = "lock.renewed"
    case lockLost = "lock.lost"
    case lockTakeover = "lock.takeover"
    case stepAdopted = "step.adopted"
    case stepConflict = "step.conflict"
    case stepIntent = "step.intent"
    case stepAck = "step.ack"
    case stepDoubt = "step.doubt"
    case stepObserved = "step.observed"
    case stepRetry = "step.retry"
    case stepVerified = "step.verified"
    case stepFailed = "step.failed"
    case undoIntent = "undo.intent"
    case undoRetry = "undo.retry"
    case undoVerified = "undo.verified"
    case undoFailed = "undo.failed"
    /// The undo of an effect on green that could not be carried out because green is out of reach.
    case undoOwed = "undo.owed"
    case checkpoint = "checkpoint"
    case gateWaiting = "gate.waiting"
    case gateApproved = "gate.approved"
    case gateRejected = "gate.rejected"
    case gateExpired = "gate.expired"
    case note = "note"

    /// Whether the record must be on disk before anything that follows from it is done.
    ///
    /// The others ride along with the next durable one: losing them costs a look at the cluster, never the truth.
    public var isDurable: Bool {
        switch self {
        case .lockRenewed, .stepAck, .stepDoubt, .stepObserved, .stepRetry, .undoRetry, .note: false
        default: true
        }
    }
}

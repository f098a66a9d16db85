public import Manifests

/// What the journal says about one operation.
public struct OperationState: Sendable, Hashable {
    public var id: OperationID
    public var wave: String
    public var status: Status
    /// Counts the forward passes of the run; after a rollback an operation begins afresh in the next pass.
    public var pass: Int
    /// Attempts within the pass, counted from 1.
    public var attempt: Int
    /// Attempts of the undo.
    public var undoAttempt: Int
    /// How often another writer came between within the pass.
    public var conflicts: Int
    /// The first before-image captured in this pass.
    ///
    /// Undo writes this one and never a later one.
    public var image: Digest?
    /// What an effect left to find it again, such as the UID of a created object.
    public var receipt: JSONObject
    /// Sequence number of the intent; of the outcome for operations without an effect.
    public var sequence: Int
    /// Not before this wall time in milliseconds, while waiting for the next attempt.
    public var notBefore: Int64?
    /// The last thing that went wrong.
    public var message: String?

    /// The states of E3 of the executor's specification.
    public enum Status: String, Sendable, Hashable {
        case intended
        case applied
        case inDoubt
        case waitingRetry
        case verified
        /// The goal was there already, by another hand: nothing to undo.
        case adopted
        case failed
        /// Another's value stood there before anything was written.
        case conflicted
        case undoing
        case undone
        case undoFailed
        /// Its undo waits until green can be reached again.
        case owed
    }

    /// Whether an effect of this operation stands or may stand in the world.
    public var mayHaveEffect: Bool {
        switch status {
        case .intended, .applied, .inDoubt, .waitingRetry, .undoing, .undoFailed, .owed: true
        case .verified, .failed: image != nil
        case .adopted, .conflicted, .undone: false
        }
    }

    /// Whether it is not known if the effect took place.
    public var isInDoubt: Bool {
        switch status {
        case .intended, .inDoubt, .undoing, .undoFailed, .owed: true
        default: false
        }
    }

    /// Whether the forward direction is done with it.
    public var isDone: Bool { status == .verified || status == .adopted }
}

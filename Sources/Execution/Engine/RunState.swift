public import Manifests
public import Routing

/// What a journal amounts to.
///
/// `resume`, `status`, reports and the engine itself use this one fold; there is no second file of state.
public struct RunState: Sendable, Hashable {
    public var run: String
    public var planName: String
    public var planDigest: Digest
    public var tool: String
    /// Names the key that seals this run's before-images of Secrets; nil when they are not sealed.
    public var imageKey: String?
    /// UIDs of `kube-system`, by side.
    public var clusters: [String: String]
    public var phase: RunPhase
    /// The rollback at work, or unfinished; nil while going forward.
    public var rollback: Rollback?
    /// Counts forward passes, from 1.
    public var pass: Int
    public var epoch: Int
    public var operations: [OperationID: OperationState]
    /// The cuts that are in force, in the order of the journal.
    public var checkpoints: [ReachedCheckpoint]
    /// Gates that were asked, by step id.
    public var gates: [String: GateState]
    /// The weights as last read back, by route.
    public var traffic: [String: Weights]
    /// Why the run stopped, while it is halted.
    public var halt: Halt?
    /// Whether the journal came from a mirror and nobody went forward since: a way back that was not mirrored may have
    /// taken away what it says was done.
    public var isRestored = false
    /// Whether green was out of reach during the rollback at work.
    public var isDegraded: Bool
    public var begun: Moment
    public var last: Moment
    /// The next record's sequence number and what it must name as `prev`.
    public var nextSequence: Int
    public var head: Digest

    /// A cut that was reached.
    public struct ReachedCheckpoint: Sendable, Hashable {
        public var name: String
        public var wave: String
        public var sequence: Int
        public var weights: [String: Weights]
        /// How much of blue's own work was put to sleep by then.
        public var quieted: Int
        /// Whether users were served by blue alone there, with everything of blue awake.
        public var isAllBlue: Bool { quieted == 0 && weights.values.allSatisfy { $0 == .allBlue } }
    }

    /// What happened at a gate.
    public struct GateState: Sendable, Hashable {
        public var message: String
        public var wave: String
        /// Wall time in milliseconds at which a soak is over.
        public var until: Int64?
        public var approvedBy: [String]
        public var rejectedBy: String?
        /// What was measured, as the journal holds it.
        public var figures = JSONObject()
        /// Wall time in milliseconds of the last approval.
        public var approvedAt: Int64?
        public var digest: Digest?
    }

    /// Why a run stopped, and what may be typed next.
    public struct Halt: Sendable, Hashable {
        /// Stable, such as `foreign`, `failed`, `undo-failed`, `gate-rejected`, `disk-full`.
        public var code: String
        public var message: String
        public var operation: OperationID?
        public var next: [String]
    }

    /// Folds a journal.
    ///
    /// Nil for one without records.
    public init?(_ records: [JournalRecord]) {
        guard let first = records.first, first.entry.type == .runBegin else { return nil }
        self.init(begin: first)
        for record in records.dropFirst() { apply(record) }
    }

    /// Effects of which it is not known whether they took place, in the order of their intents.
    public var inDoubt: [OperationState] { ordered { $0.isInDoubt } }
    /// Undos that wait for green, in the order of their intents.
    public var owed: [OperationState] { ordered { $0.status == .owed } }
    /// Effects that stand or may stand, in the order of their intents.
    public var effects: [OperationState] { ordered { $0.mayHaveEffect } }

    /// The last cut at which all traffic was on blue and all of blue awake: where a rollback goes unless told otherwise.
    public var safestCheckpoint: String? { checkpoints.last { $0.isAllBlue }?.name }

    private func ordered(_ isIncluded: (OperationState) -> Bool) -> [OperationState] {
        operations.values.filter(isIncluded).sorted { ($0.sequence, $0.id) < ($1.sequence, $1.id) }
    }
}

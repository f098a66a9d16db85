import Manifests
public import Planning

/// Decides what a run does next.
///
/// A value: no input or output, no clock, no randomness, no concurrency.
///
/// Invariant: `state` is the fold of exactly the records that were handed out in `append` actions (and of those it
/// was opened with). Whatever is kept beside it may be lost at any moment: it is only what this process is waiting for.
public struct Engine: Sendable {
    public private(set) var state: RunState
    /// Operations of the whole plan in the order in which they run.
    public let operations: [PlannedOperation]
    let policy: RetryPolicy
    let actor: String
    let stepDigests: [String: Digest]
    let mutation: EngineMutation

    /// The first operation that is not done, going forward.
    var cursor = 0
    /// What is left to undo, in order.
    var undoQueue: [PlannedOperation] = []
    /// How many there were when this process began to go back.
    var undoTotal = 0
    /// The operation whose answer is awaited, and what was asked of it.
    var inFlight: (id: OperationID, call: Call)?
    /// The operation whose intent this process recorded last, until its effect is asked for.
    var fresh: OperationID?
    /// The gate that this process asked at last.
    var askedGate: String?
    /// What asked to stop.
    var stopSignal: String?
    /// Operations whose undo was written by this process and is not seen to stand yet.
    var undoWritten: Set<OperationID> = []
    /// Looks that failed in a row, by operation.
    var failedLooks: [OperationID: Int] = [:]
    /// When waiting for something to come into force began, in milliseconds of ``now``.
    var waitingSince: [OperationID: Int64] = [:]
    /// Not before this time of ``now``: the next look.
    var lookNotBefore: [OperationID: Int64] = [:]
    /// Not before this time of ``now``: the next attempt.
    var retryNotBefore: [OperationID: Int64] = [:]
    /// Attempts at which a person's `resume` granted a fresh budget.
    var budgetFrom: [OperationID: Int] = [:]
    /// Attempts of undos at which a person's command granted a fresh budget.
    var undoBudgetFrom: [OperationID: Int] = [:]
    /// Undos that were found to be owed in this process; `resume` tries them again.
    var owedNow: Set<OperationID> = []
    /// An action that an answer led to directly.
    var queued: [Action] = []
    /// Calls to green that failed in a row on the way back.
    var greenFailures = 0
    /// Why green is out of reach, until that is recorded.
    var degradedFromStart: String?
    var pendingRecords: [JournalRecord] = []
    var moment: Moment
    var chance: UInt64 = 0

    /// An engine that goes on from a journal.
    ///
    /// Throws when the plan cannot be written as JSON.
    public init(plan: Plan, state: RunState, actor: String, policy: RetryPolicy = RetryPolicy()) throws {
        try self.init(plan: plan, state: state, actor: actor, policy: policy, mutation: .none)
    }

    init(plan: Plan, state: RunState, actor: String, policy: RetryPolicy, mutation: EngineMutation) throws {
        self.state = state
        self.actor = actor
        self.policy = policy
        self.mutation = mutation
        operations = PlannedOperation.all(of: plan)
        var digests: [String: Digest] = [:]
        for (_, step) in plan.steps { digests[step.id] = try step.digest }
        stepDigests = digests
        moment = state.last
        if let rollback = state.rollback { undoQueue = UndoOrder.sequence(operations, state, rollback) }
        undoTotal = undoQueue.count
    }

    /// What was asked of the shell: only a failed write puts an effect in doubt.
    enum Call: Sendable {
        case look
        case write
    }

    /// Takes in what happened and says what to do next.
    public mutating func handle(_ event: Event) -> [Action] {
        moment = Moment(wall: event.moment.wall, monotonic: max(event.moment.monotonic, state.last.monotonic))
        chance = event.chance
        pendingRecords = []
        switch event.kind {
        case .preflightPassed(let checked, let warnings): record(.preflight(checked: checked, warnings: warnings))
        case .resumed(let repaired): resume(repaired: repaired)
        case .turned(let rollback): turn(rollback)
        case .locked(let epoch, let holder, let sides, let previous):
            state.epoch = epoch
            if let previous { record(.lockTakeover(from: previous, reason: "its process is gone")) }
            record(.lockAcquired(holder: holder, sides: sides))
            return flush()
        case .lockLost(let side, let message):
            record(.lockLost(side: side, message: message))
            return flush() + [.finish(.lockLost(side: side, message: message))]
        case .greenOutOfReach(let message):
            record(.note(code: "green-out-of-reach", message: message))
            return flush()
        case .woke: break
        case .captured(let id, _, _), .refusedCapture(let id, _), .acknowledged(let id, _), .observed(let id, _),
            .undone(let id), .failed(let id, _), .answered(let id, _), .weightsRead(let id, _):
            let call = inFlight?.call ?? .look
            inFlight = nil
            guard let operation = operation(id) else { break }
            if let ending = answer(operation, event.kind, to: call) { return flush() + [.finish(ending)] }
        }
        if !queued.isEmpty, stopSignal == nil {
            let actions = queued
            queued = []
            return flush() + actions
        }
        queued = []
        inFlight = nil
        let next = next()
        return mutation == .effectBeforeIntent ? next + flush() : flush() + next
    }

    /// Green is known to be out of reach before the way back begins or goes on: recorded with its first records.
    mutating func degrade(_ message: String) { degradedFromStart = message }

    /// Stop was asked for: what is in flight ends, nothing new begins.
    public mutating func requestStop(_ signal: String) {
        if stopSignal == nil { stopSignal = signal }
    }

    /// The next action, after any records that led to it.
    private mutating func next() -> [Action] {
        if let signal = stopSignal {
            record(.interrupt(signal))
            return [.finish(.interrupted(signal: signal))]
        }
        if state.phase.isTerminal { return [.finish(state.phase == .succeeded ? .succeeded : .rolledBack)] }
        return state.rollback == nil ? nextForward() : nextBack()
    }

    private mutating func resume(repaired: Int?) {
        let isBack = state.rollback != nil
        // After a finished rollback the way forward is a new pass: fresh attempts, keys and before-images.
        var pass = state.pass
        if !isBack, case .paused = state.phase { pass += 1 }
        // A person who types `resume` after a failure grants a fresh budget. A mere crash does not.
        for operation in state.operations.values {
            if operation.status == .failed { budgetFrom[operation.id] = operation.attempt }
            if operation.status == .undoFailed { undoBudgetFrom[operation.id] = operation.undoAttempt }
        }
        record(.resume(isBack: isBack, pass: pass, repaired: repaired))
        noteDegraded()
        cursor = 0
    }

    private mutating func turn(_ rollback: Rollback) {
        let sequence = UndoOrder.sequence(operations, state, rollback)
        for operation in state.operations.values { undoBudgetFrom[operation.id] = operation.undoAttempt }
        record(.rollback(rollback, undoes: sequence.count))
        noteDegraded()
        undoQueue = sequence
        undoTotal = sequence.count
        cursor = 0
    }

    private mutating func noteDegraded() {
        guard let message = degradedFromStart else { return }
        degradedFromStart = nil
        record(.note(code: "green-out-of-reach", message: message))
    }

    /// Routes an answer by direction; the ending, when the answer ends the run.
    private mutating func answer(
        _ operation: PlannedOperation, _ kind: Event.Kind, to call: Call
    )
        -> Action.Ending?
    {
        state.rollback == nil
            ? answerForward(operation, kind, to: call) : answerBack(operation, kind, to: call)
    }

    /// Folds an entry and queues its record.
    mutating func record(_ entry: JournalEntry) {
        let record = JournalRecord(
            sequence: state.nextSequence, previous: state.head, moment: moment, run: state.run, epoch: state.epoch,
            actor: actor, entry: entry)
        state.apply(record)
        pendingRecords.append(record)
    }

    /// The queued records as one action, so that they share a sync.
    mutating func flush() -> [Action] {
        guard !pendingRecords.isEmpty else { return [] }
        let records = pendingRecords
        pendingRecords = []
        return [.append(records, durable: records.contains { $0.entry.type.isDurable })]
    }

    /// Milliseconds of the monotonic clock: waiting must not depend on somebody setting the other one.
    var now: Int64 { moment.monotonic / 1_000_000 }

    func operation(_ id: OperationID) -> PlannedOperation? {
        if operations.indices.contains(cursor), operations[cursor].id == id { return operations[cursor] }
        return undoQueue.first { $0.id == id } ?? operations.first { $0.id == id }
    }

    /// Records the halt and gives the ending.
    mutating func halt(
        _ code: String, _ message: String, _ operation: PlannedOperation?, difference: JSONValue? = nil
    ) -> Action.Ending {
        var next = ["kirikae resume \(state.run)"]
        if state.rollback == nil, let checkpoint = state.safestCheckpoint {
            next.append("kirikae rollback \(state.run) --to \(checkpoint)")
        }
        if state.rollback != nil, code == "foreign", let step = operation?.step.id {
            next.append("kirikae rollback \(state.run) --overwrite-foreign \(step)")
        }
        record(.halted(code: code, message: message, operation: operation?.id, difference: difference, next: next))
        return .halted
    }
}

/// Deliberate mistakes, for the test of the tests: each must be caught by the crash search.
enum EngineMutation: Sendable {
    case none
    /// Undo only what was verified.
    case undoOnlyVerified
    /// Read a new before-image on resume.
    case recaptureOnResume
    /// Ask for the effect before the intent is on disk.
    case effectBeforeIntent
    /// On resume take an intent for an effect.
    case trustIntent
}

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
    let plan: Plan
    let policy: RetryPolicy
    let actor: String
    let stepDigests: [String: Digest]
    let mutation: EngineMutation
    /// Where each operation stands in ``operations``.
    private let positions: [OperationID: Int]

    /// The first operation that is not done, going forward.
    var cursor = 0
    /// What is to be undone, in order, as it stood when this process began to go back.
    var undoQueue: [PlannedOperation] = []
    /// The first of ``undoQueue`` that is not settled.
    var undoCursor = 0
    /// The operations whose answer is awaited, and what was asked of each.
    var inFlight: [OperationID: Call] = [:]
    /// Operations whose intent this process recorded and whose effect it has not asked for yet.
    var fresh: Set<OperationID> = []
    /// How this process ends, once everything in flight has been answered.
    var leaving: Action.Ending?
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
    /// What this process measures, by gate.
    var measuring: [OperationID: Measuring] = [:]
    /// When the last interval that was measured ended, in milliseconds of ``now``.
    var intervalEnd: [OperationID: Int64] = [:]
    /// When gates that take their time are over, in milliseconds of ``now``.
    var dueAt: [String: Int64] = [:]
    /// Whether connections to green have ended, or were waited for long enough.
    var isDrained = false
    /// Whether they are being counted.
    var isCounting = false
    /// When the first of them were counted, and when to count again, in milliseconds of ``now``.
    var drainingSince: Int64?
    var countNotBefore: Int64?
    var stillOpen = 0
    /// Why this process turned round by itself.
    var reasonToReturn: String?
    /// Writes that answers led to directly.
    var queued: [(id: OperationID, action: Action)] = []
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
        self.plan = plan
        operations = PlannedOperation.all(of: plan)
        positions = Dictionary(operations.enumerated().map { ($1.id, $0) }) { first, _ in first }
        var digests: [String: Digest] = [:]
        for (_, step) in plan.steps { digests[step.id] = try step.digest }
        stepDigests = digests
        moment = state.last
        if let rollback = state.rollback { undoQueue = UndoOrder.sequence(operations, state, rollback) }
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
            if leaving == nil { leaving = .lockLost(side: side, message: message) }
        case .greenOutOfReach(let message):
            record(.note(code: "green-out-of-reach", message: message))
            return flush()
        case .noted(let code, let message):
            record(.note(code: code, message: message))
            return flush()
        case .mirrorFailed(let message):
            guard state.rollback == nil else {
                record(.note(code: "mirror-failed", message: message))
                return flush()
            }
            if leaving == nil { leaving = halt("mirror-failed", message, nil) }
        case .woke: break
        case .connectionsCounted(let open): counted(open)
        case .captured(let id, _, _), .refusedCapture(let id, _), .acknowledged(let id, _, _), .observed(let id, _),
            .undone(let id), .failed(let id, _), .answered(let id, _), .weightsRead(let id, _),
            .measured(let id, _):
            let call = inFlight.removeValue(forKey: id) ?? .look
            guard let operation = operation(id) else { break }
            if let ending = answer(operation, event.kind, to: call), leaving == nil { leaving = ending }
        }
        return goOn()
    }

    /// What follows from what was just taken in: nothing new when the process is about to leave, else as much as there
    /// is room for.
    private mutating func goOn() -> [Action] {
        let direct = queued
        queued = []
        if leaving != nil || stopSignal != nil {
            guard inFlight.isEmpty else { return flush() }
            if leaving == nil, let signal = stopSignal {
                record(.interrupt(signal))
                leaving = .interrupted(signal: signal)
            }
            return flush() + (leaving.map { [.finish($0)] } ?? [])
        }
        for (id, _) in direct { inFlight[id] = .write }
        let next = direct.map(\.action) + next()
        return flush() + next
    }

    /// Forgets actions that were asked for and will not be carried out, because the process leaves first.
    public mutating func withdraw(_ ids: [OperationID]) {
        for id in ids { inFlight[id] = nil }
    }

    /// Green is known to be out of reach before the way back begins or goes on: recorded with its first records.
    mutating func degrade(_ message: String) { degradedFromStart = message }

    /// Whether nothing new may begin.
    var isLeaving: Bool { leaving != nil || stopSignal != nil }

    /// Stop was asked for: what is in flight ends, nothing new begins.
    public mutating func requestStop(_ signal: String) {
        if stopSignal == nil { stopSignal = signal }
    }

    /// The next actions, after any records that led to them.
    private mutating func next() -> [Action] {
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

    /// Turns round: because a person typed it, or because of what was measured.
    mutating func turn(_ asked: Rollback, because reason: String? = nil) {
        let rollback = asked.carrying(state.rollback)
        var sequence = UndoOrder.sequence(operations, state, rollback)
        if mutation == .returnWithoutWaking, reason != nil { sequence.removeAll { $0.step.undoPhase == .wakeBlue } }
        for operation in state.operations.values { undoBudgetFrom[operation.id] = operation.undoAttempt }
        record(.rollback(rollback, undoes: sequence.count, reason: reason))
        reasonToReturn = reason
        measuring = [:]
        intervalEnd = [:]
        dueAt = [:]
        isDrained = false
        drainingSince = nil
        noteDegraded()
        undoQueue = sequence
        undoCursor = 0
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
    ///
    /// It always comes before the calls that need it.
    mutating func flush() -> [Action] {
        guard !pendingRecords.isEmpty else { return [] }
        let records = pendingRecords
        pendingRecords = []
        let isDurable = records.contains { record in
            record.entry.type.isDurable && !(mutation == .effectBeforeIntent && record.entry.type == .stepIntent)
        }
        return [.append(records, durable: isDurable)]
    }

    /// Milliseconds of the monotonic clock: waiting must not depend on somebody setting the other one.
    var now: Int64 { moment.monotonic / 1_000_000 }

    func operation(_ id: OperationID) -> PlannedOperation? {
        positions[id].map { operations[$0] }
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
    /// Ask for the effect before the intent is surely on disk.
    case effectBeforeIntent
    /// On resume take an intent for an effect.
    case trustIntent
    /// Open a probe gate on fewer answers than it wants.
    case passOnTooFewSamples
    /// Return by itself without waking what sleeps on blue.
    case returnWithoutWaking
}

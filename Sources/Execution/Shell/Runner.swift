public import Manifests
import Planning

/// Carries out plans: begins runs, goes on with them, takes them back.
///
/// Every command takes the local lock first and both clusters' Leases next, reads the journal, and works until the
/// run is done, waits, or stops. It may be killed at any instruction: the next command goes on from the journal.
public struct Runner: Sendable {
    let ports: RunPorts
    let policy: RetryPolicy
    let mutation: EngineMutation
    let tool: String

    /// A runner.
    ///
    /// `tool` is written into `run.begin`.
    public init(ports: RunPorts, policy: RetryPolicy = RetryPolicy(), tool: String) {
        self.init(ports: ports, policy: policy, tool: tool, mutation: .none)
    }

    init(ports: RunPorts, policy: RetryPolicy, tool: String, mutation: EngineMutation) {
        self.ports = ports
        self.policy = policy
        self.tool = tool
        self.mutation = mutation
    }

    /// Begins a run of the plan and goes forward.
    ///
    /// Nothing is written anywhere before everything that must hold was seen to hold. A plan can be begun once; again
    /// only after it was rolled back altogether.
    public func apply(_ document: PlanDocument, arguments: [String] = []) async -> RunOutcome {
        let name = document.plan.name
        do throws(JournalError) {
            let lock = try ports.store.lock(migration: name, holder: holder)
            defer { lock.release() }
            if let begun = try ports.store.begun(planDigest: document.digest) {
                let isOver = begun.state?.phase.isTerminal ?? false
                return RunOutcome(
                    .locked, run: begun.id, message: "this plan was begun as run \(begun.id) already",
                    state: begun.state,
                    next: [isOver ? "kirikae runs show \(begun.id)" : "kirikae resume \(begun.id)"]
                        + ["kirikae plan --help, for a new one"])
            }
            if let open = try ports.store.unfinished().first(where: { $0.state?.planName == name }) {
                return RunOutcome(
                    .locked, run: open.id, message: "run \(open.id) of migration \(name) is unfinished",
                    state: open.state, next: ["kirikae resume \(open.id)", "kirikae rollback \(open.id)"])
            }
            let preflight = await Preflight(
                document: document, ports: ports, remaining: PlannedOperation.all(of: document.plan), run: nil
            ).check()
            if preflight.isBlocking { return Self.refusal(preflight, run: nil, state: nil) }
            let first = begin(document, arguments)
            guard let state = RunState([first]) else { return Self.broken(first.run) }
            try ports.keepImageKey?()
            let journal = try ports.store.begin(first.run, first: first, plan: document.files)
            defer { journal.close() }
            return await work(document, state, journal) { _ in
                [.preflightPassed(checked: preflight.checked, warnings: preflight.warnings)]
            }
        } catch { return Self.outcome(error, run: nil) }
    }

    /// Goes on with a run in the direction in which it was going; forward, when it is paused behind a rollback.
    ///
    /// A finished run stays as it is. With undos owed, these are settled first and the run pauses.
    public func resume(_ run: String, _ document: PlanDocument) async -> RunOutcome {
        await reopen(run, document) { state, repaired, journal in
            if state.rollback != nil {
                return await work(document, state, journal) { _ in [.resumed(repaired: repaired)] }
            }
            if let refused = wrongKey(state) { return refused }
            if state.isRestored, let refused = await undoneSince(state, document, journal) { return refused }
            let remaining = PlannedOperation.all(of: document.plan).filter { operation in
                guard let known = state.operations[operation.id] else { return true }
                return !known.isDone && !known.mayHaveEffect
            }
            let preflight = await Preflight(
                document: document, ports: ports, remaining: remaining, run: run,
                isGuarding: Self.isGuarding(state, document.plan)
            ).check()
            if preflight.isBlocking { return Self.refusal(preflight, run: run, state: state) }
            return await work(document, state, journal) { state in
                let passed = Event.Kind.preflightPassed(checked: preflight.checked, warnings: preflight.warnings)
                return state.phase == .created ? [passed] : [.resumed(repaired: repaired)]
            }
        }
    }

    /// Goes back: to a checkpoint, exactly; or takes a wave and what depends on it.
    ///
    /// Without a target, to the last checkpoint at which all traffic was on blue. A green that is out of reach does not
    /// hold it up.
    public func rollback(
        _ run: String, to target: RollbackTarget?, overwriteForeign: Set<String> = [], _ document: PlanDocument
    ) async -> RunOutcome {
        await reopen(run, document, reopensSucceeded: true) { state, repaired, journal in
            do throws(RefusedRollback) {
                let rollback = try Self.rollback(to: target, state, document.plan, overwriteForeign)
                return await work(document, state, journal) { _ in [.turned(rollback)] }
            } catch {
                return RunOutcome(
                    .refused, run: run, message: error.message, state: state, next: ["kirikae status \(run)"])
            }
        }
    }

    /// What a rollback would undo, in order.
    ///
    /// Changes nothing and takes no lock.
    public func rollbackPreview(
        _ run: String, to target: RollbackTarget?, _ document: PlanDocument
    )
        throws -> [PlannedOperation]
    {
        guard let state = RunState(try ports.store.read(run).records) else { return [] }
        let rollback = try Self.rollback(to: target, state, document.plan, [])
        return UndoOrder.sequence(PlannedOperation.all(of: document.plan), state, rollback)
    }

    /// What a way back cannot restore, because its before-images are sealed with a key that is not here.
    ///
    /// In the order of their intents; empty when the run's key is the one given, or nothing was sealed.
    public func unrestorable(_ run: String) throws -> [OperationID] {
        guard let state = RunState(try ports.store.read(run).records), state.imageKey != ports.imageKey?.id else {
            return []
        }
        return state.effects.filter { $0.image?.isKeyed == true }.map(\.id)
    }

    /// How long such a rollback may be expected to take until users are on blue.
    public func returnEstimate(
        _ run: String, undoing operations: [PlannedOperation], _ document: PlanDocument
    ) throws -> ReturnEstimate {
        ReturnEstimate(undoing: operations, plan: document.plan, records: try ports.store.read(run).records)
    }

    /// Writes down that a person opened a gate.
    ///
    /// The digest must be the one that was shown at the gate: an approval cannot be used for something else.
    public func approve(
        _ run: String, gate: String, by person: String, digest: Digest?, _ document: PlanDocument
    )
        async -> RunOutcome
    {
        await reopen(run, document) { state, _, journal in
            guard let asked = state.gates[gate], case .waiting(gate) = state.phase else {
                return RunOutcome(
                    .refused, run: run, message: "run \(run) does not wait at a gate '\(gate)'; it is \(state.phase)",
                    state: state, next: ["kirikae status \(run)"])
            }
            let expected = Engine.gateDigest(state: state, gate: gate, message: asked.message)
            guard digest == nil || digest == expected else {
                return RunOutcome(
                    .refused, run: run, message: "the approval is for something else than what the gate asks now",
                    state: state, next: ["kirikae approve \(run) --gate \(gate) --digest \(expected)"])
            }
            guard !asked.approvedBy.contains(person) else {
                return RunOutcome(
                    .refused, run: run, message: "\(person) approved \(gate) already; it needs another person",
                    state: state, next: ["kirikae status \(run)"])
            }
            return write(
                [.gateApproved(gate: gate, wave: asked.wave, by: person, digest: expected)], state, journal,
                kind: .waiting, message: "\(person) approved \(gate)", next: ["kirikae resume \(run)"])
        }
    }

    /// Gives a run up.
    ///
    /// What it did stays as it is; the journal says so.
    public func abandon(_ run: String, reason: String, _ document: PlanDocument) async -> RunOutcome {
        await reopen(run, document) { state, _, journal in
            let outcome = write(
                [.end(outcome: "abandoned", head: state.head, reason: reason)], state, journal, kind: .abandoned,
                message: "run \(run) is abandoned; what it did stands", next: ["kirikae runs show \(run)"])
            var leases = leaseGuard(run, document)
            for side in Side.allCases { _ = try? await leases.acquire(side) { _ in } }
            await leases.release(isOver: true)
            return outcome
        }
    }
}

import Manifests
import Planning
import Routing

/// One process's work on one run: carries out what the engine wants, through the ports, until the engine says leave.
struct RunSession {
    let ports: RunPorts
    let document: PlanDocument
    let journal: any JournalStore
    var engine: Engine
    var leases: LeaseGuard
    /// What is mirrored elsewhere; nil for nothing.
    var mirror: SessionMirror?
    /// Why green cannot be worked with, when that is known from the start of a way back.
    var greenOutOfReach: String?
    /// The side whose Lease could not be renewed because it does not answer, rather than because another has it.
    private var silentSide: String?
    /// Why green's Lease could not be renewed while the run measured at a gate from which it would go back by itself.
    var greenSilent: String?
    private let started: Int64
    private let base: Int64
    private let worker: ActionWorker
    /// What is surely on disk, for the last words when the disk is full.
    private var acceptedHead: Digest
    private var acceptedSequence: Int
    /// The last record that a power cut cannot take: what the Leases may name.
    private var durableHead: Digest
    /// The gate at which the run waited when this process began.
    private var waitedFor: String?

    init(ports: RunPorts, document: PlanDocument, journal: any JournalStore, engine: Engine, leases: LeaseGuard) {
        self.ports = ports
        self.document = document
        self.journal = journal
        self.engine = engine
        self.leases = leases
        started = ports.clock.monotonicNanoseconds
        base = engine.state.last.monotonic
        worker = ActionWorker(ports: ports, document: document, journal: journal, run: engine.state.run)
        acceptedHead = engine.state.head
        acceptedSequence = engine.state.nextSequence
        durableHead = engine.state.head
        if case .waiting(let gate) = engine.state.phase { waitedFor = gate }
    }

    /// Tells the engine what happened, and works until it says leave.
    ///
    /// All answers that are there are taken in before anything new begins, so that the records of many operations
    /// share one sync.
    mutating func drive(_ first: [Event.Kind]) async -> RunOutcome {
        var batches: [[Action]] = []
        for kind in first {
            let isLock: Bool
            if case .locked = kind { isLock = true } else { isLock = false }
            if let message = greenOutOfReach, !isLock {
                engine.degrade(message)
                greenOutOfReach = nil
            }
            batches.append(engine.handle(event(kind)))
        }
        let answers = AnswerBox()
        var running = 0
        var calls: [Action] = []
        do throws(JournalError) {
            while true {
                if let ending = try await settle(batches, into: &calls) {
                    var outcome = outcome(ending)
                    try await tellHooks(ending, outcome)
                    outcome.state = engine.state
                    let behind = await mirrorTroubleAtEnd()
                    await leases.release(isOver: engine.state.phase.isTerminal, head: durableHead)
                    if let behind { outcome.message += "; the mirror is behind: \(behind)" }
                    return outcome
                }
                batches = []
                if !calls.isEmpty {
                    let trouble = await renewLeases()
                    if case .lockLost = trouble.last {
                        // What has not begun will not begin any more, so nobody waits for it.
                        engine.withdraw(calls.compactMap(\.operation))
                        calls = []
                    }
                    batches = trouble.map { engine.handle(event($0)) }
                    if !batches.isEmpty { continue }
                }
                if let failed = await mirrorTrouble(before: calls) {
                    if engine.state.rollback == nil {
                        engine.withdraw(calls.compactMap(\.operation))
                        calls = []
                    }
                    batches = [engine.handle(event(.mirrorFailed(failed)))]
                    continue
                }
                if ports.worksInTurn {
                    guard !calls.isEmpty else { break }
                    let next = calls.count == 1 ? 0 : Int(ports.random.next() % UInt64(calls.count))
                    begin(calls.remove(at: next), answers)
                    running += 1
                } else {
                    for call in calls { begin(call, answers) }
                    running += calls.count
                    calls = []
                }
                guard running > 0 else { break }
                let came = await answers.take()
                running -= came.count
                if let signal = ports.signals.name, ports.signals.stage > 0 { engine.requestStop(signal) }
                for answer in came { batches.append(engine.handle(event(try answer.get()))) }
            }
            return RunOutcome(.halted, run: engine.state.run, message: "the engine fell silent; report this")
        } catch {
            return await journalFailed(error)
        }
    }

    /// Writes down what is to be written, and gathers the calls that may begin then; the ending, when the engine wants
    /// to leave.
    private mutating func settle(
        _ batches: [[Action]], into calls: inout [Action]
    ) async throws(JournalError) -> Action.Ending? {
        var records: [JournalRecord] = []
        var isDurable = false
        for case .append(let more, let durable) in batches.joined() {
            records += more
            isDurable = isDurable || durable
        }
        if !records.isEmpty { try append(records, durable: isDurable) }
        if records.contains(where: { $0.entry.type == .checkpoint }) {
            keepWayBack()
            await leases.publish(head: durableHead)
        }
        for action in batches.joined() {
            switch action {
            case .append: continue
            case .publishHead: await leases.publish(head: engine.state.head)
            case .finish(let ending): return ending
            default: calls.append(action)
            }
        }
        return nil
    }

    private func begin(_ call: Action, _ answers: AnswerBox) {
        if case .sleep(_, let why) = call { ports.observer.waiting(why, progress: progress(nil)) }
        let worker = worker
        let standing = standing(for: call)
        Task { answers.put(await worker.carryOut(call, standing: standing)) }
    }

    /// Which of the planned changes to the objects that a comparison looks at are in force.
    private func standing(for call: Action) -> Set<OperationID> {
        guard case .observe(let operation, _, _, _) = call, case .verify(let action) = operation.step.action else {
            return []
        }
        return Set(
            action.objects.flatMap { object in worker.changesOnGreen(of: object) }.filter { id in
                switch engine.state.operations[id]?.status {
                case .verified, .adopted, .applied: true
                default: false
                }
            })
    }

    private mutating func append(_ records: [JournalRecord], durable: Bool) throws(JournalError) {
        try journal.append(records.map(\.line), durable: durable)
        guard let last = records.last else { return }
        acceptedHead = last.hash
        acceptedSequence = last.sequence + 1
        if durable { durableHead = last.hash }
        mirror?.took(records)
        let progress = progress(last.entry.operation)
        for record in records { ports.observer.recorded(record, progress: progress) }
    }

    /// Renews what is due; what the engine has to be told about it, the loss of the lock last.
    private mutating func renewLeases() async -> [Event.Kind] {
        var trouble: [Event.Kind] = []
        if let message = greenSilent, !engine.isGuarding {
            greenSilent = nil
            if engine.state.rollback != nil {
                // It is known already, so users do not wait until calls to it have failed.
                trouble.append(.greenOutOfReach(message))
            } else if let problem = await acquireAgain() {
                return [.lockLost(side: Side.green.rawValue, message: Runner.text(problem, .green))]
            }
        }
        for (side, problem) in await leases.renew(head: durableHead) {
            let message = Runner.text(problem, side)
            if side == .green, engine.isGuarding, case .outOfReach = problem {
                greenSilent = message
                continue
            }
            guard side == .green, engine.state.rollback != nil else {
                if case .outOfReach = problem { silentSide = side.rawValue }
                return trouble + [.lockLost(side: side.rawValue, message: message)]
            }
            trouble.append(.greenOutOfReach(message))
        }
        return trouble
    }

    /// Before anything is written to green again, its Lease has to be held again.
    private mutating func acquireAgain() async -> LeaseGuard.Trouble? {
        do throws(LeaseGuard.Trouble) {
            _ = try await leases.acquire(.green) { _ in }
            return nil
        } catch {
            if case .outOfReach = error { silentSide = Side.green.rawValue }
            return error
        }
    }

    /// Tells the hook for this end; that it failed is written down, and stops nothing.
    private mutating func tellHooks(_ ending: Action.Ending, _ outcome: RunOutcome) async throws(JournalError) {
        guard let runner = ports.hookRunner else { return }
        // Whoever goes on at a gate that is still closed, or watches it, was told of it before.
        if case .waiting(let gate) = ending, gate == waitedFor { return }
        let hooks = RunHooks(runner: runner, hooks: ports.hooks)
        guard
            let trouble = await hooks.tell(ending, engine.state, outcome, at: ports.clock.wallMilliseconds)
        else { return }
        ports.observer.waiting(trouble, progress: progress(nil))
        var calls: [Action] = []
        _ = try await settle([engine.handle(event(.noted(code: "hook-failed", message: trouble)))], into: &calls)
    }

    /// Writes down, for a person without kirikae, how to go back from here.
    ///
    /// Best effort: the plan's own page stays.
    private mutating func keepWayBack() {
        guard let page = WayBackPage(document, engine.state)?.text else { return }
        let bytes = Array(page.utf8)
        try? ports.store.keepWayBack(bytes, of: engine.state.run)
        mirror?.keep(bytes, as: WayBackPage.name)
    }

    /// Why the mirror could not be brought up for these calls; nil when it was, or need not be.
    private mutating func mirrorTrouble(before calls: [Action]) async -> String? {
        guard var mirror else { return nil }
        defer { self.mirror = mirror }
        return await mirror.bringUp(before: calls, engine.state, journal)
    }

    private mutating func mirrorTroubleAtEnd() async -> String? {
        guard var mirror else { return nil }
        defer { self.mirror = mirror }
        return await mirror.bringUpAtEnd(engine.state, journal)
    }

    private func event(_ kind: Event.Kind) -> Event {
        Event(
            moment: Moment(
                wall: ports.clock.wallMilliseconds, monotonic: base + ports.clock.monotonicNanoseconds - started),
            chance: ports.random.next(), kind: kind)
    }

    private func progress(_ id: OperationID?) -> RunProgress {
        engine.progress(current: id)
    }

    /// Nothing more may be written but, when the disk is full, that the run stops.
    private mutating func journalFailed(_ error: JournalError) async -> RunOutcome {
        if error.code == .diskFull {
            let record = JournalRecord(
                sequence: acceptedSequence, previous: acceptedHead,
                moment: event(.woke).moment, run: engine.state.run, epoch: engine.state.epoch, actor: ports.actor,
                entry: .halted(
                    code: "disk-full", message: error.message, operation: nil, difference: nil,
                    next: ["kirikae resume \(engine.state.run)"]))
            try? journal.append([record.line], durable: true)
        }
        return RunOutcome(
            .journalFailed, run: engine.state.run,
            message: "the journal cannot be written: \(error). Nothing was started since; the Leases are kept",
            state: engine.state, next: ["make room or mend the disk", "kirikae resume \(engine.state.run)"])
    }

    private func outcome(_ ending: Action.Ending) -> RunOutcome {
        guard case .lockLost(let side, let why) = ending, side == silentSide else {
            return Runner.outcome(ending, engine.state)
        }
        let message = "\(side) does not answer, and its lock has run out: \(why)"
        return Runner.unreachable(message, engine.state)
    }
}

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
    /// Why green cannot be worked with, when that is known from the start of a way back.
    var greenOutOfReach: String?
    /// The side whose Lease could not be renewed because it does not answer, rather than because another has it.
    private var silentSide: String?
    private let started: Int64
    private let base: Int64
    private let objects: [ObjectReference: PlannedObject]
    private let fieldsOnGreen: [ObjectReference: [StepContext.FieldsOfStep]]
    private let awaitedOnGreen: [String: [ObjectReference]]
    /// What is surely on disk, for the last words when the disk is full.
    private var acceptedHead: Digest
    private var acceptedSequence: Int

    init(ports: RunPorts, document: PlanDocument, journal: any JournalStore, engine: Engine, leases: LeaseGuard) {
        self.ports = ports
        self.document = document
        self.journal = journal
        self.engine = engine
        self.leases = leases
        started = ports.clock.monotonicNanoseconds
        base = engine.state.last.monotonic
        objects = Dictionary(document.objects.map { ($0.object, $0) }) { first, _ in first }
        var fields: [ObjectReference: [StepContext.FieldsOfStep]] = [:]
        for (_, step) in document.plan.steps {
            guard case .setFields(let action) = step.action, action.side == .green else { continue }
            for change in action.changes {
                fields[change.object, default: []].append(
                    StepContext.FieldsOfStep(step: step.id, fields: change.fields))
            }
        }
        fieldsOnGreen = fields
        var awaited: [String: [ObjectReference]] = [:]
        for (wave, step) in document.plan.steps {
            guard case .waitReady(let action) = step.action, action.side == .green else { continue }
            awaited[wave.name, default: []] += action.objects
        }
        awaitedOnGreen = awaited
        acceptedHead = engine.state.head
        acceptedSequence = engine.state.nextSequence
    }

    /// Tells the engine what happened, and works until it says leave.
    mutating func drive(_ first: [Event.Kind]) async -> RunOutcome {
        var queue: [Action] = []
        for kind in first {
            let isLock: Bool
            if case .locked = kind { isLock = true } else { isLock = false }
            if let message = greenOutOfReach, !isLock {
                engine.degrade(message)
                greenOutOfReach = nil
            }
            queue += engine.handle(event(kind))
        }
        var index = 0
        while index < queue.count {
            let action = queue[index]
            index += 1
            if index > 256 {
                queue.removeFirst(index)
                index = 0
            }
            switch action {
            case .append(let records, let durable):
                do throws(JournalError) { try append(records, durable: durable) } catch {
                    return await journalFailed(error)
                }
            case .publishHead:
                await leases.publish(head: engine.state.head)
            case .finish(let ending):
                await leases.release(isOver: engine.state.phase.isTerminal)
                return outcome(ending)
            default:
                if let lost = await renewLeases(&queue) {
                    queue = Array(queue.prefix(index)) + lost
                    continue
                }
                do throws(JournalError) {
                    let kind = try await answer(action)
                    if let signal = ports.signals.name, ports.signals.stage > 0 { engine.requestStop(signal) }
                    queue += engine.handle(event(kind))
                } catch {
                    return await journalFailed(error)
                }
            }
        }
        return RunOutcome(.halted, run: engine.state.run, message: "the engine fell silent; report this")
    }

    private mutating func append(_ records: [JournalRecord], durable: Bool) throws(JournalError) {
        try journal.append(records.map(\.line), durable: durable)
        guard let last = records.last else { return }
        acceptedHead = last.hash
        acceptedSequence = last.sequence + 1
        let progress = progress(last.entry.operation)
        for record in records { ports.observer.recorded(record, progress: progress) }
    }

    /// Renews what is due.
    ///
    /// Actions that end the process when the lock is gone; nil to go on.
    private mutating func renewLeases(_ queue: inout [Action]) async -> [Action]? {
        for (side, trouble) in await leases.renew(head: engine.state.head) {
            let message = Runner.text(trouble, side)
            guard side == .green, engine.state.rollback != nil else {
                if case .outOfReach = trouble { silentSide = side.rawValue }
                return engine.handle(event(.lockLost(side: side.rawValue, message: message)))
            }
            for case .append(let records, let durable) in engine.handle(event(.greenOutOfReach(message))) {
                queue.append(.append(records, durable: durable))
            }
        }
        return nil
    }

    /// Carries out one action and says what came of it.
    private func answer(_ action: Action) async throws(JournalError) -> Event.Kind {
        switch action {
        case .capture(let operation): return try await capture(operation)
        case .effect(let operation, let image, let key):
            let image = try self.image(image)
            return await calling(operation) { (contract, context) async throws(StepFailure) in
                .acknowledged(operation.id, receipt: try await contract.effect(context, image: image, key: key))
            }
        case .observe(let operation, let image, let receipt, let isUndo):
            var kept: JSONValue?
            if let image { kept = try self.image(image) }
            let before = kept
            return await calling(operation) { (contract, context) async throws(StepFailure) in
                .observed(
                    operation.id,
                    try await contract.observe(context, image: before, receipt: receipt, isUndo: isUndo))
            }
        case .undo(let operation, let image, let receipt, let overwrite):
            let image = try self.image(image)
            return await calling(operation) { (contract, context) async throws(StepFailure) in
                try await contract.undo(context, image: image, receipt: receipt, overwriteForeign: overwrite)
                return .undone(operation.id)
            }
        case .ask(let operation, let request):
            return .answered(operation.id, await ports.approver.decide(request))
        case .readWeights(let operation): return await readWeights(operation)
        case .sleep(let milliseconds, let why):
            await sleep(milliseconds, why)
            return .woke
        case .append, .publishHead, .finish: return .woke
        }
    }

    private func capture(_ operation: PlannedOperation) async throws(JournalError) -> Event.Kind {
        let context = self.context
        guard let contract = StepKinds.contract(for: operation, context) else { return .woke }
        let found: Result<Capture, StepFailure> = await cancellable {
            await Result { () async throws(StepFailure) in try await contract.capture(context) }
        }
        switch found {
        case .success(.ready(let image, let seen)):
            // On disk before the intent that names it.
            let digest = try journal.saveImage(image.canonicalBytes)
            return .captured(operation.id, image: digest, seen: seen)
        case .success(.already(let observation)), .success(.foreign(let observation)):
            return .refusedCapture(operation.id, observation)
        case .failure(let failure):
            return .failed(operation.id, failure)
        }
    }

    private func calling(
        _ operation: PlannedOperation,
        _ body: @escaping @Sendable (any StepContract, StepContext) async throws(StepFailure) -> Event.Kind
    ) async -> Event.Kind {
        let context = self.context
        guard let contract = StepKinds.contract(for: operation, context) else { return .woke }
        return await cancellable {
            do throws(StepFailure) { return try await body(contract, context) } catch {
                return .failed(operation.id, error)
            }
        }
    }

    private func readWeights(_ operation: PlannedOperation) async -> Event.Kind {
        let routers = ports.routers
        let routes = document.plan.routes.map(\.name)
        return await cancellable {
            var weights: [String: Weights] = [:]
            for route in routes {
                do throws(RoutingError) { weights[route] = try await routers[route]?.read().weights } catch {
                    return .failed(operation.id, StepFailure(error, route: route))
                }
            }
            return .weightsRead(operation.id, weights)
        }
    }

    /// Runs a call that the second wish to stop cancels.
    ///
    /// Its answer is waited for in any case: it says whether the effect is in doubt.
    private func cancellable<Answer: Sendable>(_ call: @escaping @Sendable () async -> Answer) async -> Answer {
        let signals = ports.signals
        let task = Task { await call() }
        let watch = Task {
            await signals.reached(stage: 2)
            if !Task.isCancelled { task.cancel() }
        }
        let answer = await task.value
        watch.cancel()
        return answer
    }

    /// Waits, in pieces so that Leases are renewed, until the time is over or somebody wants to stop.
    private func sleep(_ milliseconds: Int64, _ why: String) async {
        ports.observer.waiting(why, progress: progress(nil))
        let signals = ports.signals
        guard signals.stage == 0 else { return }
        let clock = ports.clock
        let piece = min(milliseconds, 15_000)
        let nap = Task { await clock.sleep(for: .milliseconds(piece)) }
        let watch = Task {
            await signals.reached(stage: 1)
            nap.cancel()
        }
        await nap.value
        watch.cancel()
    }

    private func image(_ digest: Digest) throws(JournalError) -> JSONValue {
        let bytes = try journal.image(digest)
        guard let value = try? JSONValue(parsing: bytes) else {
            throw JournalError(.unreadable, "before-image \(digest) is not JSON")
        }
        return value
    }

    private var context: StepContext {
        let operations = engine.state.operations
        return StepContext(
            run: engine.state.run, planName: document.plan.name,
            clusters: [.blue: ports.blue, .green: ports.green], routers: ports.routers, objects: objects,
            fieldsOnGreen: fieldsOnGreen, awaitedOnGreen: awaitedOnGreen,
            stands: { id in
                switch operations[id]?.status {
                case .verified, .adopted, .applied: true
                default: false
                }
            })
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

extension Result {
    /// The result of an asynchronous call.
    fileprivate init(_ body: () async throws(Failure) -> Success) async {
        do throws(Failure) { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

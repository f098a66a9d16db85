import Manifests
import Planning
import Routing

/// Carries out single actions through the ports; keeps nothing between them, so that many may go on at once.
struct ActionWorker: Sendable {
    private let ports: RunPorts
    private let images: BeforeImages
    private let run: String
    private let planName: String
    private let routes: [String]
    private let objects: [ObjectReference: PlannedObject]
    private let fieldsOnGreen: [ObjectReference: [StepContext.FieldsOfStep]]
    private let awaitedOnGreen: [String: [ObjectReference]]
    private let ownWeights: [String: Set<Weights>]

    init(ports: RunPorts, document: PlanDocument, journal: any JournalStore, run: String) {
        self.ports = ports
        images = BeforeImages(journal: journal, key: ports.imageKey)
        self.run = run
        planName = document.plan.name
        routes = document.plan.routes.map(\.name)
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
        var weights: [String: Set<Weights>] = [:]
        for (_, step) in document.plan.steps {
            if case .route(let action) = step.action { weights[action.route, default: []].insert(action.to) }
        }
        ownWeights = weights
    }

    /// The operations of the plan that set fields of an object on green.
    func changesOnGreen(of object: ObjectReference) -> [OperationID] {
        (fieldsOnGreen[object] ?? []).map { OperationID(step: $0.step, target: .object(object)) }
    }

    /// Carries out one action and says what came of it.
    ///
    /// - Parameter standing: which changes of fields on green are in force, for comparisons.
    func carryOut(_ action: Action, standing: Set<OperationID>) async -> AnswerBox.Answer {
        do throws(JournalError) { return AnswerBox.Answer(try await answer(action, standing)) } catch {
            guard error.code == .sealed, let operation = action.operation else { return AnswerBox.Answer(error) }
            var failure = StepFailure(.permanent, error.message)
            failure.isSealed = true
            return AnswerBox.Answer(.failed(operation, failure))
        }
    }

    private func answer(_ action: Action, _ standing: Set<OperationID>) async throws(JournalError) -> Event.Kind {
        switch action {
        case .capture(let operation): return try await capture(operation)
        case .effect(let operation, let image, let key):
            let image = try images.image(image)
            return await calling(operation) { (contract, context) async throws(StepFailure) in
                let done = try await contract.effect(context, image: image, key: key)
                return .acknowledged(operation.id, receipt: done.receipt, seen: done.seen)
            }
        case .observe(let operation, let image, let receipt, let isUndo):
            var kept: JSONValue?
            if let image { kept = try images.image(image) }
            let before = kept
            return await calling(operation, standing) { (contract, context) async throws(StepFailure) in
                .observed(
                    operation.id,
                    try await contract.observe(context, image: before, receipt: receipt, isUndo: isUndo))
            }
        case .undo(let operation, let image, let receipt, let overwrite):
            let image = try images.image(image)
            return await calling(operation) { (contract, context) async throws(StepFailure) in
                try await contract.undo(context, image: image, receipt: receipt, overwriteForeign: overwrite)
                return .undone(operation.id)
            }
        case .ask(let operation, let request):
            return .answered(operation.id, await ports.approver.decide(request))
        case .measure(let operation, let round): return await measure(operation, round)
        case .readWeights(let operation): return await readWeights(operation)
        case .countConnections(let routes): return await countConnections(routes)
        case .sleep(let milliseconds, _):
            await sleep(milliseconds)
            return .woke
        case .append, .publishHead, .finish: return .woke
        }
    }

    private func capture(_ operation: PlannedOperation) async throws(JournalError) -> Event.Kind {
        let context = context([])
        guard let contract = StepKinds.contract(for: operation, context) else { return .woke }
        let found = await cancellable {
            do throws(StepFailure) { return Found(capture: try await contract.capture(context)) } catch {
                return Found(failure: error)
            }
        }
        switch found.capture {
        case .ready(let image, let seen):
            // On disk before the intent that names it.
            return .captured(operation.id, image: try images.keep(image, of: operation.id.object), seen: seen)
        case .already(let observation), .foreign(let observation):
            return .refusedCapture(operation.id, observation)
        case nil:
            return .failed(operation.id, found.failure ?? StepFailure(.permanent, "no answer"))
        }
    }

    private struct Found: Sendable {
        var capture: Capture?
        var failure: StepFailure?
    }

    private func calling(
        _ operation: PlannedOperation, _ standing: Set<OperationID> = [],
        _ body: @escaping @Sendable (any StepContract, StepContext) async throws(StepFailure) -> Event.Kind
    ) async -> Event.Kind {
        let context = context(standing)
        guard let contract = StepKinds.contract(for: operation, context) else { return .woke }
        return await cancellable {
            do throws(StepFailure) { return try await body(contract, context) } catch {
                return .failed(operation.id, error)
            }
        }
    }

    /// Asks what a round asks, several at once where the order of answers need not be repeatable.
    private func measure(_ operation: PlannedOperation, _ round: ProbeRound) async -> Event.Kind {
        let prober = ports.prober
        let width = ports.worksInTurn ? 1 : 16
        return await cancellable {
            .measured(
                operation.id,
                await round.carryOut(
                    with: prober, wave: operation.wave, gate: operation.step.id, width: width))
        }
    }

    private func countConnections(_ names: [String]) async -> Event.Kind {
        let routers = ports.routers
        return await cancellable {
            var open: [String: OpenConnections] = [:]
            // What cannot be counted now is not waited for.
            for name in names { open[name] = (try? await routers[name]?.openConnections()) ?? nil }
            return .connectionsCounted(open)
        }
    }

    private func readWeights(_ operation: PlannedOperation) async -> Event.Kind {
        let routers = ports.routers
        let routes = routes
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
    private func sleep(_ milliseconds: Int64) async {
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

    private func context(_ standing: Set<OperationID>) -> StepContext {
        StepContext(
            run: run, planName: planName, clusters: [.blue: ports.blue, .green: ports.green],
            routers: ports.routers, objects: objects, fieldsOnGreen: fieldsOnGreen, awaitedOnGreen: awaitedOnGreen,
            ownWeights: ownWeights, standing: standing)
    }
}

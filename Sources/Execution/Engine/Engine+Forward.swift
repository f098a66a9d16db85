import Manifests
import Planning

// Going forward: E3's table from `pending` to `verified`.
extension Engine {
    /// The next actions on the way forward: as many operations of the step at hand as there is room for.
    mutating func nextForward() -> [Action] {
        while cursor < operations.count, isDone(operations[cursor]) { cursor += 1 }
        guard cursor < operations.count else {
            guard inFlight.isEmpty else { return [] }
            record(.end(outcome: "succeeded", head: state.head))
            return [.publishHead, .finish(.succeeded)]
        }
        var lane = Lane()
        var index = cursor
        while index < min(operations.count, cursor + policy.horizon), inFlight.count < policy.width,
            PlannedOperation.mayOverlap(operations[cursor], operations[index])
        {
            let operation = operations[index]
            index += 1
            if inFlight[operation.id] != nil || isDone(operation) { continue }
            lane.take(advance(operation))
        }
        // What was only recorded as done may let the next step begin.
        if lane.isEmpty, inFlight.isEmpty, cursor < operations.count, isDone(operations[cursor]) {
            return nextForward()
        }
        return lane.actions(isAlone: inFlight.isEmpty)
    }

    private func isDone(_ operation: PlannedOperation) -> Bool {
        state.operations[operation.id]?.isDone ?? false
    }

    /// The next action of one operation that is neither done nor in flight.
    private mutating func advance(_ operation: PlannedOperation) -> [Action] {
        guard let known = state.operations[operation.id], known.status != .undone else { return begin(operation) }
        switch known.status {
        case .conflicted:
            return begin(operation)
        case .failed where known.image == nil:
            return begin(operation)
        case .waitingRetry:
            if let wait = retryWait(known) { return [wait] }
            return effect(operation, known)
        case .intended where fresh.contains(operation.id):
            // Recorded by this process a moment ago: there is nothing to doubt yet.
            fresh.remove(operation.id)
            return effect(operation, known)
        case .intended where mutation == .trustIntent:
            record(.stepVerified(operation, nil))
            return []
        case .intended where mutation == .recaptureOnResume:
            return expect(.capture(operation), .look, operation)
        default:
            return look(operation, known, isUndo: false)
        }
    }

    /// Starts an operation of which this pass has no record yet.
    private mutating func begin(_ operation: PlannedOperation) -> [Action] {
        if let wait = lookWait(operation) { return [wait] }
        switch operation.step.action {
        case .apply, .setFields, .route: return expect(.capture(operation), .look, operation)
        case .waitReady, .verify: return look(operation, nil, isUndo: false)
        case .checkpoint: return expect(.readWeights(operation), .look, operation)
        case .measure(let action):
            return measure(operation, action.probe, seconds: action.seconds, side: .blue)
        case .gate(let gate): return ask(operation, gate)
        }
    }

    /// Takes in the answer to an action of the way forward.
    mutating func answerForward(_ operation: PlannedOperation, _ kind: Event.Kind, to call: Call) -> Action.Ending? {
        let known = state.operations[operation.id]
        switch kind {
        case .captured(let id, let image, let seen):
            failedLooks[id] = nil
            // Asked to stop meanwhile: an intent without an effect would only leave a doubt behind.
            guard !isLeaving, let digest = stepDigests[operation.step.id] else { return nil }
            record(
                .stepIntent(
                    operation, pass: state.pass, key: key(of: operation), image: image, stepDigest: digest, seen: seen))
            fresh.insert(id)
        case .refusedCapture(_, let observation):
            // A cutover step that somebody else took would not be taken back with the others.
            if observation.answer == .after, operation.step.undoPhase == .reverse {
                record(.stepAdopted(operation, observation))
                return nil
            }
            record(.stepConflict(operation, observation))
            return halt(
                "foreign",
                "\(operation.id): somebody else's value stands there; nothing was written"
                    + ThreeWay.places(observation.difference), operation,
                difference: observation.difference)
        case .acknowledged(let id, let receipt, let seen):
            record(.stepAck(operation, receipt: receipt))
            // The answer to a write may show already what stands there now.
            if let seen { return observedForward(operation, state.operations[id], seen) }
        case .observed(let id, let observation):
            failedLooks[id] = nil
            return observedForward(operation, known, observation)
        case .failed(_, let failure):
            return call == .write
                ? failedWrite(operation, known, failure) : failedLook(operation, failure)
        case .answered(_, let decision):
            return answered(operation, decision)
        case .measured(_, let figures):
            return measured(operation, figures)
        case .weightsRead(let id, let weights):
            failedLooks[id] = nil
            let images = state.effects.compactMap { $0.image?.description }
            guard case .checkpoint(let action) = operation.step.action else { return nil }
            record(
                .checkpoint(
                    operation, name: action.checkpoint, weights: weights, quieted: quietedOnBlue,
                    verified: state.operations.values.count { $0.isDone },
                    images: Digest(of: .array(images.map(JSONValue.string))), head: state.head))
        default: break
        }
        return nil
    }

    private mutating func observedForward(
        _ operation: PlannedOperation, _ known: OperationState?, _ observation: Observation
    ) -> Action.Ending? {
        if !operation.step.action.hasEffect { return waited(operation, observation) }
        guard let known else { return nil }
        switch (known.status, observation.answer) {
        case (_, .after) where observation.pending == nil:
            if known.status != .applied { record(.stepObserved(operation, observation)) }
            record(.stepVerified(operation, observation))
            waitingSince[operation.id] = nil
        case (_, .after):
            if known.status != .applied { record(.stepObserved(operation, observation)) }
            return poll(operation, observation.pending ?? "", deadline: policy.verifyDeadline)
        case (_, .foreign):
            record(.stepConflict(operation, observation))
            return halt(
                "foreign",
                "\(operation.id): somebody else's value stands there" + ThreeWay.places(observation.difference),
                operation,
                difference: observation.difference)
        case (.applied, .before), (.applied, .between):
            // Acknowledged, and yet it does not stand: somebody takes it back, or the write was lost.
            record(.stepObserved(operation, observation))
            return retryForward(operation, .conflict, "acknowledged, but it does not stand", atLeast: nil)
        case (_, .before), (_, .between):
            record(.stepObserved(operation, observation))
            return retryForward(operation, .server, "not in force yet", atLeast: nil)
        }
        return nil
    }

    /// An answer of a step that only waits or compares.
    private mutating func waited(_ operation: PlannedOperation, _ observation: Observation) -> Action.Ending? {
        if observation.answer == .after, observation.pending == nil {
            record(.stepVerified(operation, observation))
            waitingSince[operation.id] = nil
            return nil
        }
        if observation.answer == .foreign {
            let message =
                "\(operation.id): what stands on the cluster is not what was applied"
                + ThreeWay.places(observation.difference)
            record(.stepFailed(operation, message: message))
            return halt("verify-failed", message, operation, difference: observation.difference)
        }
        var deadline = policy.verifyDeadline
        if case .waitReady(let action) = operation.step.action { deadline = Int64(action.timeout) * 1_000 }
        return poll(operation, observation.pending ?? "not ready", deadline: deadline)
    }

    private mutating func poll(_ operation: PlannedOperation, _ pending: String, deadline: Int64) -> Action.Ending? {
        let since = waitingSince[operation.id] ?? now
        waitingSince[operation.id] = since
        guard now - since < deadline else {
            waitingSince[operation.id] = nil
            let message = "\(operation.id): still waiting after \(deadline / 1_000) s: \(pending)"
            record(.stepFailed(operation, message: message))
            return halt("timeout", message, operation)
        }
        lookNotBefore[operation.id] = now + policy.poll
        return nil
    }

    private mutating func failedWrite(
        _ operation: PlannedOperation, _ known: OperationState?, _ failure: StepFailure
    ) -> Action.Ending? {
        guard let known else { return nil }
        switch failure.kind {
        case .notSent, .throttled:
            return retryForward(operation, failure.kind, failure.message, atLeast: failure.retryAfter)
        case .server, .ambiguous, .conflict:
            if failure.kind == .conflict, known.conflicts >= policy.conflicts {
                return fail(operation, "foreign", "another writer came between \(known.conflicts) times: \(failure)")
            }
            record(.stepDoubt(operation, failure))
            lookNotBefore[operation.id] = now + policy.backoff(attempt: 1, chance: chance, atLeast: nil)
            return nil
        case .permanent:
            return fail(operation, "failed", failure.message)
        }
    }

    /// Looking again is always safe; a look that fails changes nothing about the operation until the budget is spent.
    private mutating func failedLook(_ operation: PlannedOperation, _ failure: StepFailure) -> Action.Ending? {
        let count = (failedLooks[operation.id] ?? 0) + 1
        failedLooks[operation.id] = count
        if failure.kind == .permanent || count >= policy.attempts {
            failedLooks[operation.id] = nil
            return fail(operation, "failed", failure.message)
        }
        lookNotBefore[operation.id] =
            now + policy.backoff(attempt: count, chance: chance, atLeast: failure.retryAfter)
        return nil
    }

    private mutating func retryForward(
        _ operation: PlannedOperation, _ kind: StepFailure.Kind, _ message: String, atLeast: Duration?
    ) -> Action.Ending? {
        let attempt = state.operations[operation.id]?.attempt ?? 1
        let left = policy.attempts - (attempt - (budgetFrom[operation.id] ?? 0))
        guard left > 0 else { return fail(operation, "failed", message) }
        let wait = policy.backoff(attempt: attempt, chance: chance, atLeast: atLeast)
        record(
            .stepRetry(
                operation, kind: kind, message: message, attempt: attempt + 1, notBefore: moment.wall + wait,
                left: left - 1))
        retryNotBefore[operation.id] = now + wait
        return nil
    }

    mutating func fail(_ operation: PlannedOperation, _ code: String, _ message: String) -> Action.Ending {
        record(.stepFailed(operation, message: message))
        return halt(code, "\(operation.id): \(message)", operation)
    }

    private mutating func effect(_ operation: PlannedOperation, _ known: OperationState) -> [Action] {
        guard let image = known.image else { return [] }
        return expect(.effect(operation, image: image, key: key(of: operation)), .write, operation)
    }

    /// The action, and that its answer is awaited.
    mutating func expect(_ action: Action, _ call: Call, _ operation: PlannedOperation) -> [Action] {
        inFlight[operation.id] = call
        return [action]
    }

    /// A look, or the wait until it is due.
    mutating func look(_ operation: PlannedOperation, _ known: OperationState?, isUndo: Bool) -> [Action] {
        if let wait = lookWait(operation) { return [wait] }
        return expect(
            .observe(operation, image: known?.image, receipt: known?.receipt ?? [:], isUndo: isUndo), .look, operation)
    }

    private mutating func lookWait(_ operation: PlannedOperation) -> Action? {
        guard let notBefore = lookNotBefore[operation.id] else { return nil }
        if notBefore > now {
            let object = operation.id.object.map { ": \($0)" } ?? ""
            return .sleep(milliseconds: notBefore - now, why: operation.step.title + object)
        }
        lookNotBefore[operation.id] = nil
        return nil
    }

    /// The wait until the next attempt, when it is not due yet.
    ///
    /// Another process left only wall times behind, and a clock may have been set since: never longer than the cap.
    mutating func retryWait(_ known: OperationState) -> Action? {
        let left = (known.notBefore ?? moment.wall) - moment.wall
        let due = retryNotBefore[known.id] ?? now + min(left, policy.cap)
        retryNotBefore[known.id] = due
        return due > now ? .sleep(milliseconds: due - now, why: known.message ?? "trying again") : nil
    }

    /// Effects on blue that put work to sleep and still stand.
    private var quietedOnBlue: Int {
        operations.count { operation in
            operation.step.undoPhase == .wakeBlue && operation.writesTo == .blue
                && state.operations[operation.id]?.mayHaveEffect == true
        }
    }

    /// Marks what the operation writes: the same for all attempts of a pass, another one in the next pass.
    func key(of operation: PlannedOperation) -> String {
        StepKey(run: state.run, step: operation.step.id, pass: state.pass).description
    }
}

import Manifests
import Planning

// Going back. A dead green never blocks it (amendment A1): what green cannot be told now is owed.
extension Engine {
    /// The next actions on the way back: as many operations at once as may overlap and as there is room for.
    mutating func nextBack() -> [Action] {
        while undoCursor < undoQueue.count, isSettled(undoQueue[undoCursor]) { undoCursor += 1 }
        guard undoCursor < undoQueue.count else {
            return inFlight.isEmpty ? [.publishHead, .finish(endOfWayBack())] : []
        }
        if let wait = drain(before: undoQueue[undoCursor]) { return wait }
        var lane = Lane()
        var index = undoCursor
        while index < min(undoQueue.count, undoCursor + policy.horizon), inFlight.count < policy.width,
            mayOverlapBack(undoQueue[undoCursor], undoQueue[index])
        {
            let operation = undoQueue[index]
            index += 1
            if inFlight[operation.id] != nil || isSettled(operation) { continue }
            lane.take(advanceBack(operation))
        }
        // What is only owed lets the next ones begin.
        if lane.isEmpty, inFlight.isEmpty, isSettled(undoQueue[undoCursor]) { return nextBack() }
        return lane.actions(isAlone: inFlight.isEmpty)
    }

    /// While one workload of green ends, the others may begin to: all together take as long as the slowest.
    private func mayOverlapBack(_ first: PlannedOperation, _ other: PlannedOperation) -> Bool {
        if PlannedOperation.mayOverlap(first, other) { return true }
        return first.wave == other.wave && first.step.undoPhase == .quiesceGreen
            && other.step.undoPhase == .quiesceGreen
    }

    /// Whether nothing is left to do about it in this process.
    private func isSettled(_ operation: PlannedOperation) -> Bool {
        guard let known = state.operations[operation.id], known.mayHaveEffect else { return true }
        if mutation == .undoOnlyVerified, known.status != .verified, known.status != .undoing { return true }
        return known.status == .owed && owedNow.contains(operation.id)
    }

    /// The next action of one operation that is neither settled nor in flight.
    private mutating func advanceBack(_ operation: PlannedOperation) -> [Action] {
        guard let known = state.operations[operation.id] else { return [] }
        if state.isDegraded, operation.writesTo == .green {
            owe(operation, "green is out of reach")
            return []
        }
        guard known.status == .undoing else {
            record(.undoIntent(operation, attempt: known.undoAttempt + 1))
            return look(operation, state.operations[operation.id], isUndo: true)
        }
        if let wait = retryWait(known) { return [wait] }
        return look(operation, known, isUndo: true)
    }

    private mutating func endOfWayBack() -> Action.Ending {
        guard let rollback = state.rollback else { return .rolledBack }
        let owed = state.owed.filter(rollback.covers).count
        var place = rollback.target.description
        if case .checkpoint(let name) = rollback.target { place = name }
        if owed == 0, rollback.isComplete {
            record(.end(outcome: "rolled-back", head: state.head))
            return .rolledBack
        }
        record(.pause(at: place, owed: owed))
        return .paused(at: place, owed: owed, because: reasonToReturn)
    }

    /// Takes in the answer to an action of the way back.
    mutating func answerBack(_ operation: PlannedOperation, _ kind: Event.Kind, to call: Call) -> Action.Ending? {
        switch kind {
        case .observed(_, let observation):
            heard(operation)
            return observedBack(operation, observation)
        case .undone(let id):
            heard(operation)
            undoWritten.insert(id)
            return nil
        case .failed(_, let failure):
            return failedBack(operation, failure)
        default:
            return nil
        }
    }

    private mutating func heard(_ operation: PlannedOperation) {
        failedLooks[operation.id] = nil
        if operation.writesTo == .green { greenFailures = 0 }
    }

    private mutating func observedBack(_ operation: PlannedOperation, _ observation: Observation) -> Action.Ending? {
        let id = operation.id
        let overwrites = state.rollback?.overwriteForeign.contains(operation.step.id) ?? false
        switch observation.answer {
        case .before where observation.pending == nil:
            return settle(operation, observation)
        case .before:
            return pollBack(operation, observation)
        case .foreign where !overwrites:
            let message = "\(id): somebody else changed it since; it is left as it is"
            record(.undoFailed(operation, message: message, difference: observation.difference))
            return halt("foreign", message, operation, difference: observation.difference)
        case .after, .between, .foreign:
            if observation.isGone, undoWritten.contains(id) {
                record(.note(code: "gone", message: "\(id): is not there any more, so nothing was written back"))
                return settle(operation, observation)
            }
            if undoWritten.contains(id), observation.pending != nil { return pollBack(operation, observation) }
            if operation.step.undoPhase == .traffic, let pending = observation.pending, !undoWritten.contains(id),
                waitsForBlue(operation, pending)
            {
                return nil
            }
            if undoWritten.remove(id) != nil {
                return retryBack(operation, "written back, but it does not stand", atLeast: nil)
            }
            guard let known = state.operations[id], let image = known.image else { return nil }
            var receipt = known.receipt
            if receipt.isEmpty { receipt = observation.receipt }
            queued.append(
                (id, .undo(operation, image: image, receipt: receipt, overwriteForeign: overwrites)))
            return nil
        }
    }

    /// Whether users stay where they are for a moment longer: never for long, and not at all when green is gone.
    private mutating func waitsForBlue(_ operation: PlannedOperation, _ pending: String) -> Bool {
        let since = waitingSince[operation.id] ?? now
        waitingSince[operation.id] = since
        if !state.isDegraded, now - since < policy.blueDeadline {
            lookNotBefore[operation.id] = now + policy.poll
            return true
        }
        waitingSince[operation.id] = nil
        record(
            .note(code: "blue-not-ready", message: "\(operation.id): users go back all the same, though \(pending)"))
        return false
    }

    private mutating func settle(_ operation: PlannedOperation, _ observation: Observation) -> Action.Ending? {
        record(.undoVerified(operation, observation))
        undoWritten.remove(operation.id)
        waitingSince[operation.id] = nil
        return nil
    }

    /// Waits until what was written back is in force, within bounds.
    private mutating func pollBack(_ operation: PlannedOperation, _ observation: Observation) -> Action.Ending? {
        let since = waitingSince[operation.id] ?? now
        waitingSince[operation.id] = since
        let pending = observation.pending ?? ""
        let isQuiescing = operation.step.undoPhase == .quiesceGreen
        guard now - since < (isQuiescing ? policy.quiesceDeadline : policy.undoDeadline) else {
            waitingSince[operation.id] = nil
            if state.isDegraded || isQuiescing, observation.answer == .before {
                // Green is gone, or told to sleep and unable to: users do not wait for it any longer. And a blue that
                // is still coming up is better than no answer at all.
                record(.note(code: "not-ready-yet", message: "\(operation.id): \(pending)"))
                return settle(operation, observation)
            }
            let message = "\(operation.id): still waiting after \(policy.undoDeadline / 1_000) s: \(pending)"
            record(.undoFailed(operation, message: message, difference: nil))
            return halt("undo-failed", message, operation)
        }
        lookNotBefore[operation.id] = now + policy.poll
        return nil
    }

    private mutating func failedBack(_ operation: PlannedOperation, _ failure: StepFailure) -> Action.Ending? {
        undoWritten.remove(operation.id)
        if failure.isSealed {
            owe(operation, failure.message)
            return nil
        }
        if operation.writesTo == .green, failure.meansOutOfReach {
            greenFailures += 1
            if greenFailures >= policy.outOfReachAttempts || failure.isRefused {
                record(.note(code: "green-out-of-reach", message: failure.message))
                owe(operation, failure.message)
                return nil
            }
        }
        if failure.kind == .permanent, operation.step.undoPhase == .quiesceGreen, operation.writesTo == .green {
            // Users do not wait for a green that refuses to sleep.
            owe(operation, failure.message)
            return nil
        }
        if failure.kind == .permanent {
            record(.undoFailed(operation, message: failure.message, difference: nil))
            return halt("undo-failed", "\(operation.id): \(failure.message)", operation)
        }
        return retryBack(operation, failure.message, atLeast: failure.retryAfter)
    }

    private mutating func retryBack(
        _ operation: PlannedOperation, _ message: String, atLeast: Duration?
    )
        -> Action.Ending?
    {
        let attempt = state.operations[operation.id]?.undoAttempt ?? 1
        let spent = attempt - (undoBudgetFrom[operation.id] ?? 0)
        guard spent < policy.undoAttempts else {
            record(.undoFailed(operation, message: message, difference: nil))
            return halt("undo-failed", "\(operation.id): \(message)", operation)
        }
        let wait = policy.backoff(attempt: spent, chance: chance, atLeast: atLeast)
        record(
            .undoRetry(
                operation, message: message, attempt: attempt + 1, notBefore: moment.wall + wait,
                left: policy.undoAttempts - spent - 1))
        retryNotBefore[operation.id] = now + wait
        return nil
    }

    private mutating func owe(_ operation: PlannedOperation, _ message: String) {
        record(.undoOwed(operation, message: message))
        owedNow.insert(operation.id)
    }
}

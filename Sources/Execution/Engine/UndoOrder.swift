import Planning

/// What a rollback undoes, and in which order.
enum UndoOrder {
    /// Every operation with an intent that the rollback covers, in-doubt ones included: first what users need, of all
    /// waves, then what is only taken away; waves in reverse; inside a wave the phases of ``UndoPhase`` in turn; inside
    /// a phase the exact reverse of the recorded intents.
    ///
    /// A route goes back in one jump: the first of its changes that is undone leads to where the rollback goes, so that
    /// one comes first, and the others, behind everything that users need, find nothing left to do.
    ///
    /// Taking away may stop at somebody's edit or at a finalizer. No user of another wave may be left waiting for that.
    static func sequence(
        _ operations: [PlannedOperation], _ state: RunState, _ rollback: Rollback
    )
        -> [PlannedOperation]
    {
        var waveRank: [String: Int] = [:]
        for operation in operations where waveRank[operation.wave] == nil {
            waveRank[operation.wave] = waveRank.count
        }
        let covered: [(operation: PlannedOperation, intent: Int)] = operations.compactMap { operation in
            guard let known = state.operations[operation.id], known.mayHaveEffect, rollback.covers(known) else {
                return nil
            }
            return (operation, known.sequence)
        }
        var firstOfRoute: [OperationID.Target: Int] = [:]
        for (operation, intent) in covered where operation.step.undoPhase == .traffic {
            firstOfRoute[operation.id.target] = min(intent, firstOfRoute[operation.id.target] ?? intent)
        }
        func urgency(_ covered: (operation: PlannedOperation, intent: Int)) -> Int {
            if covered.operation.step.undoPhase == .reverse { return 2 }
            return covered.intent > firstOfRoute[covered.operation.id.target] ?? covered.intent ? 1 : 0
        }
        return covered.sorted { lhs, rhs in
            let urgencies = (urgency(lhs), urgency(rhs))
            if urgencies.0 != urgencies.1 { return urgencies.0 < urgencies.1 }
            let left = waveRank[lhs.operation.wave] ?? 0
            let right = waveRank[rhs.operation.wave] ?? 0
            if left != right { return left > right }
            if lhs.operation.step.undoPhase != rhs.operation.step.undoPhase {
                return lhs.operation.step.undoPhase < rhs.operation.step.undoPhase
            }
            return lhs.intent > rhs.intent
        }.map(\.operation)
    }

    /// The rollback that a target means for this run, or why there is none.
    static func rollback(
        to target: RollbackTarget, plan: Plan, state: RunState, overwriteForeign: Set<String>
    )
        throws(RefusedRollback) -> Rollback
    {
        switch target {
        case .checkpoint(let name):
            guard let mark = state.checkpoints.last(where: { $0.name == name }) else {
                let known = state.checkpoints.map(\.name).joined(separator: ", ")
                throw RefusedRollback(
                    message: "run \(state.run) is not behind a checkpoint '\(name)'; it is behind: "
                        + (known.isEmpty ? "none" : known))
            }
            let first = plan.steps.lazy.compactMap { pair -> String? in
                if case .checkpoint(let action) = pair.step.action { action.checkpoint } else { nil }
            }.first
            return Rollback(
                target: target, scope: Rollback.Scope(cut: mark.sequence, waves: Set(plan.waves.map(\.name))),
                overwriteForeign: overwriteForeign, isComplete: name == first)
        case .wave(let name):
            guard plan.waves.contains(where: { $0.name == name }) else {
                throw RefusedRollback(
                    message: "the plan has no wave '\(name)'; it has: "
                        + plan.waves.map(\.name).joined(separator: ", "))
            }
            return Rollback(
                target: target, scope: Rollback.Scope(cut: nil, waves: dependents(of: name, in: plan)),
                overwriteForeign: overwriteForeign, isComplete: false)
        }
    }

    /// The wave and everything that depends on it, by waves or by steps, over any number of hops.
    static func dependents(of wave: String, in plan: Plan) -> Set<String> {
        var found: Set<String> = [wave]
        var waveOfStep: [String: String] = [:]
        for (wave, step) in plan.steps { waveOfStep[step.id] = wave.name }
        var grew = true
        while grew {
            grew = false
            for candidate in plan.waves where !found.contains(candidate.name) {
                let needs = candidate.dependsOn + candidate.steps.flatMap(\.dependsOn).compactMap { waveOfStep[$0] }
                if needs.contains(where: found.contains) {
                    found.insert(candidate.name)
                    grew = true
                }
            }
        }
        return found
    }
}

/// Why a rollback cannot be begun.
struct RefusedRollback: Error, Sendable, CustomStringConvertible {
    var message: String

    var description: String { message }
}

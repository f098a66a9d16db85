/// Which steps are undone, and in which order, to get back: for a person who asks, for the rollback table, and for the
/// engine that does it.
///
/// Pure: the plan and what was done are all it looks at.
///
/// Rules: first what users need, of all waves, then what is only taken away; the waves in reverse plan order (dependents
/// stand behind what they depend on); inside a wave the phases in the order of ``UndoPhase``; inside a phase the exact
/// reverse of the recorded intents. A route goes back in one jump: undoing the first of its changes leads to where it
/// goes, and stands for the others. Only steps with an effect are undone, and every step with an *intent* is, also when
/// nobody knows whether it took effect.
public enum WayBack {
    /// What to undo to reach a checkpoint; nil when the plan has no such checkpoint.
    ///
    /// The cut is where the checkpoint was recorded: when its step stands in `done`, everything behind its last
    /// occurrence goes, which stays right when a wave was taken back and done again later. When it does not (it was
    /// never reached), the place in the plan decides.
    ///
    /// - Parameters:
    ///   - plan: the plan that was run.
    ///   - done: ids of steps in the order of their intents; ids of steps without effect (checkpoints) may stand
    ///     among them. A step done again after it was undone counts where it stands last.
    ///   - checkpoint: the checkpoint's name, such as `before-cutover-front`.
    public static func undoSequence(plan: Plan, done: [String], to checkpoint: String) -> [String]? {
        let steps = plan.steps
        guard let cut = steps.firstIndex(where: { $0.step.checkpointName == checkpoint }) else { return nil }
        if let recorded = done.lastIndex(of: steps[cut].step.id) {
            return ordered(plan: plan, done: done, undoing: Set(done[(recorded + 1)...]))
        }
        return ordered(plan: plan, done: done, undoing: Set(steps[(cut + 1)...].map(\.step.id)))
    }

    /// What to undo to take one wave back, together with every wave that depends on it; nil when there is no such
    /// wave.
    public static func undoSequence(plan: Plan, done: [String], wave: String) -> [String]? {
        guard plan.waves.contains(where: { $0.name == wave }) else { return nil }
        let waves = Set(wavesUndone(with: wave, in: plan))
        let ids = plan.waves.filter { waves.contains($0.name) }.flatMap(\.steps).map(\.id)
        return ordered(plan: plan, done: done, undoing: Set(ids))
    }

    /// The wave and every wave that depends on it, directly or through others, in the order of undoing.
    public static func wavesUndone(with wave: String, in plan: Plan) -> [String] {
        var names: Set<String> = [wave]
        // Waves stand behind what they depend on, so one pass finds them all.
        for candidate in plan.waves where !names.isDisjoint(with: candidate.dependsOn) { names.insert(candidate.name) }
        return plan.waves.reversed().map(\.name).filter(names.contains)
    }

    private static func ordered(plan: Plan, done: [String], undoing ids: Set<String>) -> [String] {
        var lastIntent: [String: Int] = [:]
        for (index, id) in done.enumerated() { lastIntent[id] = index }
        let sequence = plan.waves.reversed().flatMap { wave in
            wave.steps
                .filter { $0.action.hasEffect && ids.contains($0.id) && lastIntent[$0.id] != nil }
                .sorted { first, second in
                    first.undoPhase != second.undoPhase
                        ? first.undoPhase < second.undoPhase
                        : (lastIntent[first.id] ?? 0) > (lastIntent[second.id] ?? 0)
                }
        }
        var firstOfRoute: [String: Int] = [:]
        for step in sequence {
            guard let route = step.routeName, let intent = lastIntent[step.id] else { continue }
            firstOfRoute[route] = min(intent, firstOfRoute[route] ?? intent)
        }
        let needed = sequence.filter { step in
            step.routeName.map { firstOfRoute[$0] == lastIntent[step.id] } ?? true
        }
        return (needed.filter { $0.undoPhase != .reverse } + needed.filter { $0.undoPhase == .reverse }).map(\.id)
    }
}

extension Step {
    /// The route whose weights this step changes, nil for other steps.
    fileprivate var routeName: String? {
        if case .route(let action) = action { action.route } else { nil }
    }

    /// The name of the checkpoint that this step records, nil for other steps.
    public var checkpointName: String? {
        if case .checkpoint(let checkpoint) = action { checkpoint.checkpoint } else { nil }
    }
}

import Manifests
import Planning

extension Runner {
    /// Why a run that comes from a mirror must not go forward from where its journal ends; nil when it may.
    ///
    /// The way back does not wait for the mirror. So the mirror may tell of steps that were taken back since, and going
    /// forward on them would wake on green what runs on blue. Every effect is looked at once; where one does not stand,
    /// the way forward begins behind a rollback to before it, which finds what was taken back already and changes
    /// nothing there.
    func undoneSince(
        _ state: RunState, _ document: PlanDocument, _ journal: any JournalStore
    ) async -> RunOutcome? {
        let known = Dictionary(
            PlannedOperation.all(of: document.plan).map { ($0.id, $0) }
        ) { first, _ in first }
        let worker = ActionWorker(ports: ports, document: document, journal: journal, run: state.run)
        var undone: [OperationState] = []
        for group in Self.standing(state).chunked(by: ports.worksInTurn ? 1 : policy.width) {
            let looks = await withTaskGroup(of: (OperationState, AnswerBox.Answer).self) { tasks in
                for effect in group {
                    guard let operation = known[effect.id] else { continue }
                    let look = Action.observe(operation, image: effect.image, receipt: effect.receipt, isUndo: false)
                    tasks.addTask { (effect, await worker.carryOut(look, standing: [])) }
                }
                var looks: [(OperationState, AnswerBox.Answer)] = []
                for await look in tasks { looks.append(look) }
                return looks
            }
            for (effect, answer) in looks {
                do throws(JournalError) {
                    switch try answer.get() {
                    case .observed(_, let observation):
                        if observation.answer == .before { undone.append(effect) }
                    case .failed(_, let failure):
                        return Self.unreachable("\(effect.id) cannot be looked at: \(failure.message)", state)
                    default: break
                    }
                } catch { return Self.outcome(error, run: state.run) }
            }
        }
        guard let first = undone.min(by: { $0.sequence < $1.sequence }) else { return nil }
        let target = state.checkpoints.last { $0.sequence < first.sequence }?.name ?? state.checkpoints.first?.name
        let problem = PreflightProblem(
            .undoneSince, place: "\(first.id)",
            message: "was taken back since the mirror was written, with \(undone.count - 1) more",
            remedy: "go back to before it first, then forward")
        return RunOutcome(
            .refused, run: state.run, message: problem.description, state: state, problems: [problem],
            next: [
                "kirikae rollback \(state.run)" + (target.map { " --to \($0)" } ?? ""), "kirikae resume \(state.run)",
            ])
    }

    /// The effects that the journal takes to stand; of a route's changes the last one only.
    private static func standing(_ state: RunState) -> [OperationState] {
        var lastOfRoute: [OperationID.Target: Int] = [:]
        let effects = state.effects.filter { $0.status == .verified || $0.status == .applied }
        for effect in effects { lastOfRoute[effect.id.target] = effect.sequence }
        return effects.filter { effect in
            if case .route = effect.id.target { return lastOfRoute[effect.id.target] == effect.sequence }
            return true
        }
    }
}

extension Array {
    fileprivate func chunked(by size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}

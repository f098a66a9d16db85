import Manifests
import Routing

/// The rollback table: after each checkpoint, what runs where, and what going back to it would undo.
enum WayBackTable {
    /// One row per checkpoint, in plan order.
    static func entries(for plan: Plan) -> [WayBackEntry] {
        let done = plan.steps.filter { $0.step.action.hasEffect }.map(\.step.id)
        let lossy = Dictionary(
            plan.steps.map { ($0.step.id, loss(of: $0.step)) }, uniquingKeysWith: { first, _ in first })
        return plan.steps.compactMap { wave, step -> WayBackEntry? in
            guard let name = step.checkpointName,
                let undoes = WayBack.undoSequence(plan: plan, done: done, to: name)
            else { return nil }
            var notRestored: [String] = []
            for text in undoes.compactMap({ lossy[$0] ?? nil }) where !notRestored.contains(text) {
                notRestored.append(text)
            }
            return WayBackEntry(
                checkpoint: name, wave: wave.name, state: "\(step.title). \(state(of: plan, at: step.id))",
                undoes: undoes, notRestored: notRestored)
        }
    }

    /// Where the traffic of every route is once the step is reached, in a sentence.
    private static func state(of plan: Plan, at id: String) -> String {
        var weights: [String: String] = [:]
        for route in plan.routes { weights[route.name] = "blue 100 %" }
        var exclusive: Set<String> = []
        for (wave, step) in plan.steps {
            if step.id == id { break }
            switch step.action {
            case .route(let action): weights[action.route] = action.to.description
            case .setFields where step.undoPhase == .wakeBlue: exclusive.insert(wave.name)
            default: break
            }
        }
        let traffic = weights.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "; ")
        let moved = exclusive.sorted().joined(separator: ", ")
        return (traffic.isEmpty ? "No route is moved by this plan." : "Traffic: \(traffic).")
            + (moved.isEmpty ? " Exclusive work runs on blue." : " Exclusive work of \(moved) runs on green.")
    }

    private static func loss(of step: Step) -> String? {
        switch step.reversibility {
        case .reversible: nil
        case .compensated(let lossy): lossy
        case .irreversible: "\(step.title) cannot be taken back"
        }
    }
}

extension Wave {
    /// How long its gates and measurements take at least when everything is well, in seconds.
    public var leastGateSeconds: Int {
        steps.reduce(0) { sum, step in
            switch step.action {
            case .gate(let gate): sum + gate.leastSeconds
            case .measure(let action): sum + action.seconds
            default: sum
            }
        }
    }

    /// How its traffic returns, for people; nil when it moves none.
    public var returnWords: String? {
        guard steps.contains(where: { if case .route = $0.action { true } else { false } }) else { return nil }
        let hasExclusiveWork = steps.contains { $0.undoPhase == .wakeBlue || $0.undoPhase == .quiesceGreen }
        return hasExclusiveWork
            ? "traffic returns once exclusive work has ended on green and is awake on blue"
            : "traffic returns in one jump, within a second"
    }
}

public import Planning

/// What can be said before a way back about how long it takes until users are on blue.
public struct ReturnEstimate: Sendable, Hashable {
    /// Whether work that must run once has to end on green and begin on blue first.
    public var hasExclusiveWork = false
    /// Whether any route has to move.
    public var movesTraffic = false
    /// How long the same work took on the way forward; nil when that is not known.
    public var exclusiveMilliseconds: Int64?

    /// About undoing these operations, from what the run's journal says of the way forward.
    public init(undoing operations: [PlannedOperation], plan: Plan, records: [JournalRecord]) {
        var waves: Set<String> = []
        for operation in operations {
            switch operation.step.undoPhase {
            case .quiesceGreen, .wakeBlue: waves.insert(operation.wave)
            case .traffic: movesTraffic = true
            case .reverse: break
            }
        }
        hasExclusiveWork = !waves.isEmpty
        for wave in plan.waves where waves.contains(wave.name) {
            for phase in [UndoPhase.wakeBlue, .quiesceGreen] {
                guard let took = Self.milliseconds(of: phase, wave, records) else { continue }
                exclusiveMilliseconds = (exclusiveMilliseconds ?? 0) + took
            }
        }
    }

    /// From the first intent of that part of a cutover until what it waits for was there.
    private static func milliseconds(of phase: UndoPhase, _ wave: Wave, _ records: [JournalRecord]) -> Int64? {
        guard let first = wave.steps.firstIndex(where: { $0.undoPhase == phase }),
            let wait = wave.steps[first...].first(where: { if case .waitReady = $0.action { true } else { false } })
        else { return nil }
        var began: Int64?
        var took: Int64?
        for record in records {
            switch (record.entry.type, record.entry.text("step")) {
            case (.stepIntent, wave.steps[first].id): began = began ?? record.moment.monotonic
            case (.stepVerified, wait.id): took = began.map { (record.moment.monotonic - $0) / 1_000_000 }
            case (.runRollback, _): (began, took) = (nil, took)
            default: break
            }
        }
        return took
    }

    /// For people.
    public var text: String {
        guard hasExclusiveWork else {
            return movesTraffic
                ? "expected: traffic returns in one jump of each route, within a second"
                : "expected: no traffic has to move"
        }
        let time = exclusiveMilliseconds.map { "about \(max(1, ($0 + 500) / 1_000)) s, as on the way forward" }
        return "expected: what must run once ends on green and begins on blue first, "
            + (time ?? "which may take a while") + "; then traffic returns in one jump of each route"
    }
}

import Manifests
import Planning

// Gates that measure. Rounds of requests second by second, a verdict per interval; what this process measured is lost
// with it, and the interval is measured anew.
extension Engine {
    /// Who opens and closes gates in the journal where no person does.
    static let probePerson = "probe"

    /// The next action of measuring one side.
    mutating func measure(_ operation: PlannedOperation, _ probe: GateProbe, seconds: Int, side: Side) -> [Action] {
        let probe = probe.about(side)
        let interval = probe.interval(of: seconds)
        let begins = max(now, intervalEnd[operation.id] ?? now)
        let current = measuring[operation.id] ?? Measuring(probe, interval: interval, now: begins)
        measuring[operation.id] = current
        let due = current.begins + current.rounds * 1_000
        let isAsking = current.sent < current.planned && max(now, due) < current.ends
        let next = isAsking ? due : current.ends
        guard next <= now else {
            let seen = current.figures.samples > 0 ? ": " + current.figures.text(probe) : ""
            return [.sleep(milliseconds: next - now, why: operation.step.title + seen)]
        }
        let count = isAsking ? min(probe.http?.rate(over: interval) ?? 0, current.planned - current.sent) : 0
        measuring[operation.id]?.sent += count
        measuring[operation.id]?.rounds += 1
        measuring[operation.id]?.isComplete = !isAsking
        return expect(
            .measure(
                operation, ProbeRound(probe: probe, side: side, requests: count, asksPrometheus: !isAsking)), .look,
            operation)
    }

    /// Takes in what a round gave, and concludes what can be concluded.
    mutating func measured(_ operation: PlannedOperation, _ figures: ProbeFigures) -> Action.Ending? {
        // Asked to stop meanwhile: nothing is concluded from half an interval.
        guard var current = measuring[operation.id], !isLeaving else { return nil }
        current.figures.add(figures)
        measuring[operation.id] = current
        switch operation.step.action {
        case .measure(let action):
            guard current.isComplete else { return nil }
            conclude(operation)
            return judgeBlue(operation, action.probe.about(.blue), current.figures)
        case .gate(let gate):
            guard let probe = gate.probe?.about(.green) else { return nil }
            let baseline = gate.baseline.flatMap { step in
                state.operations[OperationID(step: step, target: .whole)].map { ProbeBaseline($0.receipt, probe) }
            }
            let verdict: ProbeVerdict
            if current.isComplete {
                verdict = probe.verdict(
                    current.figures, baseline: baseline, planned: current.planned, mutation: mutation)
            } else if let why = probe.hopeless(current.figures, planned: current.planned) {
                verdict = .bad(why)
            } else {
                return nil
            }
            conclude(operation)
            return judge(operation, gate, verdict, current.figures, probe, baseline)
        default: return nil
        }
    }

    /// The interval is over.
    private mutating func conclude(_ operation: PlannedOperation) {
        intervalEnd[operation.id] = measuring[operation.id]?.ends
        measuring[operation.id] = nil
    }

    private mutating func judgeBlue(
        _ operation: PlannedOperation, _ probe: GateProbe, _ figures: ProbeFigures
    ) -> Action.Ending? {
        switch probe.baselineVerdict(figures) {
        case .good:
            record(.stepVerified(operation, Observation(.after, receipt: figures.json(probe, baseline: nil))))
            return nil
        case .bad(let why), .inconclusive(let why):
            // Who returns to a blue that is no better has gained nothing.
            return fail(operation, "baseline", "blue is not what green could be compared with: \(why)")
        }
    }

    private mutating func judge(
        _ operation: PlannedOperation, _ gate: Gate, _ verdict: ProbeVerdict, _ figures: ProbeFigures,
        _ probe: GateProbe, _ baseline: ProbeBaseline?
    ) -> Action.Ending? {
        let step = operation.step.id
        let json = figures.json(probe, baseline: baseline)
        switch verdict {
        case .good:
            // A round lasts a second: less than that is no interval of its own.
            if left(at: step, until: state.gates[step]?.until, of: gate) > 1_000 { return nil }
            record(
                .gateApproved(
                    gate: step, wave: operation.wave, by: Self.probePerson, digest: gateDigest(operation, gate),
                    figures: json))
            return nil
        case .bad(let why):
            record(
                .gateRejected(gate: step, wave: operation.wave, by: Self.probePerson, reason: why, figures: json))
            let message = "\(step): green is not good enough: \(why)"
            guard gate.onFailure == .return, let target = gate.returnTo,
                let rollback = try? UndoOrder.rollback(
                    to: .checkpoint(target), plan: plan, state: state, overwriteForeign: [])
            else { return halt("gate-failed", message, operation) }
            turn(rollback, because: message)
            return nil
        case .inconclusive(let why):
            let message = "it could not be said whether green is good enough: \(why)"
            record(
                .gateWaiting(
                    operation, message: message,
                    digest: Self.gateDigest(state: state, gate: step, message: message), until: nil, figures: json))
            return .waiting(gate: step)
        }
    }

    /// Milliseconds that a gate still has to wait, of the time that its first asking wrote down.
    ///
    /// That is wall time, because the process that goes on may be another one. Within one process the monotonic clock
    /// counts, so that setting the other one neither shortens nor stretches a soak that somebody watches.
    mutating func left(at step: String, until: Int64?, of gate: Gate) -> Int64 {
        let whole = Int64(gate.seconds ?? 0) * 1_000
        let due = dueAt[step] ?? now + min(whole, max(0, (until ?? moment.wall) - moment.wall))
        dueAt[step] = due
        return max(0, due - now)
    }

    /// Whether the run only measures at a gate from which it would go back by itself.
    ///
    /// Nothing is written to green there, so that a green that does not answer must not keep it from measuring.
    public var isGuarding: Bool {
        guard state.rollback == nil, operations.indices.contains(cursor),
            case .gate(let gate) = operations[cursor].step.action, gate.gate == .probe, gate.onFailure == .return
        else { return false }
        return state.operations[operations[cursor].id]?.isDone != true
    }
}

extension GateProbe {
    /// The part of it that can be asked about that side.
    func about(_ side: Side) -> GateProbe {
        guard side == .blue else { return self }
        var own = self
        if http?.blue == nil { own.http = nil }
        if prometheus?.blue == nil { own.prometheus = nil }
        return own
    }
}

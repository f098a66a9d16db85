import Manifests
import Planning

// Gates: steps that wait for a person or for time. A gate never opens because time ran out on a person.
extension Engine {
    /// Asks at a gate, waits for it, or passes it.
    mutating func ask(_ operation: PlannedOperation, _ gate: Gate) -> [Action] {
        let step = operation.step.id
        let digest = gateDigest(operation, gate)
        let known = state.gates[step]
        switch gate.gate {
        case .soak:
            guard let until = known?.until else {
                wait(at: operation, gate, digest)
                return ask(operation, gate)
            }
            let left = left(at: step, until: until, of: gate)
            if left > 0 { return [.sleep(milliseconds: left, why: gate.message)] }
            if let wait = clockWait(operation, gate) { return [wait] }
            record(.gateApproved(gate: step, wave: operation.wave, by: "clock", digest: digest))
        case .probe:
            if known?.approvedBy.isEmpty ?? true, let probe = gate.probe {
                if let wait = clockWait(operation, gate) { return [wait] }
                if known?.until == nil { wait(at: operation, gate, digest) }
                return measure(operation, probe, seconds: gate.seconds ?? 1, side: .green)
            }
        case .manual, .twoPerson:
            let needed = gate.gate == .twoPerson ? 2 : 1
            if (known?.approvedBy.count ?? 0) < needed {
                if askedGate != step || known == nil {
                    askedGate = step
                    record(.gateWaiting(operation, message: gate.message, digest: digest, until: nil))
                }
                return expect(
                    .ask(
                        operation,
                        GateRequest(
                            run: state.run, gate: step, wave: operation.wave, message: gate.message, digest: digest,
                            approvedBy: known?.approvedBy ?? [])), .look, operation)
            }
            if let wait = clockWait(operation, gate) { return [wait] }
        }
        record(.stepVerified(operation, nil))
        return nextForward()
    }

    /// Writes down when a gate that takes its time began to, so that another process waits for the rest only.
    private mutating func wait(at operation: PlannedOperation, _ gate: Gate, _ digest: Digest) {
        record(
            .gateWaiting(
                operation, message: gate.message, digest: digest,
                until: moment.wall + Int64(gate.seconds ?? 0) * 1_000))
    }

    /// The wait until the calendar lets a gate open: not before a moment, so long after the approval, within a window.
    private func clockWait(_ operation: PlannedOperation, _ gate: Gate) -> Action? {
        var opens = moment.wall
        if let notBefore = gate.notBefore.flatMap(GateMoment.milliseconds) { opens = max(opens, notBefore) }
        if let lead = gate.leadTime, let approved = state.gates[operation.step.id]?.approvedAt {
            opens = max(opens, approved + Int64(lead) * 1_000)
        }
        if let window = gate.window { opens += window.wait(at: opens) }
        guard opens > moment.wall else { return nil }
        return .sleep(
            milliseconds: opens - moment.wall,
            why: "\(operation.step.id) opens at \(Moment.timestamp(milliseconds: opens))")
    }

    /// Takes in what a person said.
    mutating func answered(_ operation: PlannedOperation, _ decision: GateDecision) -> Action.Ending? {
        guard case .gate(let gate) = operation.step.action else { return nil }
        let step = operation.step.id
        switch decision {
        case .approved(let person):
            if state.gates[step]?.approvedBy.contains(person) == true {
                // The second person must be another one.
                return .waiting(gate: step)
            }
            record(
                .gateApproved(
                    gate: step, wave: operation.wave, by: person, digest: gateDigest(operation, gate)))
            return nil
        case .rejected(let person, let reason):
            record(.gateRejected(gate: step, wave: operation.wave, by: person, reason: reason))
            return halt("gate-rejected", "\(person) did not open \(step): \(reason)", operation)
        case .undecided:
            return .waiting(gate: step)
        }
    }

    /// Covers everything that an approval is about, so that it cannot be used for something else.
    func gateDigest(_ operation: PlannedOperation, _ gate: Gate) -> Digest {
        Self.gateDigest(state: state, gate: operation.step.id, message: gate.message)
    }

    static func gateDigest(state: RunState, gate: String, message: String) -> Digest {
        Digest(
            of: [
                "plan": .string(state.planDigest.description), "run": .string(state.run), "gate": .string(gate),
                "message": .string(message), "pass": .integer(Int64(state.pass)),
            ])
    }
}

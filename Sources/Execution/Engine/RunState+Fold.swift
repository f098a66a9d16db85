import Manifests
import Routing

extension RunState {
    /// The state after `run.begin`.
    init(begin record: JournalRecord) {
        let entry = record.entry
        run = record.run
        planName = entry.text("plan") ?? ""
        planDigest = record.previous
        tool = entry.text("tool") ?? ""
        imageKey = entry.text("imageKey")
        clusters = ["blue": entry.text("blue") ?? "", "green": entry.text("green") ?? ""]
        phase = .created
        pass = 1
        epoch = record.epoch
        operations = [:]
        checkpoints = []
        gates = [:]
        traffic = [:]
        isDegraded = false
        begun = record.moment
        last = record.moment
        nextSequence = 1
        head = record.hash
    }

    /// Takes in the next record.
    public mutating func apply(_ record: JournalRecord) {
        epoch = record.epoch
        last = record.moment
        nextSequence = record.sequence + 1
        head = record.hash
        let entry = record.entry
        switch entry.type {
        case .runRestored: isRestored = true
        case .runBegin, .lockRenewed, .lockAcquired, .lockLost, .lockTakeover: break
        case .runPreflight: phase = .running
        case .runResume: applyResume(entry)
        case .runPause: applyPause(entry)
        case .runInterrupt: phase = .interrupted
        case .runRollback: applyRollback(entry)
        case .runHalted: applyHalt(entry)
        case .runEnd: applyEnd(entry)
        case .checkpoint: applyCheckpoint(record)
        case .gateWaiting, .gateApproved, .gateRejected, .gateExpired: applyGate(entry)
        case .note: if entry.text("code") == "green-out-of-reach" { isDegraded = true }
        case .stepAdopted, .stepConflict, .stepIntent, .stepAck, .stepDoubt, .stepObserved, .stepRetry, .stepVerified,
            .stepFailed:
            applyStep(record)
        case .undoIntent, .undoRetry, .undoVerified, .undoFailed, .undoOwed: applyUndo(record)
        }
    }

    private mutating func applyResume(_ entry: JournalEntry) {
        halt = nil
        isDegraded = false
        if entry.text("direction") == "back" {
            phase = .rollingBack
        } else {
            rollback = nil
            isRestored = false
            phase = .running
            pass = entry.number("pass") ?? pass
        }
    }

    private mutating func applyPause(_ entry: JournalEntry) {
        phase = .paused(at: entry.text("place") ?? "")
        if entry.fields["owed"] == nil { rollback = nil }
    }

    private mutating func applyRollback(_ entry: JournalEntry) {
        let target: RollbackTarget =
            entry.text("checkpoint").map { .checkpoint($0) } ?? .wave(entry.text("wave") ?? "")
        let asked = Rollback(
            target: target,
            scope: Rollback.Scope(cut: entry.number("cut"), waves: Set(entry.texts("waves"))),
            overwriteForeign: Set(entry.texts("overwriteForeign")),
            isComplete: entry.fields["complete"]?.bool ?? false)
        let begun = asked.carrying(rollback)
        rollback = begun
        phase = .rollingBack
        halt = nil
        isDegraded = false
        // What was only looked at or waited for behind the cut has to be looked at again on the next way forward.
        for (id, operation) in operations where begun.covers(operation) && !operation.mayHaveEffect {
            operations[id] = nil
            gates[id.step] = nil
        }
        for (gate, state) in gates where operations[OperationID(step: gate, target: .whole)] == nil {
            if begun.touches(wave: state.wave) { gates[gate] = nil }
        }
        checkpoints.removeAll { begun.covers(wave: $0.wave, sequence: $0.sequence) }
    }

    private mutating func applyHalt(_ entry: JournalEntry) {
        phase = .halted
        halt = Halt(
            code: entry.text("code") ?? "", message: entry.text("message") ?? "", operation: entry.operation,
            next: entry.texts("next"))
    }

    private mutating func applyEnd(_ entry: JournalEntry) {
        switch entry.text("outcome") {
        case "succeeded": phase = .succeeded
        case "rolled-back": phase = .rolledBack
        default: phase = .abandoned
        }
        rollback = nil
        halt = nil
    }

    private mutating func applyCheckpoint(_ record: JournalRecord) {
        var weights: [String: Weights] = [:]
        for member in record.entry.fields["weights"]?.object ?? [:] {
            weights[member.key] = Self.weights(member.value)
        }
        for (route, value) in weights { traffic[route] = value }
        let name = record.entry.text("checkpoint") ?? ""
        let wave = record.entry.text("wave") ?? ""
        checkpoints.removeAll { $0.name == name }
        checkpoints.append(
            ReachedCheckpoint(
                name: name, wave: wave, sequence: record.sequence, weights: weights,
                quieted: record.entry.number("quieted") ?? 0))
        guard let operation = record.entry.operation else { return }
        var state = operations[operation] ?? OperationState(id: operation, wave: wave, sequence: record.sequence)
        state.status = .verified
        state.sequence = record.sequence
        operations[operation] = state
    }

    private mutating func applyGate(_ entry: JournalEntry) {
        guard let gate = entry.text("gate") else { return }
        var state =
            gates[gate]
            ?? GateState(message: "", wave: entry.text("wave") ?? "", until: nil, approvedBy: [], digest: nil)
        if let message = entry.text("message") { state.message = message }
        if let figures = entry.fields["figures"]?.object { state.figures = figures }
        if let digest = entry.digest("digest") {
            // An approval is about what was asked then.
            if entry.type == .gateWaiting, state.digest != nil, state.digest != digest { state.approvedBy = [] }
            state.digest = digest
        }
        switch entry.type {
        case .gateWaiting:
            state.until = entry.fields["until"]?.integer ?? state.until
            state.rejectedBy = nil
            if entry.fields["until"] == nil { phase = .waiting(gate: gate) }
        case .gateApproved:
            state.approvedAt = last.wall
            if let person = entry.text("by"), !state.approvedBy.contains(person) { state.approvedBy.append(person) }
        case .gateRejected: state.rejectedBy = entry.text("by")
        default: break
        }
        gates[gate] = state
    }

    /// Weights as records write them: green's share.
    static func weights(_ value: JSONValue?) -> Weights? {
        value?.integer.flatMap { Weights(green: Int($0)) }
    }
}

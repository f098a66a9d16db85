import Manifests
import Routing

extension OperationState {
    /// An operation of which nothing is known but its name.
    init(id: OperationID, wave: String, sequence: Int) {
        self.init(
            id: id, wave: wave, status: .intended, pass: 1, attempt: 1, undoAttempt: 0, conflicts: 0, image: nil,
            receipt: [:], sequence: sequence, notBefore: nil, message: nil)
    }
}

extension RunState {
    /// Takes in a `step.*` record.
    mutating func applyStep(_ record: JournalRecord) {
        let entry = record.entry
        guard let id = entry.operation else { return }
        let fresh = OperationState(id: id, wave: entry.text("wave") ?? "", sequence: record.sequence)
        var state = operations[id] ?? fresh
        state.message = entry.text("message") ?? state.message
        switch entry.type {
        case .stepIntent:
            // A new pass begins afresh: key, attempts and before-image of an earlier one no longer count.
            state = fresh
            state.pass = entry.number("pass") ?? 1
            state.attempt = entry.number("attempt") ?? 1
            state.image = entry.digest("image")
        case .stepAck:
            state.status = .applied
            state.take(receipt: entry)
        case .stepDoubt: state.status = .inDoubt
        case .stepObserved:
            switch entry.text("found") {
            case "after": state.status = .applied
            default: state.status = .waitingRetry
            }
            state.take(receipt: entry)
        case .stepRetry:
            state.status = .waitingRetry
            state.attempt = entry.number("attempt") ?? state.attempt
            state.notBefore = entry.fields["notBefore"]?.integer
            if entry.text("class") == StepFailure.Kind.conflict.rawValue { state.conflicts += 1 }
        case .stepVerified:
            state.status = .verified
            state.take(receipt: entry)
            if state.image == nil { state.sequence = record.sequence }
            takeTraffic(id, entry)
        case .stepAdopted:
            state = fresh
            state.status = .adopted
            takeTraffic(id, entry)
        case .stepConflict: state.status = .conflicted
        case .stepFailed: state.status = .failed
        default: break
        }
        if entry.type != .stepRetry { state.notBefore = nil }
        operations[id] = state
    }

    /// Takes in an `undo.*` record.
    mutating func applyUndo(_ record: JournalRecord) {
        let entry = record.entry
        guard let id = entry.operation, var state = operations[id] else { return }
        state.message = entry.text("message") ?? state.message
        state.notBefore = nil
        switch entry.type {
        case .undoIntent:
            state.status = .undoing
            state.undoAttempt = entry.number("attempt") ?? 1
            state.take(receipt: entry)
        case .undoRetry:
            state.status = .undoing
            state.undoAttempt = entry.number("attempt") ?? state.undoAttempt
            state.notBefore = entry.fields["notBefore"]?.integer
        case .undoVerified:
            state.status = .undone
            takeTraffic(id, entry)
        case .undoFailed: state.status = .undoFailed
        case .undoOwed: state.status = .owed
        default: break
        }
        operations[id] = state
    }

    private mutating func takeTraffic(_ id: OperationID, _ entry: JournalEntry) {
        if case .route(let route) = id.target, let weights = Self.weights(entry.fields["green"]) {
            traffic[route] = weights
        }
    }
}

extension OperationState {
    fileprivate mutating func take(receipt entry: JournalEntry) {
        if let receipt = entry.fields["receipt"]?.object, !receipt.isEmpty { self.receipt = receipt }
    }
}

import Manifests
import Planning
import Routing

// Statements about single operations. Each carries the wave, so that the fold needs no plan.
extension JournalEntry {
    private static func about(
        _ type: RecordType, _ operation: PlannedOperation, _ fields: JSONObject = [:]
    )
        -> JournalEntry
    {
        var entry = JournalEntry(type, operation.id, fields)
        entry.fields["wave"] = .string(operation.wave)
        return entry
    }

    /// An effect is about to be asked for.
    ///
    /// Its before-image is on disk already.
    static func stepIntent(
        _ operation: PlannedOperation, pass: Int, key: String, image: Digest, stepDigest: Digest, seen: Digest?
    ) -> JournalEntry {
        var entry = about(
            .stepIntent, operation,
            [
                "pass": .integer(Int64(pass)), "attempt": 1, "key": .string(key),
                "image": .string(image.description), "stepDigest": .string(stepDigest.description),
            ])
        entry.fields["seen"] = seen.map { .string($0.description) }
        if !operation.step.dependsOn.isEmpty {
            entry.fields["dependsOn"] = .array(operation.step.dependsOn.map(JSONValue.string))
        }
        return entry
    }

    /// The other side says that it did it.
    static func stepAck(_ operation: PlannedOperation, receipt: JSONObject) -> JournalEntry {
        about(.stepAck, operation, receipt.isEmpty ? [:] : ["receipt": .object(receipt)])
    }

    /// It is not known whether the effect took place.
    static func stepDoubt(_ operation: PlannedOperation, _ failure: StepFailure) -> JournalEntry {
        about(
            .stepDoubt, operation,
            ["class": .string(failure.kind.rawValue), "message": .string(failure.message)])
    }

    /// A look settled a doubt.
    static func stepObserved(_ operation: PlannedOperation, _ observation: Observation) -> JournalEntry {
        var entry = about(.stepObserved, operation, ["found": .string(observation.answer.rawValue)])
        if !observation.receipt.isEmpty { entry.fields["receipt"] = .object(observation.receipt) }
        return entry
    }

    /// Another attempt will be made.
    static func stepRetry(
        _ operation: PlannedOperation, kind: StepFailure.Kind, message: String, attempt: Int, notBefore: Int64,
        left: Int
    ) -> JournalEntry {
        about(
            .stepRetry, operation,
            [
                "class": .string(kind.rawValue), "message": .string(message), "attempt": .integer(Int64(attempt)),
                "notBefore": .integer(notBefore), "left": .integer(Int64(left)),
            ])
    }

    /// The postcondition was seen to hold.
    static func stepVerified(_ operation: PlannedOperation, _ observation: Observation?) -> JournalEntry {
        var entry = about(.stepVerified, operation)
        entry.fields["digest"] = observation?.digest.map { .string($0.description) }
        entry.fields["green"] = observation?.weights.map { .integer(Int64($0.green)) }
        if let receipt = observation?.receipt, !receipt.isEmpty { entry.fields["receipt"] = .object(receipt) }
        return entry
    }

    /// The goal was there already, by another hand.
    static func stepAdopted(_ operation: PlannedOperation, _ observation: Observation) -> JournalEntry {
        var entry = about(.stepAdopted, operation)
        entry.fields["digest"] = observation.digest.map { .string($0.description) }
        entry.fields["green"] = observation.weights.map { .integer(Int64($0.green)) }
        return entry
    }

    /// Another's value stands where nothing of ours was written yet.
    static func stepConflict(_ operation: PlannedOperation, _ observation: Observation) -> JournalEntry {
        var entry = about(.stepConflict, operation)
        entry.fields["difference"] = observation.difference
        return entry
    }

    /// It did not work and will not by repeating.
    static func stepFailed(_ operation: PlannedOperation, message: String) -> JournalEntry {
        about(.stepFailed, operation, ["message": .string(message)])
    }

    /// An undo is about to be carried out.
    static func undoIntent(_ operation: PlannedOperation, attempt: Int) -> JournalEntry {
        about(.undoIntent, operation, ["attempt": .integer(Int64(attempt))])
    }

    /// Another attempt to undo will be made.
    static func undoRetry(
        _ operation: PlannedOperation, message: String, attempt: Int, notBefore: Int64, left: Int
    )
        -> JournalEntry
    {
        about(
            .undoRetry, operation,
            [
                "message": .string(message), "attempt": .integer(Int64(attempt)), "notBefore": .integer(notBefore),
                "left": .integer(Int64(left)),
            ])
    }

    /// The before-image was seen to stand again.
    static func undoVerified(_ operation: PlannedOperation, _ observation: Observation) -> JournalEntry {
        var entry = about(.undoVerified, operation)
        entry.fields["digest"] = observation.digest.map { .string($0.description) }
        entry.fields["green"] = observation.weights.map { .integer(Int64($0.green)) }
        return entry
    }

    /// The undo stopped.
    static func undoFailed(_ operation: PlannedOperation, message: String, difference: JSONValue?) -> JournalEntry {
        var entry = about(.undoFailed, operation, ["message": .string(message)])
        entry.fields["difference"] = difference
        return entry
    }

    /// The undo waits until green can be reached.
    static func undoOwed(_ operation: PlannedOperation, message: String) -> JournalEntry {
        about(.undoOwed, operation, ["message": .string(message)])
    }
}

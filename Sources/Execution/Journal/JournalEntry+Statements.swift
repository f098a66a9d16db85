import Manifests
import Routing

// One function per statement that a journal can make; the only places where entries are put together.
extension JournalEntry {
    /// The first record: what this run is bound to.
    public static func begin(
        plan: String, tool: String, blue: String, green: String, arguments: [String], seed: UInt64,
        imageKey: String? = nil
    )
        -> JournalEntry
    {
        var entry = JournalEntry(
            .runBegin,
            [
                "plan": .string(plan), "tool": .string(tool), "blue": .string(blue), "green": .string(green),
                "argv": .array(arguments.map(JSONValue.string)), "seed": .string(String(seed, radix: 16)),
            ])
        // Names the key without telling it, so that a wrong one is noticed before anything is written.
        entry.fields["imageKey"] = imageKey.map(JSONValue.string)
        return entry
    }

    /// Everything that must hold before the first write does hold.
    static func preflight(checked: Int, warnings: [String]) -> JournalEntry {
        JournalEntry(
            .runPreflight,
            ["checked": .integer(Int64(checked)), "warnings": .array(warnings.map(JSONValue.string))])
    }

    /// The run goes on.
    static func resume(isBack: Bool, pass: Int, repaired: Int?) -> JournalEntry {
        var entry = JournalEntry(
            .runResume, ["direction": .string(isBack ? "back" : "forward"), "pass": .integer(Int64(pass))])
        if let repaired { entry.fields["tornBytes"] = .integer(Int64(repaired)) }
        return entry
    }

    /// The run stops at a cut; `owed` undos wait for green.
    static func pause(at place: String, owed: Int) -> JournalEntry {
        var entry = JournalEntry(.runPause, ["place": .string(place)])
        if owed > 0 { entry.fields["owed"] = .integer(Int64(owed)) }
        return entry
    }

    /// A signal stopped the run.
    static func interrupt(_ signal: String) -> JournalEntry {
        JournalEntry(.runInterrupt, ["signal": .string(signal)])
    }

    /// The run turns round.
    ///
    /// `reason`: what made it do so by itself.
    static func rollback(_ rollback: Rollback, undoes: Int, reason: String? = nil) -> JournalEntry {
        var entry = JournalEntry(
            .runRollback,
            [
                "waves": .array(rollback.scope.waves.sorted().map(JSONValue.string)),
                "complete": .bool(rollback.isComplete), "undoes": .integer(Int64(undoes)),
            ])
        switch rollback.target {
        case .checkpoint(let name): entry.fields["checkpoint"] = .string(name)
        case .wave(let name): entry.fields["wave"] = .string(name)
        }
        entry.fields["reason"] = reason.map(JSONValue.string)
        if let cut = rollback.scope.cut { entry.fields["cut"] = .integer(Int64(cut)) }
        if !rollback.overwriteForeign.isEmpty {
            entry.fields["overwriteForeign"] = .array(rollback.overwriteForeign.sorted().map(JSONValue.string))
        }
        return entry
    }

    /// The run stops and needs a decision.
    static func halted(
        code: String, message: String, operation: OperationID?, difference: JSONValue?, next: [String]
    ) -> JournalEntry {
        var entry = operation.map { JournalEntry(.runHalted, $0) } ?? JournalEntry(.runHalted)
        entry.fields["code"] = .string(code)
        entry.fields["message"] = .string(message)
        entry.fields["next"] = .array(next.map(JSONValue.string))
        entry.fields["difference"] = difference
        return entry
    }

    /// The run was taken in from a mirror that held so many records; that many creations may have been begun since.
    static func restored(from place: String, records: Int, doubtful: Int) -> JournalEntry {
        JournalEntry(
            .runRestored,
            [
                "from": .string(place), "records": .integer(Int64(records)), "doubtful": .integer(Int64(doubtful)),
            ])
    }

    /// The run is over.
    ///
    /// `head` is the hash of the record before.
    static func end(outcome: String, head: Digest, reason: String? = nil) -> JournalEntry {
        var entry = JournalEntry(.runEnd, ["outcome": .string(outcome), "head": .string(head.description)])
        entry.fields["reason"] = reason.map(JSONValue.string)
        return entry
    }

    /// The cluster lock is held.
    static func lockAcquired(holder: String, sides: [String]) -> JournalEntry {
        JournalEntry(
            .lockAcquired, ["holder": .string(holder), "sides": .array(sides.map(JSONValue.string))])
    }

    /// The cluster lock was taken from another holder of this run.
    static func lockTakeover(from holder: String, reason: String) -> JournalEntry {
        JournalEntry(.lockTakeover, ["from": .string(holder), "reason": .string(reason)])
    }

    /// The cluster lock is no longer certain.
    static func lockLost(side: String, message: String) -> JournalEntry {
        JournalEntry(.lockLost, ["side": .string(side), "message": .string(message)])
    }

    /// Something worth knowing that changes nothing.
    static func note(code: String, message: String) -> JournalEntry {
        JournalEntry(.note, ["code": .string(code), "message": .string(message)])
    }

    /// A cut: everything before it is verified, nothing is intended.
    static func checkpoint(
        _ operation: PlannedOperation, name: String, weights: [String: Weights], quieted: Int, verified: Int,
        images: Digest,
        head: Digest
    ) -> JournalEntry {
        var shares = JSONObject()
        for (route, value) in weights { shares[route] = .integer(Int64(value.green)) }
        return JournalEntry(
            .checkpoint, operation.id,
            [
                "checkpoint": .string(name), "wave": .string(operation.wave), "weights": .object(shares),
                "quieted": .integer(Int64(quieted)), "verified": .integer(Int64(verified)),
                "images": .string(images.description),
                "head": .string(head.description),
            ])
    }

    /// A gate is closed; `until` is the end of a soak in wall milliseconds.
    static func gateWaiting(
        _ operation: PlannedOperation, message: String, digest: Digest, until: Int64?, figures: JSONObject = [:]
    )
        -> JournalEntry
    {
        var entry = gate(.gateWaiting, operation.id.step, wave: operation.wave)
        entry.fields["message"] = .string(message)
        entry.fields["digest"] = .string(digest.description)
        entry.fields["until"] = until.map(JSONValue.integer)
        if !figures.isEmpty { entry.fields["figures"] = .object(figures) }
        return entry
    }

    /// Somebody opened a gate.
    static func gateApproved(
        gate name: String, wave: String, by person: String, digest: Digest, figures: JSONObject = [:]
    ) -> JournalEntry {
        var entry = gate(.gateApproved, name, wave: wave)
        entry.fields["by"] = .string(person)
        entry.fields["digest"] = .string(digest.description)
        if !figures.isEmpty { entry.fields["figures"] = .object(figures) }
        return entry
    }

    /// Somebody refused to open a gate.
    static func gateRejected(
        gate name: String, wave: String, by person: String, reason: String, figures: JSONObject = [:]
    ) -> JournalEntry {
        var entry = gate(.gateRejected, name, wave: wave)
        entry.fields["by"] = .string(person)
        entry.fields["reason"] = .string(reason)
        if !figures.isEmpty { entry.fields["figures"] = .object(figures) }
        return entry
    }

    private static func gate(_ type: RecordType, _ name: String, wave: String) -> JournalEntry {
        JournalEntry(type, ["gate": .string(name), "wave": .string(wave)])
    }
}

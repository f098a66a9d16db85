public import Manifests

/// One line of `objects.jsonl`: what becomes of one object that was read from blue.
public struct PlannedObject: Sendable, Hashable, Codable {
    public var object: ObjectReference
    public var disposition: Disposition
    /// Why: a stable code such as `owned-by-controller`, `standby`, `side-effect`.
    ///
    /// Empty for a plain copy.
    public var reason: String
    /// The wave it belongs to; nil when skipped.
    public var wave: String?
    /// The version at which it stands in the inventory.
    public var readAs: String
    /// The version at which it is written to green; nil when skipped.
    public var writeAs: String?
    /// Over the fields that the plan reasoned about: the object without status and the server's bookkeeping, Secret
    /// data as keyed digests.
    ///
    /// Another digest at run time means that the plan is stale.
    public var source: Digest
    /// What is applied to green.
    ///
    /// Nil when skipped, and for Secrets, whose data must not stand in a plan.
    public var desired: JSONValue?
    /// What was changed on the way, as codes with places, such as `strip metadata.uid`.
    public var changes: [String]
    /// How the object sleeps on green: `from` is what it wakes up to, `to` what `desired` holds.
    ///
    /// Empty when it does not sleep, and when it slept on blue already: such a one is never woken.
    public var standby: [FieldChange.Field]
    /// Fields that controllers of blue move all the time, such as the replicas that an autoscaler sets.
    ///
    /// They are not part of `source`: an autoscaler at work does not make a plan stale. Nil when there are none.
    public var floating: [FieldPath]?

    /// What becomes of it.
    public enum Disposition: String, Sendable, Hashable, Codable {
        /// Applied to green as it is.
        case copy
        /// Applied to green at another API version than it was read at.
        case convert
        /// Applied to green only behind a gate, or not at all until someone decides.
        case hold
        /// Not applied.
        case skip
    }

    public init(
        object: ObjectReference, disposition: Disposition, reason: String, wave: String?, readAs: String,
        writeAs: String?, source: Digest, desired: JSONValue?, changes: [String], standby: [FieldChange.Field],
        floating: [FieldPath]? = nil
    ) {
        self.object = object
        self.disposition = disposition
        self.reason = reason
        self.wave = wave
        self.readAs = readAs
        self.writeAs = writeAs
        self.source = source
        self.desired = desired
        self.changes = changes
        self.standby = standby
        self.floating = floating
    }
}

extension PlannedObject {
    /// The object's name on green.
    ///
    /// Steps, the journal and `objects.jsonl` always call an object by the
    /// name it was read under; the two differ only where the kind moved to another group (`extensions` Ingress).
    public var greenReference: ObjectReference {
        guard let writeAs else { return object }
        let group = GroupVersionKind(apiVersion: writeAs, kind: object.kind.kind).group
        return ObjectReference(
            kind: GroupKind(group: group, kind: object.kind.kind), namespace: object.namespace, name: object.name)
    }

    /// Whether it is applied over an object that green may have of its own accord (a ServiceAccount `default`, the
    /// namespace `default`, a decision `merge`).
    ///
    /// What stood there before is no conflict then, and a rollback puts it back instead of deleting it.
    public var mergesIntoExisting: Bool { reason == ReasonCode.merge }
}

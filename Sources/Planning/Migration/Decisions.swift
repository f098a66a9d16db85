public import Manifests

/// Chooses objects by what people know about them.
///
/// Every field given must match; at least one must be given.
public struct ObjectSelector: Sendable, Hashable, Codable {
    /// Such as `Deployment.apps` or `Secret`.
    public var kind: GroupKind?
    public var namespace: String?
    /// The exact name.
    public var name: String?
    /// Labels that must be there with these values.
    public var labels: [String: String]?

    public init(
        kind: GroupKind? = nil, namespace: String? = nil, name: String? = nil, labels: [String: String]? = nil
    ) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.labels = labels
    }

    /// Whether nothing is given, which would choose everything by mistake.
    public var isEmpty: Bool { kind == nil && namespace == nil && name == nil && (labels ?? [:]).isEmpty }

    /// Whether the object is chosen.
    public func matches(_ object: KubeObject) -> Bool {
        if let kind, kind != object.gvk.groupKind { return false }
        if let namespace, namespace != object.namespace { return false }
        if let name, name != object.name { return false }
        let present = object.labels
        return (labels ?? [:]).allSatisfy { present[$0.key]?.string == $0.value }
    }
}

/// Says how a workload must be treated, where what can be seen of it misleads.
public struct Classification: Sendable, Hashable, Codable {
    public var select: ObjectSelector
    public var `class`: MigrationClass
    /// Why; stands in the plan.
    public var reason: String?

    public init(select: ObjectSelector, class: MigrationClass, reason: String? = nil) {
        self.select = select
        self.class = `class`
        self.reason = reason
    }
}

/// How a workload may move.
public enum MigrationClass: String, Sendable, Hashable, WrittenChoice {
    /// May run on both sides at once: woken on green before traffic moves, left alone on blue.
    case stateless
    /// Must run on one side only: blue is put to sleep first, then green is woken.
    case exclusive
    /// Stays asleep on green; someone wakes it by hand.
    case asleep
}

/// Overrides what the rules would do with an object.
public struct ObjectDecision: Sendable, Hashable, Codable {
    public var select: ObjectSelector
    public var decision: Decision
    /// Why; required, it stands in the plan.
    public var reason: String

    /// What is to become of the object.
    public enum Decision: String, Sendable, Hashable, WrittenChoice {
        /// Copied although a rule would skip or hold it.
        case copy
        /// Not copied.
        case skip
        /// Not applied until someone decides otherwise.
        case hold
        /// Applied behind the wave's gate.
        case gate
        /// Applied over what stands on green under that name; a rollback puts back what stood there.
        case merge
    }

    public init(select: ObjectSelector, decision: Decision, reason: String) {
        self.select = select
        self.decision = decision
        self.reason = reason
    }
}

/// A hazard that was understood and accepted.
public struct Acknowledgement: Sendable, Hashable, Codable {
    /// The hazard's id, such as `stateful-claims`.
    public var hazard: String
    /// For one object only; every object of that hazard when left out.
    public var object: ObjectReference?
    /// Why it is accepted; required, it stands in the plan.
    public var reason: String

    public init(hazard: String, object: ObjectReference? = nil, reason: String) {
        self.hazard = hazard
        self.object = object
        self.reason = reason
    }
}

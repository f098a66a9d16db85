/// What a change of behaviour is recognised by: one carrier, and what has to stand in it.
public struct Probe: Sendable, Hashable {
    /// What is looked at.
    public enum Carrier: Sendable, Hashable {
        /// An API object; a nil version is any.
        case object(group: String, version: String?, kind: String)
        case anyObject
        /// The PodSpec in whatever makes pods.
        case pod
        /// The metadata beside the PodSpec.
        case podMetadata
        /// A Pod that a kubelet reads from a file.
        case staticPod
        /// A component's configuration, as a file or embedded in a ConfigMap; nil is any.
        case configuration(group: String, version: String?, kind: String?)
        case kubeconfig
        /// An argument of components; an empty list is every one of Kubernetes' own.
        case flag(components: [String], names: [String], FlagTest)
    }

    /// What an argument has to be.
    public enum FlagTest: Sendable, Hashable {
        case isSet
        case equals([String])
        /// One of the words between commas.
        case holds(String)
        case isMissing
    }

    public var carrier: Carrier
    /// The nodes that the tests start from; the object itself when empty.
    public var scope: PathPattern
    /// What must hold; the first says where the finding points.
    public var tests: [FieldTest]
    /// What must not hold.
    public var exceptions: [FieldTest]
    /// Words of which one stands in every match, where the tests do not tell.
    public var words: [String]
    /// It may be so, but something else is as likely.
    public var isOnlyPossible: Bool
    /// The code of another check that says it; then this one says nothing.
    public var told: String?

    public init(
        _ carrier: Carrier, scope: PathPattern = PathPattern(), tests: [FieldTest] = [], exceptions: [FieldTest] = [],
        words: [String] = [], isOnlyPossible: Bool = false, told: String? = nil
    ) {
        self.carrier = carrier
        self.scope = scope
        self.tests = tests
        self.exceptions = exceptions
        self.words = words
        self.isOnlyPossible = isOnlyPossible
        self.told = told
    }
}

/// One statement about the value at a path.
public struct FieldTest: Sendable, Hashable {
    /// What is stated; all but ``absent``, ``lacks`` and ``atMost`` need something to be there.
    public enum Condition: Sendable, Hashable {
        case present
        /// Missing, null or the empty string.
        case absent
        case equals([String])
        case differs([String])
        /// Missing, or none of these.
        case lacks([String])
        case matches(TextPattern)
        case mismatches(TextPattern)
        /// A map has a member of one of these names.
        case hasKey([String])
        case hasKeyPrefix(String)
        /// Missing, or a number up to this.
        case atMost(Int64)
        /// A list with commas has this word.
        case holds(String)
        /// The value is none of those at another path.
        case isNotAmong(PathPattern)
        /// An element has no member of that name.
        case without(String)
        /// A CIDR with bits set behind its prefix.
        case hasHostBits
    }

    public var path: PathPattern
    public var condition: Condition

    public init(_ path: PathPattern, _ condition: Condition) {
        self.path = path
        self.condition = condition
    }
}

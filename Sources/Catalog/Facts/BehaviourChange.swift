public import Manifests

/// A change between two releases that is no API version: a volume plugin gone, an annotation that lost its meaning, a
/// flag that a component no longer takes.
public struct BehaviourChange: Sendable, Hashable, Identifiable {
    /// How bad it is where it applies.
    public enum Severity: String, Sendable, Hashable, CaseIterable {
        case breaks
        /// Breaks unless a driver is installed that took over.
        case breaksWithoutDriver = "breaks-without-driver"
        case degrades, warns, info
    }

    /// What happens to what matches.
    public enum Consequence: String, Sendable, Hashable, CaseIterable {
        case refused, ignored, pruned
        case behavesDifferently = "behaves-differently"
        case breaksLater = "breaks-later"
        case nothingYet = "nothing-yet"
    }

    /// How sure a match is.
    public enum Confidence: String, Sendable, Hashable, CaseIterable {
        case certain, likely, possible
    }

    /// Stable and in kebab case.
    public var id: String
    /// The first release in which it is so.
    public var since: KubernetesVersion
    /// The release in which its end was announced.
    public var deprecated: KubernetesVersion?
    public var severity: Severity
    public var consequence: Consequence
    public var confidence: Confidence
    /// It concerns nearly everybody, so it is worth saying only to who comes from a release before it.
    public var concernsOnlyCrossing: Bool
    /// Servers fill the field in by themselves, so it says something in manifests only.
    public var isOnlyAsWritten: Bool
    /// Told at its first place in an object only.
    public var isToldOnce: Bool
    /// Any of them recognises it; empty when nothing in files does.
    public var probes: [Probe]
    /// What of it stands in no file.
    public var unseen: String?
    /// The CSI driver that takes over.
    public var driver: String?
    /// What happens, in words.
    public var happens: String
    /// What to do, in words.
    public var remedy: String
    /// Where it is known from.
    public var source: String

    public init(
        id: String, since: KubernetesVersion, deprecated: KubernetesVersion? = nil, severity: Severity,
        consequence: Consequence, confidence: Confidence = .certain, concernsOnlyCrossing: Bool = false,
        isOnlyAsWritten: Bool = false, isToldOnce: Bool = false, probes: [Probe] = [], unseen: String? = nil,
        driver: String? = nil, happens: String, remedy: String, source: String
    ) {
        self.id = id
        self.since = since
        self.deprecated = deprecated
        self.severity = severity
        self.consequence = consequence
        self.confidence = confidence
        self.concernsOnlyCrossing = concernsOnlyCrossing
        self.isOnlyAsWritten = isOnlyAsWritten
        self.isToldOnce = isToldOnce
        self.probes = probes
        self.unseen = unseen
        self.driver = driver
        self.happens = happens
        self.remedy = remedy
        self.source = source
    }
}

public import Manifests

/// What is known about one kind at one version: when it came, was deprecated and left, and what follows it.
///
/// Versions are those of the Kubernetes release. A nil `introduced` means "before the oldest release examined".
public struct APILifecycle: Sendable, Hashable {
    /// How far the API has matured, as its version name says.
    public enum Stability: String, Sendable, Hashable, CaseIterable {
        case alpha, beta, ga
    }

    /// What kind of thing answers to the name.
    public enum KindClass: String, Sendable, Hashable, CaseIterable {
        /// Stored objects: created, listed, watched.
        case resource
        /// The body of a subresource such as `pods/eviction`; never an object of its own.
        case subresource
        /// Answered but not stored, such as `SelfSubjectReview`.
        case `virtual`
        /// Served by another server behind the aggregator, such as metrics-server.
        case aggregated
        /// Read from a file by a component, such as `KubeSchedulerConfiguration`; never served.
        case configuration
    }

    public var gvk: GroupVersionKind
    /// The plural in the URL, with the parent for subresources (`pods/eviction`, `*/scale`); `-` when never served.
    public var resource: String
    public var namespaced: Bool
    public var kindClass: KindClass
    public var stability: Stability
    /// Whether a server offers it without `--runtime-config`.
    public var defaultEnabled: Bool
    /// Whether there is a kind of the same name followed by `List`.
    public var hasList: Bool
    public var introduced: KubernetesVersion?
    public var deprecated: KubernetesVersion?
    /// The first release that does not serve it by default.
    public var removed: KubernetesVersion?
    /// A deprecation announced for a release after the newest one in the catalog.
    public var plannedDeprecation: KubernetesVersion?
    /// A removal announced for a release after the newest one in the catalog.
    public var plannedRemoval: KubernetesVersion?
    /// The last release that could still be told to serve it, where that is later than the removal.
    public var servableUntil: KubernetesVersion?
    /// The named successor; it may itself be gone at a later release.
    public var replacement: GroupVersionKind?
    /// The release that first served the replacement.
    public var replacementSince: KubernetesVersion?
    /// The end of the chain of replacements, where ``replacement`` is not it.
    public var finalReplacement: GroupVersionKind?

    /// A fresh entry with nothing known but its name; parsers and overlays fill the rest.
    public init(
        gvk: GroupVersionKind, resource: String, namespaced: Bool, kindClass: KindClass = .resource,
        stability: Stability, defaultEnabled: Bool = true, hasList: Bool = true
    ) {
        self.gvk = gvk
        self.resource = resource
        self.namespaced = namespaced
        self.kindClass = kindClass
        self.stability = stability
        self.defaultEnabled = defaultEnabled
        self.hasList = hasList
    }

    /// The first release without it, announced ones included.
    public var endOfService: KubernetesVersion? { removed ?? plannedRemoval }

    /// Whether a release of that version has it at all, be it on or off.
    public func exists(at version: KubernetesVersion) -> Bool {
        if let introduced, version < introduced { return false }
        if let endOfService, version >= endOfService { return false }
        return true
    }

    /// Whether a kube-apiserver of that version serves it without being asked to.
    public func isServed(at version: KubernetesVersion) -> Bool {
        guard kindClass != .configuration, kindClass != .aggregated else { return false }
        return defaultEnabled && exists(at: version)
    }

    /// Whether it is deprecated, or already gone, at that version.
    public func isDeprecated(at version: KubernetesVersion) -> Bool {
        guard let deprecated = deprecated ?? plannedDeprecation else { return false }
        return version >= deprecated
    }
}

public import Catalog
public import Manifests

/// What green is and can take: from the catalog alone, or asked from the live cluster.
public struct TargetCapabilities: Sendable {
    public var identity: ClusterIdentity
    /// What green serves, the preferred version of each kind first.
    public var served: [ServedKind]
    /// Every object on green, as far as known; nil when green was not asked, so that collisions show only when the
    /// plan is applied.
    public var existing: [KubeObject]?

    /// One kind that green stores.
    public struct ServedKind: Sendable, Hashable {
        public var gvk: GroupVersionKind
        /// The plural in the URL, for the commands of `WAY-BACK.md`.
        public var resource: String
        public var namespaced: Bool

        public init(gvk: GroupVersionKind, resource: String, namespaced: Bool) {
            self.gvk = gvk
            self.resource = resource
            self.namespaced = namespaced
        }
    }

    public init(identity: ClusterIdentity, served: [ServedKind], existing: [KubeObject]? = nil) {
        self.identity = identity
        self.served = served
        self.existing = existing
    }

    /// What a cluster of the identity's version serves by default, by the catalog.
    public init(identity: ClusterIdentity, catalog: Catalog, existing: [KubeObject]? = nil) {
        let served = Set(catalog.served(at: identity.version).filter { $0.kindClass == .resource }.map(\.gvk.groupKind))
            .sorted()
            .flatMap { catalog.lifecycles(of: $0) }
            .filter { $0.kindClass == .resource && $0.isServed(at: identity.version) }
            .map { ServedKind(gvk: $0.gvk, resource: $0.resource, namespaced: $0.namespaced) }
        self.init(identity: identity, served: served, existing: existing)
    }
}

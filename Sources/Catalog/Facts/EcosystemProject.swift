public import Manifests

/// One custom resource at a version, as its project's releases serve it.
public struct EcosystemAPI: Sendable, Hashable {
    public var project: String
    public var gvk: GroupVersionKind
    /// Releases of the project, not of Kubernetes.
    public var introduced: ReleaseVersion
    /// The first release that marks it as deprecated.
    public var deprecated: ReleaseVersion?
    /// The first release that does not serve it.
    public var removed: ReleaseVersion?
    /// The first release whose definition no longer names it.
    public var dropped: ReleaseVersion?
    public var replacement: GroupVersionKind?
    /// Not read from the definitions alone.
    public var isOnlyLikely: Bool
    /// The same counted by the version of a distribution, such as that of Flux.
    public var inDistribution: Distribution?
    public var notes: [String]
    /// Where it is known from.
    public var source: String

    /// When a distribution of several projects deprecated and removed it.
    public struct Distribution: Sendable, Hashable {
        public var name: String
        public var deprecated: ReleaseVersion?
        public var removed: ReleaseVersion?
    }
}

/// Which releases of a project go with which releases of Kubernetes.
public struct CompatibilityTable: Sendable, Hashable {
    /// A range of releases of the project with the range of Kubernetes minors they go with; nil is no bound.
    public struct Row: Sendable, Hashable {
        public var from: ReleaseVersion?
        /// The last minor, inclusive.
        public var through: ReleaseVersion?
        /// The first release that is too new, where only that is known.
        public var below: ReleaseVersion?
        public var oldest: KubernetesVersion?
        public var newest: KubernetesVersion?
        public var note: String?
    }

    public var project: String
    /// What a row means: tested, required and so on.
    public var meaning: String?
    public var rows: [Row]
    /// End of support by release, as `2026-11-30`.
    public var ends: [ReleaseVersion: String]
    /// The oldest release that goes with a Kubernetes minor.
    public var oldestFor: [KubernetesVersion: ReleaseVersion]
    /// What kubeadm of a Kubernetes minor installs.
    public var shippedWith: [KubernetesVersion: ReleaseVersion]
    /// Its minor should equal that of Kubernetes.
    public var followsKubernetes: Bool
    public var remarks: [String]
    /// Where it is known from.
    public var source: String

    /// Whether a release goes with a minor of Kubernetes; nil when the table does not know the release.
    public func supports(_ release: ReleaseVersion, on kubernetes: KubernetesVersion) -> Bool? {
        if followsKubernetes { return release.major == kubernetes.major && release.minor == kubernetes.minor }
        let matching = rows.filter { $0.covers(release) }
        if !matching.isEmpty {
            return matching.contains { row in
                (row.oldest.map { kubernetes >= $0 } ?? true) && (row.newest.map { kubernetes <= $0 } ?? true)
            }
        }
        if let oldest = oldestFor[kubernetes] { return release >= oldest }
        return nil
    }

    /// The oldest release that goes with a minor of Kubernetes; nil when the table has none.
    public func oldestRelease(for kubernetes: KubernetesVersion) -> ReleaseVersion? {
        if followsKubernetes { return ReleaseVersion(major: kubernetes.major, minor: kubernetes.minor) }
        if let oldest = oldestFor[kubernetes] { return oldest }
        return rows.compactMap { row in
            guard let from = row.from, row.oldest.map({ kubernetes >= $0 }) ?? true,
                row.newest.map({ kubernetes <= $0 }) ?? true
            else { return nil }
            return from
        }.min()
    }
}

extension CompatibilityTable.Row {
    /// Whether the row speaks of a release.
    public func covers(_ release: ReleaseVersion) -> Bool {
        if let below { return release < below }
        if let from, release < ReleaseVersion(major: from.major, minor: from.minor) { return false }
        guard let through else { return true }
        return (release.major, release.minor) <= (through.major, through.minor)
    }
}

public import Manifests

/// What happened release by release.
extension Catalog {
    /// What a release stopped serving, announced removals included.
    public func removed(in version: KubernetesVersion) -> [APILifecycle] {
        lifecycles.filter { $0.endOfService == version }
    }

    /// What a release brought.
    public func introduced(in version: KubernetesVersion) -> [APILifecycle] {
        lifecycles.filter { $0.introduced == version }
    }

    /// What a release began to call deprecated.
    public func deprecated(in version: KubernetesVersion) -> [APILifecycle] {
        lifecycles.filter { ($0.deprecated ?? $0.plannedDeprecation) == version }
    }

    /// The releases of a range that took no API away, so that "nothing" is said and not left to be guessed.
    ///
    /// Alphas do not count: they come and go, and nobody has one without asking for it. Nor do the kinds of components'
    /// files, which no server serves. Releases that were not examined are never called quiet.
    public func quietReleases(after from: KubernetesVersion, through target: KubernetesVersion) -> [KubernetesVersion] {
        guard from.major == target.major, from < target else { return [] }
        let loud = Set(
            lifecycles.filter { $0.stability != .alpha && $0.kindClass != .configuration }.compactMap(\.endOfService))
        return ((from.minor + 1)...target.minor).map { KubernetesVersion(major: from.major, minor: $0) }
            .filter { covers($0) && !loud.contains($0) }
    }
}

public import Manifests

extension CheckResult {
    /// A result that has seen nothing yet, for whoever reads one back.
    public init(
        source: Source, target: KubernetesVersion, from: KubernetesVersion? = nil,
        knownReleases: ClosedRange<KubernetesVersion>, catalogDigest: Digest
    ) {
        self.init(
            source: source, target: target, from: from, quietReleases: [], servedBy: nil,
            knownReleases: knownReleases, catalogIdentity: .known(catalogDigest), findings: [],
            accounting: CheckAccounting(), skipped: [], errors: [], notSeen: [])
    }
}

public import Manifests

/// How far apart the versions of Kubernetes' parts may be.
public struct VersionSkew: Sendable, Hashable {
    /// What one component may differ from another.
    public struct Rule: Sendable, Hashable {
        public var component: String
        /// `kube-apiserver` or `kubelet`.
        public var relativeTo: String
        public var behind: [Bound]
        public var ahead: [Bound]
    }

    /// A number of minors, for releases of the component in a range.
    public struct Bound: Sendable, Hashable {
        public var minors: Int
        public var from: KubernetesVersion?
        public var until: KubernetesVersion?

        func applies(to version: KubernetesVersion) -> Bool {
            (from.map { version >= $0 } ?? true) && (until.map { version <= $0 } ?? true)
        }
    }

    /// What a pair of versions is.
    public enum Verdict: Sendable, Hashable {
        case allowed
        /// Older than the rule lets it be, by so many minors at most.
        case tooOld(allowed: Int)
        case tooNew(allowed: Int)
    }

    /// What a component's documentation says besides, and where it is known from.
    public struct Remark: Sendable, Hashable {
        public var component: String
        public var notes: [String]
        public var source: String
    }

    public var rules: [Rule] = []
    public var remarks: [Remark] = []
    /// Which part is upgraded before which, in place.
    public var order: [String] = []
    /// What kubeadm installs of a component, by Kubernetes minor.
    public var shipped: [String: [KubernetesVersion: ReleaseVersion]] = [:]

    public init() {}

    /// Whether a component of one minor may work with another of another minor; nil when there is no rule.
    public func verdict(
        of component: String, at version: KubernetesVersion, with other: String = "kube-apiserver",
        at otherVersion: KubernetesVersion
    ) -> Verdict? {
        guard version.major == otherVersion.major,
            let rule = rules.first(where: { $0.component == component && $0.relativeTo == other })
        else { return nil }
        let difference = otherVersion.minor - version.minor
        let behind = rule.behind.first { $0.applies(to: version) }?.minors ?? 0
        let ahead = rule.ahead.first { $0.applies(to: version) }?.minors ?? 0
        if difference > behind { return .tooOld(allowed: behind) }
        if -difference > ahead { return .tooNew(allowed: ahead) }
        return .allowed
    }
}

/// How long somebody looks after a release of Kubernetes.
public struct SupportWindow: Sendable, Hashable {
    /// `upstream`, `eks`, `aks` or `gke`.
    public var provider: String
    public var version: KubernetesVersion
    /// Release, or general availability at the provider, as `2026-08-26`.
    public var from: String
    /// From then on only severe errors are mended.
    public var maintenance: String?
    /// End of standard support.
    public var until: String
    /// End of support that is paid for apart.
    public var extended: String?
    public var note: String?
    /// Where it is known from.
    public var source: String
}

public import Manifests

/// What a server says about itself under `/version`.
public struct ServerVersion: Sendable, Hashable {
    /// The minor version that decides about APIs.
    public var version: KubernetesVersion
    /// The full version with patch level and vendor suffix: `v1.36.2-eks-1a2b3c`.
    public var gitVersion: String

    /// A version as the server reports it.
    public init(version: KubernetesVersion, gitVersion: String) {
        self.version = version
        self.gitVersion = gitVersion
    }
}

import Manifests

/// A minor version on the command line, such as `1.36` or `v1.36.2`.
struct KubernetesVersionArgument: Sendable {
    let version: KubernetesVersion

    init?(_ text: String) {
        guard let version = KubernetesVersion(text) else { return nil }
        self.version = version
    }
}

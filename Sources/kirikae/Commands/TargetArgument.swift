import ArgumentParser
import Manifests

/// The value of `--to`: a minor version, or one counted from the one that a cluster runs.
enum TargetArgument: Sendable, Hashable {
    case version(KubernetesVersion)
    /// `current`, `current+1` …: so many minors above the cluster's own.
    case current(plus: Int)
}

extension TargetArgument: ExpressibleByArgument {
    init?(argument: String) {
        if let version = KubernetesVersion(argument) {
            self = .version(version)
            return
        }
        let parts = argument.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.first == "current" else { return nil }
        guard parts.count == 2 else {
            self = .current(plus: 0)
            return
        }
        guard let minors = Int(parts[1]), (0...99).contains(minors) else { return nil }
        self = .current(plus: minors)
    }
}

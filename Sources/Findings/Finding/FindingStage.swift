public import Manifests

/// When a finding begins to hurt on the way from one release to another.
public enum FindingStage: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// It does so at the release the objects live with already, or whatever the release.
    case already
    /// From that release on.
    case at(KubernetesVersion)
    /// Not before the target is passed: it is on its way out, or only worth knowing.
    case later

    /// `already`, `at 1.25`, `later`.
    public var description: String {
        switch self {
        case .already: "already"
        case .at(let release): "at \(release)"
        case .later: "later"
        }
    }
}

extension Finding {
    /// When it begins to hurt for objects that live at `from` today.
    public func stage(from: KubernetesVersion?) -> FindingStage {
        if consequence == .nothingYet { return .later }
        guard let since, from.map({ since > $0 }) ?? true else { return .already }
        return .at(since)
    }
}

extension CheckResult {
    /// The findings in the order in which they begin to hurt, each stage in the order in which they were found.
    public var stages: [(stage: FindingStage, findings: [Finding])] {
        let found = Dictionary(grouping: findings) { $0.stage(from: from) }
        return found.keys.sorted().map { ($0, found[$0] ?? []) }
    }
}

extension [Finding] {
    /// As they stand in the file; those without a place stay where they are among each other.
    var inOrderOfPlaces: [Finding] {
        enumerated().sorted { a, b in
            guard let left = a.element.location, let right = b.element.location, left != right else {
                return a.offset < b.offset
            }
            return left < right
        }.map(\.element)
    }
}

import Findings
import Manifests

/// Findings put under headings, for forms that people read from top to bottom.
struct FindingSections {
    /// The release at which the findings begin to hurt; nil where that is not known.
    var since: KubernetesVersion?
    var title: String?
    var findings: [Finding]

    /// One section without a title, or, where it was said which release is left behind, one to a release.
    static func ofText(_ report: CheckReport) -> [FindingSections] {
        let findings = report.counting
        if findings.isEmpty { return [] }
        if report.result.from == nil { return [FindingSections(since: nil, title: nil, findings: findings)] }
        return byRelease(findings)
    }

    /// One section to a release, the one that hurts first at the top, and last what has no release.
    ///
    /// Within a section the order of the findings stays.
    static func byRelease(_ findings: [Finding]) -> [FindingSections] {
        var groups: [KubernetesVersion?: [Finding]] = [:]
        for finding in findings { groups[finding.since, default: []].append(finding) }
        return groups.sorted { left, right in
            guard let a = left.key else { return false }
            guard let b = right.key else { return true }
            return a < b
        }.map { since, findings in
            FindingSections(since: since, title: since.map { "At \($0)" } ?? "At any release", findings: findings)
        }
    }
}

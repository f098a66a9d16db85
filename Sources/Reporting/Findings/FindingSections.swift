import Findings
import Manifests

/// Entries put under headings by when they begin to hurt, for forms that people read from top to bottom.
struct FindingSections {
    var title: String
    var entries: [CheckReport.Entry]

    /// One section to a stage, the one that hurts first at the top; within one the order of the entries stays.
    static func of(_ entries: [CheckReport.Entry], in report: CheckReport) -> [FindingSections] {
        let from = report.result.from
        let groups = Dictionary(grouping: entries) { $0.finding.stage(from: from) }
        return groups.keys.sorted().map { stage in
            FindingSections(title: title(of: stage, from: from), entries: groups[stage] ?? [])
        }
    }

    private static func title(of stage: FindingStage, from: KubernetesVersion?) -> String {
        switch stage {
        case .already: from.map { "Already at \($0)" } ?? "At any release"
        case .at(let release): "At \(release)"
        case .later: "Later, or only worth knowing"
        }
    }
}

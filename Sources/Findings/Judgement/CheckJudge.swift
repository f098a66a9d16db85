import Manifests

/// Decides which findings count.
public struct CheckJudge: Sendable {
    /// Suppressions from files (none where all are passed over); those of annotations come with the findings.
    public var suppressions: [Suppression] = []
    /// Whether annotations are passed over as well.
    public var ignoresSuppressions = false
    /// The day it is; nil to let every suppression hold.
    public var today: CalendarDate?
    public var baseline: Baseline?
    /// The lowest severity that is shown at all.
    public var severity = Finding.Severity.info
    /// The lowest confidence that is shown at all.
    public var confidence = Finding.Confidence.possible
    public var failOn = Finding.Severity.warns
    public var acceptsTemplates = false

    public init() {}

    /// The verdict on every finding of a result.
    public func report(on result: CheckResult) -> CheckReport {
        var entries: [CheckReport.Entry] = []
        var notices: [CheckReport.Notice] = []
        var used: Set<Int> = []
        var expired: [Suppression: Int] = [:]
        var hidden = 0
        for finding in result.findings {
            if finding.code == SuppressionAnnotation.unusedCode {
                if !ignoresSuppressions {
                    notices.append(CheckReport.Notice(.unusedSuppression, finding.message, at: finding.location))
                }
                continue
            }
            // What covers it, the longest-lived first, so that an ended suppression never wins over one that holds.
            var covering = ignoresSuppressions ? [] : finding.suppression.map { [$0] } ?? []
            for (index, suppression) in suppressions.enumerated() where suppression.covers(finding) {
                used.insert(index)
                covering.append(suppression)
            }
            guard finding.severity >= severity, finding.confidence >= confidence else {
                hidden += 1
                continue
            }
            var entry = CheckReport.Entry(finding)
            if let longest = covering.max(by: { $0.until < $1.until }) {
                if let today, longest.isExpired(on: today) {
                    expired[longest, default: 0] += 1
                } else {
                    entry.state = .suppressed(longest)
                }
            }
            entries.append(entry)
        }
        notices += expired.sorted { ($0.key.until, $0.key.reason) < ($1.key.until, $1.key.reason) }.map { ended in
            CheckReport.Notice(
                .expiredSuppression,
                "the suppression of \(ended.key.selection) ended on \(ended.key.until) (\(ended.key.reason)): "
                    + "\(ended.value) finding\(ended.value == 1 ? " counts" : "s count") again",
                at: ended.key.location)
        }
        for (index, suppression) in suppressions.enumerated() where !used.contains(index) {
            notices.append(
                CheckReport.Notice(
                    .unusedSuppression,
                    "the suppression of \(suppression.selection) meets nothing here; take it out if that is so "
                        + "everywhere",
                    at: suppression.location))
        }
        entries = entries.tellingOnceWhatConcernsMany()
        if let baseline { notices += apply(baseline, to: &entries, isWhole: hidden == 0 && result.isComplete) }
        var judged = result
        judged.findings = entries.map(\.finding)
        return CheckReport(
            result: judged, entries: entries, notices: notices, hidden: hidden, failOn: failOn,
            acceptsTemplates: acceptsTemplates)
    }

    /// Marks what the baseline knows, and tells what it knows and is gone.
    ///
    /// Where not everything was read or shown, nothing is called gone.
    private func apply(
        _ baseline: Baseline, to entries: inout [CheckReport.Entry], isWhole: Bool
    ) -> [CheckReport.Notice] {
        var known = Dictionary(baseline.entries.map { ($0.fingerprint, $0.count) }, uniquingKeysWith: +)
        for index in entries.indices {
            guard let count = known[entries[index].fingerprint], count > 0 else { continue }
            known[entries[index].fingerprint] = count - 1
            if entries[index].state == .counts { entries[index].state = .inBaseline }
        }
        guard isWhole else { return [] }
        return baseline.entries.compactMap { entry in
            guard let left = known.removeValue(forKey: entry.fingerprint), left > 0 else { return nil }
            return CheckReport.Notice(
                .fixedSinceBaseline,
                "\(entry.code) of \(entry.object)" + (left > 1 ? " (\(left) times)" : "")
                    + " is in the baseline and no longer found")
        }
    }
}

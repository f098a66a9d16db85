import Findings

/// What a code of findings stands for.
struct FindingRule {
    var code: String
    /// One sentence.
    var summary: String
    /// The hardest severity that it was found with here.
    var severity: Finding.Severity
    /// How the finding is lived with or mended.
    var help: String

    /// `ApiRemoved`, as SARIF wants names.
    var name: String {
        code.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The rules that a report speaks of, by code; only these, for a registry of a hundred would bury them.
    static func all(in report: CheckReport) -> [FindingRule] {
        let codes =
            (Checks.all + Checks.strict).map { ($0.code, $0.summary) } + ServerCodes.all.map { ($0.code, $0.summary) }
        let known = Dictionary(codes) { first, _ in first }
        var rules: [String: FindingRule] = [:]
        for entry in report.entries {
            let finding = entry.finding
            if let rule = rules[finding.code] {
                if rule.severity < finding.severity { rules[finding.code]?.severity = finding.severity }
                continue
            }
            let summary = known[finding.code] ?? "Something that changes with the release."
            rules[finding.code] = FindingRule(
                code: finding.code, summary: summary, severity: finding.severity,
                help: "\(summary) Each result says what to write instead. To live with it for a while, put the "
                    + "annotation `\(SuppressionAnnotation.name): \(finding.code) until=YYYY-MM-DD reason=why` on the "
                    + "object, or an entry into `\(SuppressionFile.standardName)`.")
        }
        return rules.values.sorted { $0.code < $1.code }
    }
}

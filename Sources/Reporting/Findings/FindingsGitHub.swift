public import Findings
import Manifests

/// Findings as workflow commands, which GitHub Actions shows beside the lines of a pull request.
///
/// GitHub shows ten errors and ten warnings of a step; the rest stands in its log. SARIF has no such limit.
public enum FindingsGitHub {
    /// One command to a line, ending in a line feed.
    public static func render(_ report: CheckReport) -> String {
        var lines: [String] = []
        for unread in FindingsSummary.notExamined(report.result) {
            lines.append(
                command("error", unread.location, title: "kirikae: not examined", FindingWords.visible(unread.message)))
        }
        // The worst first: they are the ones that should be among the ten.
        let counting = report.counting.enumerated().sorted {
            ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
        }.map(\.element)
        for finding in counting {
            let word =
                switch finding.severity {
                case .breaks: "error"
                case .warns: "warning"
                case .info: "notice"
                }
            var text = FindingWords.visible("\(finding.object): \(finding.message)")
            text += "\n" + FindingWords.visible(finding.remedy)
            if let line = ConvertCommand.line(for: finding, target: report.result.target) { text += "\n\(line)" }
            lines.append(
                command(
                    word, finding.location, title: "\(finding.code) (\(FindingWords.severity(finding)))", text))
        }
        for notice in report.notices {
            lines.append(
                command(
                    notice.kind == .expiredSuppression ? "warning" : "notice", notice.location,
                    title: "kirikae: \(notice.kind.rawValue)", FindingWords.visible(notice.message)))
        }
        let summary = ([FindingsSummary.verdict(report)] + FindingsSummary.asides(report).map { "\($0)." })
            .joined(separator: " ")
        lines.append(command("notice", nil, title: "kirikae check", summary))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func command(
        _ word: String, _ location: SourceLocation?, title: String, _ text: String
    ) -> String {
        var properties: [String] = []
        if let location, location.file != "-" {
            let file = location.file.hasPrefix("./") ? String(location.file.dropFirst(2)) : location.file
            properties = ["file=\(property(file))"]
            if !location.isWholeFile { properties += ["line=\(location.line)", "col=\(location.column)"] }
        }
        properties.append("title=\(property(title))")
        return "::\(word) \(properties.joined(separator: ","))::\(data(text))"
    }

    private static func data(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}

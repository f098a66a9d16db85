public import Findings
import Manifests

/// Findings as GitHub's Markdown, for comments on pull requests and summaries of jobs.
///
/// Comments end at 65,536 characters: rows that would not fit are counted instead, the mildest first to go.
public enum FindingsMarkdown {
    /// How long a report gets at most.
    public static let limit = 60_000

    /// The whole report, ending in a line feed.
    public static func render(_ report: CheckReport, limit: Int = limit) -> String {
        let result = report.result
        var text = "## kirikae check: \(result.from.map { "\($0) → " } ?? "")\(result.target)\n\n"
        let mark = report.exitStatus == 0 ? "✅" : report.count(.breaks) > 0 ? "❌" : "⚠️"
        text += "\(mark) **\(escaped(FindingsSummary.verdict(report)))**\n\n"
        var tail = ""
        let unread = FindingsSummary.notExamined(result)
        if !unread.isEmpty {
            text += "### Not examined\n\n"
            text += list(unread.map { ($0.location.map { "`\(code("\($0)"))` " } ?? "") + escaped($0.message) })
        }
        if !report.notices.isEmpty {
            tail += "### To know\n\n"
            tail += list(
                report.notices.map { ($0.location.map { "`\(code("\($0)"))` " } ?? "") + escaped($0.message) })
        }
        let files = ConvertCommand.files(of: report.counting)
        if !files.isEmpty {
            tail += "### Mended by command\n\nComments and layout are kept.\n\n```sh\n"
            tail += files.prefix(listed).map { ConvertCommand.line(for: $0, target: result.target) }
                .filter { !$0.contains("`") && !$0.contains("\n") }.joined(separator: "\n")
            if files.count > listed { tail += "\n# and \(files.count - listed) more files" }
            tail += "\n```\n\n"
        }
        for aside in FindingsSummary.asides(report) { tail += "\(escaped(aside)).  \n" }
        tail += "\(escaped(FindingsSummary.accounting(result)))\n"
        for sentence in FindingsSummary.grounds(result) { tail += "\n\(escaped(sentence))\n" }
        return text + tables(report, room: limit - text.count - tail.count - 200) + tail
    }

    /// How many entries of a plain list are shown.
    private static let listed = 20

    private static func list(_ items: [String]) -> String {
        var text = items.prefix(listed).map { "- \($0)\n" }.joined()
        if items.count > listed { text += "- … and \(items.count - listed) more\n" }
        return text + "\n"
    }

    private static func tables(_ report: CheckReport, room: Int) -> String {
        let entries = report.entries.filter { $0.state == .counts }
        let findings = entries.map(\.finding)
        // Chosen by severity, shown by release: what is left out is the mildest.
        var left = room
        var chosen: Set<Int> = []
        let worstFirst = findings.indices.sorted { (findings[$1].severity, $0) < (findings[$0].severity, $1) }
        for index in worstFirst {
            let length = row(findings[index]).count + 40
            if left < length { break }
            left -= length
            chosen.insert(index)
        }
        var text = ""
        for section in FindingSections.of(entries.indices.filter(chosen.contains).map { entries[$0] }, in: report) {
            text += "### \(section.title)\n\n| | where | what | remedy |\n|---|---|---|---|\n"
            text += section.entries.map { row($0.finding) }.joined() + "\n"
        }
        let missing = findings.count - chosen.count
        if missing > 0 {
            text +=
                "… and \(FindingWords.counted(missing, "finding")) more that did not fit here; `-o json` and "
                + "`-o html` have them all.\n\n"
        }
        return text
    }

    private static func row(_ finding: Finding) -> String {
        let mark =
            switch finding.severity {
            case .breaks: "❌"
            case .warns: "⚠️"
            case .info: "ℹ️"
            }
        let place = finding.location.map { "`\(code("\($0)"))`<br>" } ?? ""
        let consequence =
            finding.consequence == .nothingYet ? "" : " (\(FindingWords.consequence(finding.consequence)))"
        return "| \(mark) \(finding.severity.rawValue)\(consequence) | \(place)`\(code("\(finding.object)"))` "
            + "| \(escaped(finding.message)) `\(code(finding.code))` | \(escaped(finding.remedy)) |\n"
    }

    /// Text in which nothing is markup, a link or a mention.
    static func escaped(_ text: String) -> String {
        var out = ""
        for character in FindingWords.visible(text) {
            switch character {
            case "\\", "`", "*", "_", "[", "]", "|", "~", "#": out += "\\\(character)"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "&": out += "&amp;"
            // Between letters an at sign would call somebody.
            case "@": out += "&#64;"
            default: out.append(character)
            }
        }
        return out
    }

    /// Text for a code span in a table.
    static func code(_ text: String) -> String {
        FindingWords.visible(text).replacing("`", with: "'").replacing("|", with: "\\|")
    }
}

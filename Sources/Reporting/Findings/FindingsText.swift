public import Findings
import Manifests

/// Findings for people: grouped by object, each with the place to click on, and at the end what was looked at.
///
/// Where a release to come from is known, the groups stand in the order in which they begin to hurt.
public enum FindingsText {
    /// The whole report, ending in a line feed.
    public static func render(_ report: CheckReport, colour: Bool = false) -> String {
        let paint = TerminalPaint(isOn: colour)
        let result = report.result
        var lines: [String] = []
        let counting = report.entries.filter { $0.state == .counts }
        // Without a range there is one section, and no title to it.
        let sections: [(title: String?, entries: [CheckReport.Entry])] =
            counting.isEmpty
            ? []
            : result.from == nil
                ? [(nil, counting)] : FindingSections.of(counting, in: report).map { ($0.title, $0.entries) }
        for section in sections {
            if let title = section.title { lines += [paint.bold("\(title):"), ""] }
            var previous: Heading?
            for finding in section.entries.map(\.finding) {
                let heading = Heading(finding)
                if heading != previous {
                    if previous != nil { lines.append("") }
                    lines.append(paint.bold(heading.text))
                    previous = heading
                }
                let place = finding.location.map { FindingWords.visible("\($0): ") } ?? ""
                let message = FindingWords.visible(finding.message)
                lines.append("  \(place)\(verdict(finding, paint)): \(message) \(paint.dim("[\(finding.code)]"))")
                lines.append("    \(FindingWords.visible(finding.remedy))")
            }
            lines.append("")
        }
        lines += mends(report)
        lines += notExamined(result, paint)
        if !report.notices.isEmpty {
            lines += ["To know:"]
            lines += report.notices.map {
                "  " + FindingWords.visible("\($0.location.map { "\($0): " } ?? "")\($0.message)")
            }
            lines += [""]
        }
        lines.append(summary(report, paint))
        lines += asides(report)
        lines.append(FindingsSummary.accounting(result))
        lines += FindingsSummary.grounds(result)
        return lines.joined(separator: "\n") + "\n"
    }

    /// What findings are put together under.
    private struct Heading: Equatable {
        var object: ObjectReference
        var file: String?

        init(_ finding: Finding) {
            object = finding.object
            file = finding.location?.file
        }

        var text: String {
            FindingWords.visible(object.name.isEmpty ? "\(object.kind) without a name" : object.description)
        }
    }

    private static func verdict(_ finding: Finding, _ paint: TerminalPaint) -> String {
        var words = [FindingWords.severity(finding)]
        if finding.consequence != .nothingYet { words.append(FindingWords.consequence(finding.consequence)) }
        if finding.confidence != .certain { words.append(finding.confidence.rawValue) }
        return paint.severity(words.joined(separator: ", "), finding.severity)
    }

    /// How many files of convertible findings are named one by one.
    private static let filesNamed = 10

    private static func mends(_ report: CheckReport) -> [String] {
        let files = ConvertCommand.files(of: report.counting)
        guard !files.isEmpty else { return [] }
        let count = report.counting.count { ConvertCommand.line(for: $0, target: report.result.target) != nil }
        var lines = ["Mended by command, comments and layout kept (\(count) of \(report.counting.count)):"]
        lines += files.prefix(filesNamed).map { "  " + ConvertCommand.line(for: $0, target: report.result.target) }
        if files.count > filesNamed {
            lines.append("  and \(files.count - filesNamed) more files; kirikae convert takes folders too")
        }
        return lines + [""]
    }

    private static func notExamined(_ result: CheckResult, _ paint: TerminalPaint) -> [String] {
        let lines = FindingsSummary.notExamined(result)
        guard !lines.isEmpty else { return [] }
        return [paint.severity("Not examined:", .warns)]
            + lines.map { "  " + FindingWords.visible("\($0.location.map { "\($0): " } ?? "")\($0.message)") } + [""]
    }

    private static func summary(_ report: CheckReport, _ paint: TerminalPaint) -> String {
        let text = FindingsSummary.verdict(report)
        if report.exitStatus == 0 { return paint.good(text) }
        return paint.severity(text, report.count(.breaks) > 0 ? .breaks : .warns)
    }

    private static func asides(_ report: CheckReport) -> [String] {
        FindingsSummary.asides(report).map { "\($0)." }
    }
}

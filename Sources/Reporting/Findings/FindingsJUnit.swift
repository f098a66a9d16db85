public import Findings
import Manifests

/// Findings as JUnit's XML, which CI servers show as tests.
///
/// A first suite says whether everything was read, so that a clean run is not an empty report; then one suite to a
/// file, or to the cluster, with a case to a finding. What does not fail the check – below `--fail-on`, suppressed, in
/// the baseline – is a passed or a skipped case.
public enum FindingsJUnit {
    /// The whole document, ending in a line feed.
    public static func render(_ report: CheckReport) -> String {
        var suites = [reading(report)]
        var order: [String] = []
        var groups: [String: [CheckReport.Entry]] = [:]
        for entry in report.entries {
            let name = entry.finding.location?.file ?? cluster(report)
            if groups[name] == nil { order.append(name) }
            groups[name, default: []].append(entry)
        }
        for name in order { suites.append(suite(name, groups[name] ?? [], report)) }
        let cases = suites.reduce(0) { $0 + $1.cases.count }
        let failures = suites.reduce(0) { $0 + $1.count(.failure) }
        let errors = suites.reduce(0) { $0 + $1.count(.error) }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\"kirikae check\" tests=\"\(cases)\" failures=\"\(failures)\" errors=\"\(errors)\">\n"
        for suite in suites { text += suite.text }
        return text + "</testsuites>\n"
    }

    private enum Outcome: String {
        case passed, failure, error, skipped
    }

    private struct Case {
        var className: String
        var name: String
        var outcome: Outcome
        var message = ""
        var body = ""

        var text: String {
            let head = "    <testcase classname=\"\(escaped(className))\" name=\"\(escaped(name))\" time=\"0\""
            switch outcome {
            case .passed where body.isEmpty: return head + "/>\n"
            case .passed: return head + ">\n      <system-out>\(escaped(body))</system-out>\n    </testcase>\n"
            case .skipped: return head + ">\n      <skipped message=\"\(escaped(message))\"/>\n    </testcase>\n"
            case .failure, .error:
                let word = outcome.rawValue
                return head + ">\n      <\(word) message=\"\(escaped(message))\" type=\"\(escaped(className))\">"
                    + "\(escaped(body))</\(word)>\n    </testcase>\n"
            }
        }

        private func escaped(_ text: String) -> String { MarkupText.escaped(text) }
    }

    private struct Suite {
        var name: String
        var cases: [Case]

        func count(_ outcome: Outcome) -> Int { cases.count { $0.outcome == outcome } }

        var text: String {
            "  <testsuite name=\"\(MarkupText.escaped(name))\" tests=\"\(cases.count)\" failures=\"\(count(.failure))\""
                + " errors=\"\(count(.error))\" skipped=\"\(count(.skipped))\" time=\"0\">\n"
                + cases.map(\.text).joined() + "  </testsuite>\n"
        }
    }

    private static func cluster(_ report: CheckReport) -> String {
        if case .cluster(let cluster) = report.result.source { cluster.name } else { "objects" }
    }

    private static func reading(_ report: CheckReport) -> Suite {
        let unread = FindingsSummary.notExamined(report.result)
        var cases = [
            Case(
                className: "kirikae", name: "check at \(report.result.target)",
                outcome: .passed, body: FindingsSummary.accounting(report.result))
        ]
        // Accepted templates are told, and are no error.
        let isError = report.exitStatus == 3
        cases += unread.map { unread in
            let place = unread.location.map { "\($0): " } ?? ""
            return Case(
                className: "not-examined", name: place + unread.message, outcome: isError ? .error : .skipped,
                message: place + unread.message, body: "It was not examined, and may hold anything.")
        }
        return Suite(name: "kirikae check", cases: cases)
    }

    private static func suite(_ name: String, _ entries: [CheckReport.Entry], _ report: CheckReport) -> Suite {
        var seen: [String: Int] = [:]
        let cases = entries.map { entry -> Case in
            let finding = entry.finding
            let place = finding.path.map { " \($0)" } ?? ""
            var title = "\(finding.object)\(place)"
            seen["\(finding.code) \(title)", default: 0] += 1
            let count = seen["\(finding.code) \(title)"] ?? 1
            // Servers take cases of one name for one case.
            if count > 1 { title += " (\(count))" }
            let body =
                (finding.location.map { "\($0): " } ?? "")
                + "\(FindingWords.severity(finding)), \(FindingWords.consequence(finding.consequence))\n"
                + "\(finding.message)\n\(finding.remedy)"
                + (ConvertCommand.line(for: finding, target: report.result.target).map { "\n\($0)" } ?? "")
            var made = Case(
                className: finding.code, name: title, outcome: .passed, message: finding.message, body: body)
            switch entry.state {
            case .counts: if finding.severity >= report.failOn { made.outcome = .failure }
            case .inBaseline:
                made.outcome = .skipped
                made.message = "in the baseline: \(finding.message)"
            case .suppressed(let suppression):
                made.outcome = .skipped
                made.message = "suppressed until \(suppression.until): \(suppression.reason)"
            }
            return made
        }
        return Suite(name: name, cases: cases)
    }
}

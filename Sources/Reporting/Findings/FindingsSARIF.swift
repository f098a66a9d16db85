public import Findings
import Manifests

/// Findings as SARIF 2.1.0, which code hosts and editors show beside the lines they are about.
///
/// What could not be read stands in the invocation as a notification, and the invocation then did not succeed: a
/// reader that looks at the results alone cannot take half an answer for a whole one.
public enum FindingsSARIF {
    /// One log with one run, ending in a line feed.
    public static func render(_ report: CheckReport, toolVersion: String) -> String {
        json(report, toolVersion: toolVersion).indentedText
    }

    /// The same as a value.
    static func json(_ report: CheckReport, toolVersion: String) -> JSONValue {
        let rules = FindingRule.all(in: report)
        let positions = Dictionary(rules.enumerated().map { ($0.element.code, $0.offset) }) { first, _ in first }
        var driver: JSONObject = [
            "name": "kirikae", "rules": .array(rules.map(rule)),
            "properties": ["catalogDigest": text(report.result.catalogDigest)],
        ]
        if !toolVersion.isEmpty {
            driver["version"] = .string(toolVersion)
            driver["semanticVersion"] = .string(toolVersion)
        }
        var properties: JSONObject = ["target": text(report.result.target)]
        properties["from"] = report.result.from.map(text)
        let run: JSONObject = [
            "tool": ["driver": .object(driver)],
            // Columns are counted in characters, not in UTF-16 units.
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation(report)],
            "results": .array(report.entries.map { result($0, rule: positions[$0.finding.code], report: report) }),
            "properties": .object(properties),
        ]
        return [
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0", "runs": [.object(run)],
        ]
    }

    private static func rule(_ rule: FindingRule) -> JSONValue {
        [
            "id": .string(rule.code), "name": .string(rule.name),
            "shortDescription": message(rule.summary),
            "fullDescription": message(rule.summary),
            "help": [
                "text": .string(rule.help),
                "markdown": .string(rule.help),
            ],
            "defaultConfiguration": ["level": .string(level(rule.severity))],
            "properties": ["tags": ["kubernetes", "upgrade"]],
        ]
    }

    private static func result(_ entry: CheckReport.Entry, rule: Int?, report: CheckReport) -> JSONValue {
        let finding = entry.finding
        var properties: JSONObject = [
            "severity": .string(finding.severity.rawValue), "confidence": .string(finding.confidence.rawValue),
            "consequence": .string(finding.consequence.rawValue), "place": .string(finding.place.word),
            "apiVersion": .string(finding.gvk.apiVersion), "kind": .string(finding.gvk.kind),
            "remedy": .string(finding.remedy),
        ]
        properties["since"] = finding.since.map(text)
        properties["path"] = finding.path.map(text)
        properties["fact"] = finding.fact.map(JSONValue.string)
        properties["fix"] = ConvertCommand.line(for: finding, target: report.result.target).map(JSONValue.string)
        var location: JSONObject = [
            "logicalLocations": [
                [
                    "name": .string(finding.object.name), "kind": "resource",
                    "fullyQualifiedName": .string(logicalName(finding)),
                ]
            ]
        ]
        location["physicalLocation"] = finding.location.map(physical)
        var members: JSONObject = [
            "ruleId": .string(finding.code), "level": .string(level(finding.severity)),
            "message": message("\(finding.message) \(finding.remedy)"),
            "locations": [.object(location)],
            "partialFingerprints": ["kirikaeFinding/v1": .string(entry.fingerprint)],
            "properties": .object(properties),
        ]
        if let rule { members["ruleIndex"] = .integer(Int64(rule)) }
        // An empty list says that suppressions were looked for and there are none.
        members["suppressions"] = []
        switch entry.state {
        case .suppressed(let suppression):
            var held: JSONObject = [
                "kind": suppression.origin == .annotation ? "inSource" : "external", "status": "accepted",
                "justification": .string("\(suppression.reason) (until \(suppression.until))"),
                "properties": ["until": text(suppression.until)],
            ]
            held["location"] = suppression.location.map { ["physicalLocation": physical($0)] }
            members["suppressions"] = [.object(held)]
        case .inBaseline: members["baselineState"] = "unchanged"
        case .counts: break
        }
        // Either every result says how it stands to the baseline, or none does.
        if report.inBaseline > 0, members["baselineState"] == nil { members["baselineState"] = "new" }
        return .object(members)
    }

    private static func logicalName(_ finding: Finding) -> String {
        finding.path.map { "\(finding.object)#\($0)" } ?? finding.object.description
    }

    private static func invocation(_ report: CheckReport) -> JSONValue {
        var notifications = FindingsSummary.notExamined(report.result).map { unread -> JSONValue in
            var members: JSONObject = [
                "level": "error", "message": message(unread.message), "descriptor": ["id": "not-examined"],
            ]
            if let location = unread.location { members["locations"] = [["physicalLocation": physical(location)]] }
            return .object(members)
        }
        notifications += report.notices.map { notice in
            var members: JSONObject = [
                "level": notice.kind == .expiredSuppression ? "warning" : "note", "message": message(notice.message),
                "descriptor": ["id": .string(notice.kind.rawValue)],
            ]
            if let location = notice.location { members["locations"] = [["physicalLocation": physical(location)]] }
            return .object(members)
        }
        return [
            "executionSuccessful": .bool(report.exitStatus != 3), "exitCode": .integer(Int64(report.exitStatus)),
            "exitCodeDescription": .string(FindingsSummary.verdict(report)),
            "toolExecutionNotifications": .array(notifications),
        ]
    }

    private static func physical(_ location: SourceLocation) -> JSONValue {
        var members: JSONObject = ["artifactLocation": ["uri": .string(uri(location.file))]]
        if !location.isWholeFile {
            members["region"] = [
                "startLine": .integer(Int64(max(1, location.line))),
                "startColumn": .integer(Int64(max(1, location.column))),
            ]
        }
        return .object(members)
    }

    /// The path as a URI reference: relative ones stay relative, to be read from the repository's root.
    static func uri(_ path: String) -> String {
        var encoded = ""
        for byte in path.hasPrefix("./") ? path.dropFirst(2).utf8 : path[...].utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"), UInt8(ascii: "+"), UInt8(ascii: "@"), UInt8(ascii: "="),
                UInt8(ascii: ","):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.count == 1 ? "0" + digits : digits)
            }
        }
        return path.hasPrefix("/") ? "file://\(encoded)" : encoded
    }

    private static func level(_ severity: Finding.Severity) -> String {
        switch severity {
        case .breaks: "error"
        case .warns: "warning"
        case .info: "note"
        }
    }

    private static func message(_ text: String) -> JSONValue { ["text": .string(text)] }

    private static func text(_ value: some CustomStringConvertible) -> JSONValue { .string(value.description) }
}

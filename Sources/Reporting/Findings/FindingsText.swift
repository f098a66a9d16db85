public import Findings
import Manifests

/// Findings for people: grouped by object, each with the place to click on, and at the end what was looked at.
public enum FindingsText {
    /// The whole report, ending in a line feed.
    ///
    /// - Parameters:
    ///   - result: what the checks said.
    ///   - command: how the user would go on, named where something is to be typed.
    public static func render(_ result: CheckResult, command: String = "kirikae") -> String {
        var lines: [String] = []
        var previous: Heading?
        for finding in result.findings {
            let heading = Heading(finding)
            if heading != previous {
                if previous != nil { lines.append("") }
                lines.append(heading.text)
                previous = heading
            }
            let place = finding.location.map { "\($0): " } ?? ""
            lines.append("  \(place)\(finding.severity.rawValue): \(finding.message) [\(finding.code)]")
            lines.append("    \(finding.remedy)")
        }
        if !lines.isEmpty { lines.append("") }
        lines += notRead(result)
        lines.append(summary(result))
        lines += accounting(result)
        if !result.knownReleases.contains(result.target) {
            lines.append(
                "Releases \(result.knownReleases.lowerBound) to \(result.knownReleases.upperBound) are known; what "
                    + "\(result.target) serves rests on announcements.")
        }
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

        var text: String { object.description }
    }

    private static func notRead(_ result: CheckResult) -> [String] {
        let lines =
            result.errors.map { "  \($0)" } + result.notSeen.map { "  \($0)" }
            + result.unrendered.map { "  \($0.path): an unrendered template; check what helm template makes of it" }
        return lines.isEmpty ? [] : ["Not examined:"] + lines + [""]
    }

    private static func summary(_ result: CheckResult) -> String {
        guard !result.findings.isEmpty else { return "No findings at \(result.target)." }
        let objects = Set(result.findings.map { "\($0.location?.file ?? "") \($0.object)" }).count
        let parts = [
            (result.count(.breaks), "break"), (result.count(.warns), "warn"), (result.count(.info), "inform"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "s" : "")" }
        return "\(counted(result.findings.count, "finding")) in \(counted(objects, "object")) at \(result.target): "
            + parts.joined(separator: ", ") + "."
    }

    private static func accounting(_ result: CheckResult) -> [String] {
        let counts = result.accounting
        switch result.source {
        case .cluster(let cluster):
            return [
                "Looked at \(counted(counts.objects, "object")) of \(cluster.name) (\(cluster.version)); "
                    + "\(counted(result.notSeen.count, "resource")) not seen."
            ]
        case .manifests:
            var line =
                "Looked at \(counted(counts.objects, "object")) in \(counted(counts.documents, "document")) of "
                + "\(counted(counts.filesSeen, "file")): \(counts.filesRead) read, \(counts.filesSkipped) skipped, "
                + "\(counts.filesFailed) failed."
            if !counts.skipped.isEmpty {
                let reasons = counts.skipped.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value)" }
                line += " Skipped: " + reasons.joined(separator: ", ") + "."
            }
            return [line]
        }
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

import Findings
import Manifests

/// The sentences about a whole report that several forms share.
enum FindingsSummary {
    /// One input that was not examined.
    struct Unread {
        var location: SourceLocation?
        /// Without the location.
        var message: String
    }

    /// What was found, in one sentence; never "no findings" where something was not looked at.
    static func verdict(_ report: CheckReport) -> String {
        let target = report.result.target
        let span = report.result.from.map { "from \($0) to \(target)" } ?? "at \(target)"
        let unread = notExamined(report.result).count
        let counting = report.counting
        guard !counting.isEmpty else {
            let kind = report.inBaseline > 0 ? "new findings" : "findings"
            if unread == 0 { return "No \(kind) \(span)." }
            return "No \(kind) \(span) in what could be read; \(FindingWords.counted(unread, "input")) could not be "
                + "examined and may hold some."
        }
        let objects = Set(counting.map { "\($0.location?.file ?? "") \($0.object)" }).count
        let parts = [
            (report.count(.breaks), "break"), (report.count(.warns), "warn"), (report.count(.info), "inform"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "s" : "")" }
        let new = report.inBaseline > 0 ? "new finding" : "finding"
        return FindingWords.counted(counting.count, new) + " in \(FindingWords.counted(objects, "object")) \(span): "
            + parts.joined(separator: ", ")
            + (unread == 0 ? "." : "; \(FindingWords.counted(unread, "input")) could not be examined.")
    }

    /// What does not count, a sentence without a full stop each.
    static func asides(_ report: CheckReport) -> [String] {
        var found: [String] = []
        if report.inBaseline > 0 {
            found.append("\(FindingWords.counted(report.inBaseline, "finding")) more in the baseline")
        }
        if report.suppressed > 0 {
            let first = report.entries.compactMap { entry in
                if case .suppressed(let suppression) = entry.state { suppression.until } else { nil }
            }.min()
            found.append(
                "\(FindingWords.counted(report.suppressed, "finding")) suppressed"
                    + (first.map { "; the first suppression ends after \($0)" } ?? ""))
        }
        if report.hidden > 0 {
            found.append("\(FindingWords.counted(report.hidden, "finding")) below the chosen severity or confidence")
        }
        return found
    }

    /// Everything that was not examined.
    static func notExamined(_ result: CheckResult) -> [Unread] {
        result.errors.map { Unread(location: $0.location, message: $0.message) }
            + result.notSeen.map { Unread(location: nil, message: $0) }
            + result.unrendered.map {
                Unread(
                    location: $0.location,
                    message: ($0.location == nil ? "\($0.path): " : "")
                        + "a template that was not rendered; --helm renders charts, and what other programs make of "
                        + "theirs can be piped in")
            }
    }

    /// What was looked at, in numbers that add up.
    static func accounting(_ result: CheckResult) -> String {
        let counts = result.accounting
        let counted = FindingWords.counted
        switch result.source {
        case .cluster(let cluster):
            return "Looked at \(counted(counts.objects, "object")) of \(cluster.name) (\(cluster.version)); "
                + "\(counted(result.notSeen.count, "resource")) not seen."
        case .manifests:
            var line =
                "Looked at \(counted(counts.objects, "object")) in \(counted(counts.documents, "document")) of "
                + "\(counted(counts.filesSeen, "file")): \(counts.filesRead) read, \(counts.filesSkipped) skipped, "
                + "\(counts.filesFailed) failed."
            if counts.documentsCleared > 0 {
                line +=
                    " Documents: \(counts.documentsParsed) parsed, \(counts.documentsCleared) cleared by a scan for the "
                    + "words that matter (--parse-all parses them too), \(counts.documentsFailed) failed."
            }
            if counts.renderings > 0 {
                line += " \(counts.renderings) of the files \(counts.renderings == 1 ? "is" : "are") what was rendered."
            }
            if !counts.skipped.isEmpty {
                let reasons = counts.skipped.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value)" }
                line += " Skipped: " + reasons.joined(separator: ", ") + "."
            }
            return line
        }
    }

    /// What the answers rest on, where there is something to say about it.
    static func grounds(_ result: CheckResult) -> [String] {
        var found: [String] = []
        if !result.quietReleases.isEmpty {
            let releases = result.quietReleases.map(\.description).joined(separator: ", ")
            found.append("No API is taken away by \(releases).")
        }
        if let server = result.servedBy { found.append("What \(result.target) serves was asked of \(server).") }
        if !result.knownReleases.contains(result.target) {
            found.append(
                "Releases \(result.knownReleases.lowerBound) to \(result.knownReleases.upperBound) are known; what "
                    + "\(result.target) serves rests on announcements.")
        }
        return found
    }
}

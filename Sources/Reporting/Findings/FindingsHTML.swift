public import Findings
import Manifests

/// Findings as one page that people open, sort, filter and print.
///
/// Grouped by the release at which things begin to hurt; what was not examined stands above all findings.
public enum FindingsHTML {
    /// The whole page, ending in a line feed.
    public static func render(_ report: CheckReport, toolVersion: String) -> String {
        let result = report.result
        let span = result.from.map { "\($0) to \(result.target)" } ?? "\(result.target)"
        var body = "<h1>Upgrade to Kubernetes \(span)</h1>\n"
        body += "<p class=\"lead\">\(escaped(FindingsSummary.verdict(report)))</p>\n"
        body += "<p class=\"soft\">\(escaped(FindingsSummary.accounting(result)))</p>\n"
        for sentence in FindingsSummary.grounds(result) { body += "<p class=\"soft\">\(escaped(sentence))</p>\n" }
        body += tiles(report) + notExamined(report) + notices(report) + mends(report)
        if !report.entries.isEmpty { body += toolbar(report) + sections(report) }
        let maker =
            "Made by kirikae\(toolVersion.isEmpty ? "" : " \(escaped(toolVersion))") from the catalog of releases "
        let footer =
            maker + "\(result.knownReleases.lowerBound) to \(result.knownReleases.upperBound), "
            + "<code>\(escaped(result.catalogDigest.description))</code>."
        return HTMLPage(
            title: "Kubernetes \(span): \(FindingWords.counted(report.counting.count, "finding"))", body: body,
            footer: footer, script: report.entries.isEmpty ? nil : script
        ).text
    }

    private static func tiles(_ report: CheckReport) -> String {
        let unread = FindingsSummary.notExamined(report.result).count
        let tiles: [(Int, String, String)] = [
            (report.count(.breaks), "breaks", "break"), (report.count(.warns), "warns", "warn"),
            (report.count(.info), "info", "to know"), (unread, "warns", "not examined"),
            (report.inBaseline, "", "in the baseline"), (report.suppressed, "", "suppressed"),
            (report.hidden, "", "below the threshold"),
        ]
        // The first four are shown at nought too: a reader should see that they are.
        let shown = tiles.enumerated().filter { $0.offset < 4 || $0.element.0 > 0 }.map(\.element)
        return "<ul class=\"tiles\">\n"
            + shown.map { count, style, label in
                "<li\(count > 0 && !style.isEmpty ? " class=\"\(style)\"" : "")><b>\(count)</b> \(label)</li>\n"
            }.joined() + "</ul>\n"
    }

    private static func notExamined(_ report: CheckReport) -> String {
        let unread = FindingsSummary.notExamined(report.result)
        guard !unread.isEmpty else { return "" }
        return box(
            "warns", "Not examined", "These may hold anything; no finding is told about them.",
            unread.map { item in
                (item.location.map { "<code>\(escaped("\($0)"))</code> " } ?? "") + escaped(item.message)
            })
    }

    private static func notices(_ report: CheckReport) -> String {
        guard !report.notices.isEmpty else { return "" }
        return box(
            "info", "To know", nil,
            report.notices.map { notice in
                (notice.location.map { "<code>\(escaped("\($0)"))</code> " } ?? "") + escaped(notice.message)
            })
    }

    private static func box(_ style: String, _ title: String, _ lead: String?, _ items: [String]) -> String {
        "<section class=\"box \(style)\">\n<h2>\(title) <small>\(items.count)</small></h2>\n"
            + (lead.map { "<p>\($0)</p>\n" } ?? "") + "<ul>\n"
            + items.map { "<li>\($0)</li>\n" }.joined() + "</ul>\n</section>\n"
    }

    private static func mends(_ report: CheckReport) -> String {
        let files = ConvertCommand.files(of: report.counting)
        guard !files.isEmpty else { return "" }
        let lines = files.map { escaped(ConvertCommand.line(for: $0, target: report.result.target)) }
        return "<details class=\"box good\">\n<summary>\(FindingWords.counted(files.count, "file")) can be mended by "
            + "command, with comments and layout kept</summary>\n<pre><code>\(lines.joined(separator: "\n"))"
            + "</code></pre>\n</details>\n"
    }

    private static func toolbar(_ report: CheckReport) -> String {
        let severities = Finding.Severity.allCases.reversed().map { severity in
            "<label><input type=\"checkbox\" name=\"severity\" value=\"\(severity.rawValue)\" checked> "
                + "\(severity.rawValue)</label>\n"
        }.joined()
        let states = Set(report.entries.map(\.state.word))
        let stateOptions = [("counts", "that count"), ("baseline", "in the baseline"), ("suppressed", "suppressed")]
            .filter { states.contains($0.0) }.map { "<option value=\"\($0.0)\">\($0.1)</option>" }.joined()
        let codes = Set(report.entries.map(\.finding.code)).sorted().map {
            "<option>\(escaped($0))</option>"
        }.joined()
        return "<form class=\"tools\" id=\"tools\" role=\"search\" hidden>\n"
            + "<input type=\"search\" id=\"find\" placeholder=\"Find (press /)\" aria-label=\"Find\">\n" + severities
            + "<select id=\"state\" aria-label=\"Which findings\"><option value=\"\">all</option>\(stateOptions)"
            + "</select>\n<select id=\"code\" aria-label=\"Which code\"><option value=\"\">every code</option>\(codes)"
            + "</select>\n<label><input type=\"checkbox\" id=\"group\" checked> by release</label>\n"
            + "<span class=\"soft\" id=\"shown\" role=\"status\"></span>\n</form>\n"
            + "<div id=\"flat\" hidden>\(table(rows: ""))</div>\n"
    }

    private static func sections(_ report: CheckReport) -> String {
        var order = 0
        return FindingSections.of(report.entries, in: report).map { section in
            let rows = section.entries.map { entry in
                order += 1
                return row(entry, order: order, target: report.result.target)
            }.joined()
            return "<section class=\"release\">\n<h2>\(section.title) <small>"
                + "\(FindingWords.counted(section.entries.count, "finding"))</small></h2>\n\(table(rows: rows))</section>\n"
        }.joined()
    }

    private static func table(rows: String) -> String {
        let heads = [("rank", "Severity"), ("where", "Where"), ("what", "What, and what to do")]
            .enumerated().map { index, head in
                "<th scope=\"col\" class=\"c\(index + 1)\"><button type=\"button\" data-key=\"\(head.0)\">\(head.1)"
                    + "</button></th>"
            }.joined()
        return "<table class=\"findings\"><thead><tr>\(heads)</tr></thead><tbody>\n\(rows)</tbody></table>\n"
    }

    private static func row(_ entry: CheckReport.Entry, order: Int, target: KubernetesVersion) -> String {
        let finding = entry.finding
        let severity = finding.severity
        // Sorted as text: the hardest first.
        let rank = Finding.Severity.allCases.count - (Finding.Severity.allCases.firstIndex(of: severity) ?? 0)
        let place = finding.location.map { "\($0)" } ?? ""
        var first = "<span class=\"badge \(severity.rawValue)\">\(escaped(FindingWords.severity(finding)))</span>"
        if finding.consequence != .nothingYet {
            first += "<span class=\"note\">\(FindingWords.consequence(finding.consequence))</span>"
        }
        if finding.confidence != .certain { first += "<span class=\"note\">\(finding.confidence.rawValue)</span>" }
        switch entry.state {
        case .counts: break
        case .inBaseline: first += "<span class=\"note\">in the baseline</span>"
        case .suppressed(let suppression):
            first += "<span class=\"note\">suppressed until \(suppression.until): \(escaped(suppression.reason))</span>"
        }
        var second = place.isEmpty ? "" : "<p class=\"where\">\(breakable(place))</p>"
        second += "<p><code>\(breakable(finding.object.description))</code></p>"
        if let path = finding.path { second += "<span class=\"note\"><code>\(escaped("\(path)"))</code></span>" }
        if let read = FindingWords.place(finding.place) { second += "<span class=\"note\">\(escaped(read))</span>" }
        var third = "<p>\(escaped(finding.message))</p><p><b>\(escaped(finding.remedy))</b></p>"
        if let line = ConvertCommand.line(for: finding, target: target) {
            third += "<p><code>\(escaped(line))</code></p>"
        }
        third += "<span class=\"note\"><code>\(escaped(finding.code))</code>"
        if let fact = finding.fact { third += " · <code>\(escaped(fact))</code>" }
        third += "</span>"
        return "<tr data-order=\"\(order)\" data-severity=\"\(severity.rawValue)\" data-rank=\"\(rank)\" data-state=\""
            + "\(entry.state.word)\" data-code=\"\(escaped(finding.code))\" data-where=\""
            + "\(escaped("\(place) \(finding.object)"))\" data-what=\"\(escaped("\(finding.code) \(finding.message)"))\">"
            + "<td>\(first)</td><td>\(second)</td><td>\(third)</td></tr>\n"
    }

    private static func escaped(_ text: String) -> String { MarkupText.escaped(FindingWords.visible(text)) }

    /// The same, with places at which a long name may be broken.
    private static func breakable(_ text: String) -> String { escaped(text).replacing("/", with: "/<wbr>") }
}

import Manifests

/// Reads the form that stands at the top of `support.txt`.
struct SupportParser {
    struct Result {
        var skew = VersionSkew()
        var windows: [SupportWindow] = []
    }

    static func parse(_ text: String, file: String) throws(CatalogError) -> Result {
        var lines = FactLines(text, file: file)
        var result = Result()
        while var heading = try lines.heading() {
            let head = try heading.word("a heading")
            switch head {
            case "component": try component(&heading, &lines, into: &result.skew)
            case "provider": try provider(&heading, &lines, into: &result.windows)
            case "order":
                result.skew.order = heading.words()
            case "ships":
                let name = try heading.word("a component")
                let range = try heading.word("Kubernetes minors").split(separator: "-").map {
                    KubernetesVersion(String($0))
                }
                guard let first = range.first, let first, let last = range.last, let last, first <= last else {
                    throw heading.error(.syntax, "expected a minor or a range of minors")
                }
                let release = try heading.release()
                for minor in first.minor...last.minor {
                    result.skew.shipped[name, default: [:]][KubernetesVersion(minor: minor)] = release
                }
            default: throw heading.error(.syntax, "unknown heading `\(head)`")
            }
            try heading.end()
        }
        return result
    }

    private static func component(
        _ heading: inout FactLines.Line, _ lines: inout FactLines, into skew: inout VersionSkew
    ) throws(CatalogError) {
        let name = try heading.word("a component")
        var remark = VersionSkew.Remark(component: name, notes: [], source: "")
        var rules: [VersionSkew.Rule] = []
        while var line = try lines.fact() {
            let fact = try line.word("a fact")
            switch fact {
            case "relative-to":
                rules.append(
                    .init(component: name, relativeTo: try line.word("a component"), behind: [], ahead: []))
            case "behind", "ahead":
                guard let last = rules.indices.last else {
                    throw line.error(.syntax, "`\(fact)` belongs behind a line `relative-to`")
                }
                let bound = try bound(&line)
                if fact == "behind" { rules[last].behind.append(bound) } else { rules[last].ahead.append(bound) }
            case "note": remark.notes.append(try line.text("a note"))
            case "source": remark.source = try line.text("a source")
            default: throw line.error(.syntax, "unknown fact `\(fact)`")
            }
            try line.end()
        }
        guard !rules.isEmpty, !remark.source.isEmpty else {
            throw heading.error(.missingFact, "\(name) needs the lines `relative-to` and `source`")
        }
        skew.rules += rules
        skew.remarks.append(remark)
    }

    private static func bound(_ line: inout FactLines.Line) throws(CatalogError) -> VersionSkew.Bound {
        let word = try line.word("a number")
        guard let minors = Int(word), minors >= 0 else { throw line.error(.syntax, "no number: `\(word)`") }
        var bound = VersionSkew.Bound(minors: minors)
        if line.take("from") { bound.from = try line.version() }
        if line.take("until") { bound.until = try line.version() }
        return bound
    }

    private static func provider(
        _ heading: inout FactLines.Line, _ lines: inout FactLines, into windows: inout [SupportWindow]
    ) throws(CatalogError) {
        let name = try heading.word("a provider")
        var source = ""
        var own: [SupportWindow] = []
        while var line = try lines.fact() {
            let fact = try line.word("a fact")
            switch fact {
            case "source": source = try line.text("a source")
            case "window": own.append(try window(&line, provider: name))
            case "note":
                let text = try line.text("a note")
                // A note further in belongs to the line before it.
                if line.indent > 2, let last = own.indices.last { own[last].note = text }
            default: throw line.error(.syntax, "unknown fact `\(fact)`")
            }
            try line.end()
        }
        guard !source.isEmpty else { throw heading.error(.missingFact, "\(name) needs a line `source`") }
        for index in own.indices { own[index].source = source }
        windows += own
    }

    private static func window(
        _ line: inout FactLines.Line, provider: String
    ) throws(CatalogError) -> SupportWindow {
        let version = try line.version()
        guard line.take("from") else { throw line.error(.syntax, "expected `from DATE`") }
        var window = SupportWindow(
            provider: provider, version: version, from: try line.date(), maintenance: nil, until: "",
            extended: nil, note: nil, source: "")
        if line.take("maintenance") { window.maintenance = try line.date() }
        guard line.take("until") else { throw line.error(.syntax, "expected `until DATE`") }
        window.until = try line.date()
        if line.take("extended") { window.extended = try line.date() }
        // Days in this form sort as text.
        guard window.from < window.until, window.extended.map({ $0 >= window.until }) ?? true else {
            throw line.error(.contradiction, "\(version) ends before it begins")
        }
        return window
    }
}

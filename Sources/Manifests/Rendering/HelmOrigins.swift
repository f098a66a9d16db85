/// Tells where the documents of `helm template` come from, by the comments that Helm writes above them.
public struct HelmOrigins: Sendable {
    private let chart: ChartFolder
    /// The lines of the output, without their line ends.
    private let lines: [Substring]
    /// The lines with such a comment, counted from 1 and ascending, with what they name.
    private let sources: [(line: Int, name: String)]

    public init(chart: ChartFolder, output: [UInt8]) {
        self.chart = chart
        lines = String(decoding: output, as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        var found: [(line: Int, name: String)] = []
        // Only right behind the beginning of a document: the same words may stand inside of a text.
        for (index, line) in lines.enumerated() where index > 0 && lines[index - 1] == "---" {
            guard line.hasPrefix("# Source: ") else { continue }
            found.append((index + 1, String(line.dropFirst(10))))
        }
        sources = found
    }

    /// What Helm calls the template that a line of its output comes from, such as `web/templates/ingress.yaml`.
    public func source(ofLine line: Int) -> String? { sources.last { $0.line <= line }?.name }

    /// Where a place of the output comes from: the line of the template that reads the same, if exactly one does, else
    /// the template as a whole, else the chart.
    public func location(of place: SourceLocation) -> SourceLocation {
        guard let source = source(ofLine: place.line), let file = chart.file(of: source),
            let text = ManifestLoader.text(at: file)
        else { return SourceLocation(wholeFile: "\(chart.path)/Chart.yaml") }
        let written = Self.line(place.line, of: lines)
        let wanted = written.drop { $0 == " " }
        let all = String(decoding: text, as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let same = all.indices.filter { all[$0].drop { $0 == " " } == wanted }
        guard !wanted.isEmpty, let only = same.first, same.count == 1 else { return SourceLocation(wholeFile: file) }
        let shift = Self.indentation(all[only]) - Self.indentation(written)
        return SourceLocation(file: file, line: only + 1, column: max(1, place.column + shift))
    }

    private static func line(_ number: Int, of lines: [Substring]) -> Substring {
        lines.indices.contains(number - 1) ? lines[number - 1] : ""
    }

    private static func indentation(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }
}

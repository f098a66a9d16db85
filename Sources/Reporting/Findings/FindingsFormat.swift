public import Findings

/// The forms in which findings are written; adding one is a case, a line in ``render(_:style:)`` and a snapshot.
public enum FindingsFormat: String, Sendable, CaseIterable {
    case text
    case json
    case sarif
    case junit
    case markdown
    case github
    case html

    /// What a form may want to know besides the findings.
    public struct Style: Sendable {
        /// The version of the tool, named in forms that name their maker.
        public var toolVersion: String
        /// Whether terminal colours may be used, in the form that knows any.
        public var colour: Bool

        public init(toolVersion: String = "", colour: Bool = false) {
            self.toolVersion = toolVersion
            self.colour = colour
        }
    }

    /// Reads a name; `md` stands for Markdown.
    public init?(name: String) {
        guard let format = Self(rawValue: name == "md" ? "markdown" : name) else { return nil }
        self = format
    }

    /// The whole report in that form, ending in a line feed.
    public func render(_ report: CheckReport, style: Style = Style()) -> String {
        switch self {
        case .text: FindingsText.render(report, colour: style.colour)
        case .json: FindingsJSON.render(report)
        case .sarif: FindingsSARIF.render(report, toolVersion: style.toolVersion)
        case .junit: FindingsJUnit.render(report)
        case .markdown: FindingsMarkdown.render(report)
        case .github: FindingsGitHub.render(report)
        case .html: FindingsHTML.render(report, toolVersion: style.toolVersion)
        }
    }
}

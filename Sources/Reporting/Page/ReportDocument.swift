/// A report as headings, paragraphs, lists and tables, which Markdown and HTML are made from alike.
struct ReportDocument {
    /// A piece of a sentence.
    enum Phrase: ExpressibleByStringInterpolation {
        case plain(String)
        /// A name, a command: shown as it is typed.
        case code(String)

        init(stringLiteral value: String) { self = .plain(value) }
    }

    /// One part of the page.
    enum Block {
        case heading(String)
        case paragraph([Phrase])
        case list([[Phrase]])
        case table(columns: [String], rows: [[[Phrase]]])
        /// Commands, a line each.
        case commands([String])
        /// What must not be overlooked.
        case warning([Phrase])
    }

    var title: String
    var blocks: [Block] = []
    /// What it was made from.
    var footer: [Phrase] = []

    /// GitHub's Markdown, ending in a line feed.
    var markdown: String {
        var text = "# \(FindingsMarkdown.escaped(title))\n\n"
        for block in blocks {
            switch block {
            case .heading(let title): text += "## \(FindingsMarkdown.escaped(title))\n\n"
            case .paragraph(let phrases): text += Self.markdown(phrases) + "\n\n"
            case .warning(let phrases): text += "> ⚠️ \(Self.markdown(phrases))\n\n"
            case .list(let items): text += items.map { "- \(Self.markdown($0))\n" }.joined() + "\n"
            case .commands(let lines):
                text += "```sh\n\(lines.map(FindingWords.visible).joined(separator: "\n"))\n```\n\n"
            case .table(let columns, let rows):
                text += "| \(columns.map(FindingsMarkdown.escaped).joined(separator: " | ")) |\n"
                text += "|\(String(repeating: "---|", count: columns.count))\n"
                for row in rows { text += "| \(row.map(Self.markdown).joined(separator: " | ")) |\n" }
                text += "\n"
            }
        }
        return text + (footer.isEmpty ? "" : "---\n\n\(Self.markdown(footer))\n")
    }

    /// One self-contained page, ending in a line feed.
    var html: String {
        var body = "<h1>\(Self.escaped(title))</h1>\n"
        for block in blocks {
            switch block {
            case .heading(let title): body += "<h2>\(Self.escaped(title))</h2>\n"
            case .paragraph(let phrases): body += "<p>\(Self.html(phrases))</p>\n"
            case .warning(let phrases): body += "<section class=\"box warns\"><p>\(Self.html(phrases))</p></section>\n"
            case .list(let items):
                body += "<ul>\n\(items.map { "<li>\(Self.html($0))</li>\n" }.joined())</ul>\n"
            case .commands(let lines):
                body += "<pre><code>\(lines.map(Self.escaped).joined(separator: "\n"))</code></pre>\n"
            case .table(let columns, let rows):
                let heads = columns.map { "<th scope=\"col\">\(Self.escaped($0))</th>" }.joined()
                let cells = rows.map { row in
                    "<tr>\(row.map { "<td>\(Self.html($0))</td>" }.joined())</tr>\n"
                }.joined()
                body += "<table><thead><tr>\(heads)</tr></thead><tbody>\n\(cells)</tbody></table>\n"
            }
        }
        return HTMLPage(title: title, body: body, footer: Self.html(footer), script: nil).text
    }

    private static func markdown(_ phrases: [Phrase]) -> String {
        phrases.map { phrase in
            switch phrase {
            case .plain(let text): FindingsMarkdown.escaped(text)
            case .code(let text): "`\(FindingsMarkdown.code(text))`"
            }
        }.joined()
    }

    private static func html(_ phrases: [Phrase]) -> String {
        phrases.map { phrase in
            switch phrase {
            case .plain(let text): escaped(text)
            case .code(let text): "<code>\(escaped(text).replacing("/", with: "/<wbr>"))</code>"
            }
        }.joined()
    }

    private static func escaped(_ text: String) -> String { MarkupText.escaped(FindingWords.visible(text)) }
}

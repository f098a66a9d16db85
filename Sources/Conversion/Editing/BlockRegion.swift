import Manifests

/// The lines that belong to one member of a block mapping, or to one item of a block list.
///
/// What belongs to it: its own lines with the comments on them; comment lines directly above it, in its own column,
/// with no empty line between; comment lines directly below it that are indented deeper than it. All other comments
/// belong to nobody and stay when it goes. Above the first member of a document stands the file's own comment, which
/// stays as well.
struct BlockRegion: Sendable, Hashable {
    var start: Int
    /// Where the next line begins.
    var end: Int
    /// The column of the name or dash.
    var column: Int
    /// Whether something else, such as a dash, stands before it on its first line.
    var isShared: Bool

    /// - Parameters:
    ///   - head: where the name or dash stands.
    ///   - last: where its content ends.
    ///   - previous: where the region before it ends.
    ///   - takesCommentsAbove: false for the first member of a document.
    init(
        head: Int, last: Int, previous: Int = 0, takesCommentsAbove: Bool = true, lines: TextLines
    ) {
        column = lines.column(of: head)
        isShared = !lines.isFirstOnLine(head)
        var line = lines.line(of: head)
        start = isShared ? head : lines.starts[line]
        if !isShared, takesCommentsAbove {
            while line > 0, lines.starts[line - 1] >= previous, lines.commentColumn(ofLine: line - 1) == column {
                line -= 1
                start = lines.starts[line]
            }
        }
        var below = lines.line(of: max(head, last)) + 1
        while below < lines.starts.count, let comment = lines.commentColumn(ofLine: below), comment > column {
            below += 1
        }
        end = below < lines.starts.count ? lines.starts[below] : lines.bytes.count
    }
}

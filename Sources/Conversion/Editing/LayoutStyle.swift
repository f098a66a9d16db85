import Manifests

/// How a document is laid out, as far as new lines have to follow it.
struct LayoutStyle: Sendable {
    /// Spaces per level of block mappings.
    var indent = 2
    /// Spaces before the dash of a list below its name.
    var dashIndent = 0
    /// From a dash to what stands behind it.
    var dashWidth = 2

    init() {}

    /// What most of the document does.
    init(of root: LayoutNode, lines: TextLines) {
        var survey = Survey(lines: lines)
        survey.visit(root, parent: nil)
        indent = Self.most(survey.indents) ?? 2
        dashIndent = Self.most(survey.dashIndents) ?? 0
        dashWidth = Self.most(survey.dashWidths) ?? 2
    }

    /// The most frequent one, the smaller of equals.
    private static func most(_ counts: [Int: Int]) -> Int? {
        counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
    }

    private struct Survey {
        let lines: TextLines
        var indents: [Int: Int] = [:]
        var dashIndents: [Int: Int] = [:]
        var dashWidths: [Int: Int] = [:]

        /// `parent` is the column of the name under which the node stands.
        mutating func visit(_ node: LayoutNode, parent: Int?) {
            switch node.shape {
            case .mapping(let members, false):
                guard let first = members.first else { return }
                let column = lines.column(of: first.key.range.lowerBound)
                if let parent, column > parent { indents[column - parent, default: 0] += 1 }
                for member in members { visit(member.value, parent: column) }
            case .sequence(let items, false):
                guard let first = items.first else { return }
                // With properties before it, the list does not begin at its dash.
                if node.anchor == nil, node.tag == nil {
                    let dash = lines.column(of: node.range.lowerBound)
                    if let parent, dash >= parent, lines.isFirstOnLine(node.range.lowerBound) {
                        dashIndents[dash - parent, default: 0] += 1
                    }
                    let width = lines.column(of: first.range.lowerBound) - dash
                    if !first.range.isEmpty, (2...9).contains(width),
                        lines.line(of: first.range.lowerBound) == lines.line(of: node.range.lowerBound)
                    {
                        dashWidths[width, default: 0] += 1
                    }
                }
                for item in items { visit(item, parent: nil) }
            case .mapping, .sequence, .scalar, .alias: break
            }
        }
    }
}

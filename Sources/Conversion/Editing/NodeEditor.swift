import Manifests

/// Computes the edits that make a node of a document mean something else.
///
/// Invariant: edits lie within the node's lines and never overlap. Nothing here promises that the edited text means
/// what it should; ``ManifestRewriter`` reads it again and looks.
struct NodeEditor {
    /// What a node hangs on, for those that have to be written anew.
    enum Place {
        case root
        /// Under a name of a block mapping in that column; the offset is behind its colon.
        case member(column: Int, afterColon: Int)
        /// Behind a dash in that column.
        case item(dash: Int)
        /// In brackets or braces.
        case flow
    }

    let lines: TextLines
    let style: LayoutStyle
    let isJSON: Bool
    var edits: [TextEdit] = []
    /// Members that are gone from where they were, to be moved with their comments.
    var pool = MovablePool()
    /// Places whose change has to come through an anchor, for the message when it does not.
    var aliases: [Int] = []

    var bytes: [UInt8] { lines.bytes }

    init(lines: TextLines, style: LayoutStyle, isJSON: Bool) {
        self.lines = lines
        self.style = style
        self.isJSON = isJSON
    }

    /// Makes a node that means `old` mean `new`.
    mutating func change(
        _ node: LayoutNode, from old: JSONValue, to new: JSONValue, at place: Place
    ) throws(EditObstacle) {
        if old == new { return }
        switch (node.shape, old, new) {
        case (.alias, _, _): aliases.append(node.range.lowerBound)
        case (.mapping(let members, let isFlow), .object(let before), .object(let after))
        where !members.isEmpty && !after.isEmpty:
            if isFlow {
                try changeFlowMapping(node, members, from: before, to: after)
            } else {
                try changeBlockMapping(node, members, from: before, to: after, isRoot: place.isRoot)
            }
        case (.sequence(let items, let isFlow), .array(let before), .array(let after))
        where !items.isEmpty && !after.isEmpty:
            if isFlow {
                try changeFlowSequence(node, items, from: before, to: after)
            } else {
                try changeBlockSequence(node, items, from: before, to: after)
            }
        case (.scalar(let style), _, _) where !new.isContainer && !node.range.isEmpty:
            try replaceScalar(node, style, by: new, at: place)
        default: try replace(node, by: new, at: place)
        }
    }

    /// Collects what is gone from its place anywhere below the node, so that it can be taken up elsewhere.
    mutating func collect(_ node: LayoutNode, from old: JSONValue, to new: JSONValue, isRoot: Bool = false) {
        if old == new { return }
        switch (node.shape, old, new) {
        case (.mapping(let members, let isFlow), .object(let before), .object(let after)):
            let pairing = MemberPairing(from: before, to: after)
            let regions = isFlow ? [] : regions(of: members, isRoot: isRoot)
            for (index, member) in members.enumerated() {
                guard let name = member.name, let value = before[name] else { continue }
                if pairing.dropped.contains(name) {
                    pool.add(member, name, value, region: isFlow ? nil : regions[index], depth: 0, editor: self)
                } else if let now = after[pairing.renamed[name] ?? name] {
                    collect(member.value, from: value, to: now)
                }
            }
        case (.sequence(let items, _), .array(let before), .array(let after)):
            for pair in ElementAlignment(from: before, to: after).pairs where items.indices.contains(pair.old) {
                collect(items[pair.old], from: before[pair.old], to: after[pair.new])
            }
        default: break
        }
    }

    func regions(of members: [LayoutNode.Member], isRoot: Bool) -> [BlockRegion] {
        var regions: [BlockRegion] = []
        for member in members {
            regions.append(
                BlockRegion(
                    head: member.key.range.lowerBound,
                    last: max(member.key.range.upperBound, member.value.range.upperBound),
                    previous: regions.last?.end ?? 0, takesCommentsAbove: !(isRoot && regions.isEmpty), lines: lines))
        }
        return regions
    }

    /// Behind the colon of a member that is written `name: value`.
    func afterColon(of key: LayoutNode) throws(EditObstacle) -> Int {
        var position = key.range.upperBound
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
            throw EditObstacle(
                .layout, "a member written with `?` is not edited; write it as `name: value`",
                at: key.range.lowerBound)
        }
        return position + 1
    }

    /// Where the node itself begins, behind its anchor and tag.
    func contentStart(of node: LayoutNode) throws(EditObstacle) -> Int {
        var position = node.range.lowerBound
        guard node.anchor != nil || node.tag != nil else { return position }
        while position < node.range.upperBound {
            switch bytes[position] {
            case UInt8(ascii: "&"), UInt8(ascii: "!"):
                while position < node.range.upperBound, bytes[position] > 0x20 { position += 1 }
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            case UInt8(ascii: "#"):
                throw EditObstacle(
                    .layout, "a comment between an anchor or tag and its value is in the way", at: position)
            default: return position
            }
        }
        return position
    }

    /// Gives a scalar another value in the quotes it has.
    private mutating func replaceScalar(
        _ node: LayoutNode, _ style: LayoutNode.ScalarStyle, by new: JSONValue, at place: Place
    ) throws(EditObstacle) {
        let start = try contentStart(of: node)
        var margin = 0
        switch place {
        case .member(let column, _), .item(let column): margin = column + self.style.indent
        case .root, .flow: break
        }
        let text = FlowText(isJSON: isJSON).scalar(new, style, isFlow: place.isFlow, indentation: margin)
        edits.append(TextEdit(start..<node.range.upperBound, text))
    }

    /// Writes a node anew, its comments on the line of its name kept.
    private mutating func replace(
        _ node: LayoutNode, by new: JSONValue, at place: Place
    ) throws(EditObstacle) {
        guard node.anchor == nil else {
            throw EditObstacle(.alias, "an anchored value would have to be written anew", at: node.range.lowerBound)
        }
        let isBlockCollection = node.isCollection && !node.isFlow
        switch place {
        case .root:
            throw EditObstacle(.layout, "the whole document would have to be written anew", at: node.range.lowerBound)
        case .flow:
            edits.append(TextEdit(node.range, flowText(of: new, in: node.range.lowerBound, preferred: [])))
        case .item(let dash):
            let column = dash + style.dashWidth
            let text =
                new.isFilled
                ? joined(try blockLines(of: new, column: column, preferred: []), near: node.range.lowerBound)
                    .dropFirst(column)
                : YAML.scalar(new, indentation: column)[...]
            edits.append(TextEdit(node.range, String(text)))
        case .member(let column, let afterColon):
            if isBlockCollection {
                let first = lines.start(ofLineAt: node.range.lowerBound)
                let region = first..<max(first, lines.end(ofLineAt: node.range.upperBound))
                guard first > afterColon else {
                    throw EditObstacle(.layout, "a collection on the line of its name", at: node.range.lowerBound)
                }
                if new.isFilled {
                    let text = joined(try childLines(of: new, below: column, preferred: []), near: first)
                    edits.append(TextEdit(region, ended(text, at: region.upperBound, near: first)))
                } else {
                    let text = YAML.scalar(new, indentation: column + style.indent)
                    edits.append(TextEdit(afterColon..<afterColon, " " + text))
                    edits.append(TextEdit(region, ""))
                }
            } else if new.isFilled {
                let text = joined(try childLines(of: new, below: column, preferred: []), near: afterColon)
                var start = afterColon
                if node.range.isEmpty { start = node.range.lowerBound }
                edits.append(TextEdit(start..<max(start, node.range.upperBound), ""))
                insert(text, atLineBegin: lines.end(ofLineAt: node.range.upperBound))
            } else {
                let text = YAML.scalar(new, indentation: column + style.indent)
                edits.append(
                    node.range.isEmpty
                        ? TextEdit(afterColon..<afterColon, " " + text) : TextEdit(node.range, text))
            }
        }
    }

    /// Lines with the line ends of the neighbourhood, without one at the end.
    func joined(_ text: [String], near offset: Int) -> String {
        text.joined(separator: lines.lineEnd(near: offset))
    }

    /// The text with a line end, unless it becomes the end of a file that had none.
    func ended(_ text: String, at end: Int, near offset: Int) -> String {
        end == bytes.count && bytes.last != UInt8(ascii: "\n") ? text : text + lines.lineEnd(near: offset)
    }

    /// Inserts whole lines where a line begins, or behind the last line of the text.
    mutating func insert(_ text: String, atLineBegin offset: Int) {
        let isBehindLastLine = offset == bytes.count && bytes.last != UInt8(ascii: "\n")
        let end = lines.lineEnd(near: max(0, offset - 1))
        edits.append(TextEdit(offset..<offset, isBehindLastLine ? end + text : text + end))
    }
}

extension NodeEditor.Place {
    var isFlow: Bool { if case .flow = self { true } else { false } }
    var isRoot: Bool { if case .root = self { true } else { false } }
}

extension LayoutNode {
    var isCollection: Bool {
        switch shape {
        case .mapping, .sequence: true
        case .scalar, .alias: false
        }
    }
}

extension JSONValue {
    var isContainer: Bool {
        switch self {
        case .object, .array: true
        default: false
        }
    }

    /// A container that holds something.
    var isFilled: Bool {
        switch self {
        case .object(let members): !members.isEmpty
        case .array(let elements): !elements.isEmpty
        default: false
        }
    }
}

public import Manifests

/// Changes what objects in a file mean by editing its text: comments, order, quotes, indentation and line ends stay,
/// and no byte outside of the edited lines changes.
///
/// Nothing is believed: the edited text is read again, and every document in it must mean exactly what it should. What
/// cannot be edited, or does not read back, is left as it was and named.
public struct ManifestRewriter: Sendable {
    /// One value of a document that is to become another.
    public struct Change: Sendable, Hashable {
        /// Counted from 0, empty documents included.
        public var document: Int
        /// Empty for the document itself.
        public var path: FieldPath
        public var value: JSONValue

        public init(document: Int, path: FieldPath, value: JSONValue) {
            self.document = document
            self.path = path
            self.value = value
        }
    }

    /// What came of it.
    public struct Outcome: Sendable {
        /// The text after the edits; as it was where there are none.
        public var bytes: [UInt8]
        /// In the order of the text.
        public var edits: [TextEdit]
        /// The edited text as it was read back; nil where nothing was edited.
        public var rewritten: ManifestSource?
        /// Why changes were not made, by their index.
        public var refused: [Int: EditRefusal]
    }

    private let source: ManifestSource
    private let changes: [Change]
    private let lines: TextLines

    /// Makes the changes that can be made.
    public static func rewrite(_ source: ManifestSource, _ changes: [Change]) -> Outcome {
        ManifestRewriter(source: source, changes: changes, lines: TextLines(source.bytes)).run()
    }

    private func run() -> Outcome {
        var outcome = Outcome(bytes: source.bytes, edits: [], rewritten: nil, refused: [:])
        let layouts: [LayoutNode]
        do {
            layouts = try readLayouts()
        } catch {
            for index in changes.indices { outcome.refused[index] = error }
            return outcome
        }
        var plans: [Int: NodeEditor] = [:]
        var styles: [Int: LayoutStyle] = [:]
        for (index, change) in changes.enumerated() {
            let root = layouts[change.document]
            let style = styles[change.document] ?? LayoutStyle(of: root, lines: lines)
            styles[change.document] = style
            do {
                plans[index] = try plan(change, root: root, style: style)
            } catch {
                outcome.refused[index] = refusal(error)
            }
        }
        settle(plans, layouts: layouts, into: &outcome)
        return outcome
    }

    /// The layouts, when the text is one that can be edited at all.
    private func readLayouts() throws(EditRefusal) -> [LayoutNode] {
        if let place = Self.unusualPlace(in: source.bytes) {
            throw refusal(EditObstacle(.encoding, place.message, at: place.offset))
        }
        let layouts: [LayoutNode]
        do {
            layouts = try source.layouts()
        } catch {
            throw EditRefusal(
                .layout, error.message, at: error.location ?? SourceLocation(file: source.file, line: 1, column: 1))
        }
        guard layouts.count == source.documents.count else {
            throw refusal(EditObstacle(.layout, "its documents cannot be told apart", at: 0))
        }
        if let place = Self.templateOutsideScalars(source.bytes, layouts) {
            throw refusal(
                EditObstacle(
                    .template,
                    "a template action stands outside of quotes, so that the text is not yet what it will be",
                    at: place))
        }
        return layouts
    }

    private func plan(_ change: Change, root: LayoutNode, style: LayoutStyle) throws(EditObstacle) -> NodeEditor {
        var editor = NodeEditor(lines: lines, style: style, isJSON: source.isJSON)
        guard let old = source.documents[change.document].value[change.path] else {
            throw EditObstacle(.layout, "there is nothing at \(change.path)", at: root.range.lowerBound)
        }
        let (node, place) = try find(change.path, from: root, editor)
        editor.collect(node, from: old, to: change.value, isRoot: place.isRoot)
        try editor.change(node, from: old, to: change.value, at: place)
        for edit in editor.edits { try editor.refuseTemplates(in: edit.range) }
        return editor
    }

    /// The node at a path, and what it hangs on.
    private func find(
        _ path: FieldPath, from root: LayoutNode, _ editor: NodeEditor
    ) throws(EditObstacle) -> (LayoutNode, NodeEditor.Place) {
        var node = root
        var place = NodeEditor.Place.root
        for element in path.elements {
            switch (element, node.shape) {
            case (.member(let name), .mapping(let members, let isFlow)):
                guard let member = members.last(where: { $0.name == name }) else {
                    throw EditObstacle(.mergeKey, "'\(name)' comes through a merge key (<<)", at: node.range.lowerBound)
                }
                let column = lines.column(of: member.key.range.lowerBound)
                place = isFlow ? .flow : .member(column: column, afterColon: try editor.afterColon(of: member.key))
                node = member.value
            case (.index(let index), .sequence(let items, let isFlow)) where items.indices.contains(index):
                let dash = lines.column(of: try editor.contentStart(of: node))
                place = isFlow ? .flow : .item(dash: dash)
                node = items[index]
            case (_, .alias):
                throw EditObstacle(.alias, "an alias stands here; change what it refers to", at: node.range.lowerBound)
            default: throw EditObstacle(.layout, "there is nothing at \(path)", at: node.range.lowerBound)
            }
        }
        if case .alias = node.shape {
            throw EditObstacle(.alias, "an alias stands here; change what it refers to", at: node.range.lowerBound)
        }
        return (node, place)
    }

    /// Applies what is planned and reads it back; gives up what does not read back as wanted.
    private func settle(_ plans: [Int: NodeEditor], layouts: [LayoutNode], into outcome: inout Outcome) {
        var left = plans
        // Each round gives up the changes of at least one document; more rounds than these mean that nothing helps.
        for _ in 0..<4 {
            if left.isEmpty { return }
            switch attempt(left) {
            case .success(let bytes, let rewritten):
                outcome.bytes = bytes
                outcome.edits = combined(left)
                outcome.rewritten = rewritten
                return
            case .failure(let documents):
                for (index, plan) in left where documents.contains(changes[index].document) {
                    outcome.refused[index] = blame(plan, changes[index], layouts[changes[index].document])
                    left[index] = nil
                }
            case .unreadable:
                // Which of them spoils the text shows when they are tried one by one.
                let alone = left.count > 1 && left.count <= 64
                for (index, plan) in left {
                    if alone, case .success = attempt([index: plan]) { continue }
                    outcome.refused[index] = blame(plan, changes[index], layouts[changes[index].document])
                    left[index] = nil
                }
            }
        }
        for (index, plan) in left {
            outcome.refused[index] = blame(plan, changes[index], layouts[changes[index].document])
        }
    }

    private enum Attempt {
        case success([UInt8], ManifestSource)
        /// The documents that mean something else than they should.
        case failure(Set<Int>)
        case unreadable
    }

    private func attempt(_ plans: [Int: NodeEditor]) -> Attempt {
        let indices = plans.keys.sorted()
        guard let bytes = TextEdit.apply(combined(plans), to: source.bytes),
            let rewritten = try? ManifestSource(bytes: bytes, file: source.file),
            rewritten.documents.count == source.documents.count
        else { return .unreadable }
        var expected = source.documents.map(\.value)
        for index in indices {
            let change = changes[index]
            expected[change.document][change.path] = change.value
        }
        let wrong = expected.indices.filter { expected[$0] != rewritten.documents[$0].value }
        return wrong.isEmpty ? .success(bytes, rewritten) : .failure(Set(wrong))
    }

    private func combined(_ plans: [Int: NodeEditor]) -> [TextEdit] {
        let edits = plans.keys.sorted().flatMap { plans[$0]?.edits ?? [] }
        return TextEdit.keepingEnd(TextEdit.sorted(edits), of: source.bytes)
    }

    /// The likeliest reason why a text did not read back as it should.
    private func blame(_ plan: NodeEditor, _ change: Change, _ root: LayoutNode) -> EditRefusal {
        if let alias = plan.aliases.first {
            return refusal(
                EditObstacle(
                    .alias, "what this alias refers to does not change in the same way; write it out", at: alias))
        }
        var anchored: [LayoutNode] = []
        var aliases: Set<String> = []
        Self.visit(root) { node in
            if node.anchor != nil { anchored.append(node) }
            if case .alias(let name) = node.shape { aliases.insert(name) }
        }
        for node in anchored where node.anchor.map(aliases.contains) ?? false {
            if plan.edits.contains(where: { node.range.contains($0.range.lowerBound) }) {
                return refusal(
                    EditObstacle(
                        .alias, "the anchor '&\(node.anchor ?? "")' would change, and with it what refers to it",
                        at: node.range.lowerBound))
            }
        }
        let place = plan.edits.map(\.range.lowerBound).min() ?? root.range.lowerBound
        return refusal(EditObstacle(.notVerified, "the edited text does not read back as it should", at: place))
    }

    private func refusal(_ obstacle: EditObstacle) -> EditRefusal {
        EditRefusal(
            obstacle.reason, obstacle.message, at: lines.location(of: obstacle.offset, in: source.file))
    }

    /// Where a text is not UTF-8, or breaks lines as only some readers do.
    private static func unusualPlace(in bytes: [UInt8]) -> (offset: Int, message: String)? {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return (0, "the text is UTF-16; convert it to UTF-8 first")
        }
        for offset in bytes.indices {
            switch bytes[offset] {
            case 0x0D where offset + 1 == bytes.count || bytes[offset + 1] != 0x0A:
                return (offset, "a carriage return without a line feed; end lines with LF or CRLF")
            case 0xC2 where offset + 1 < bytes.count && bytes[offset + 1] == 0x85,
                0xE2
            where offset + 2 < bytes.count && bytes[offset + 1] == 0x80
                && (bytes[offset + 2] == 0xA8 || bytes[offset + 2] == 0xA9):
                return (offset, "a line end that only some readers know (U+0085, U+2028 or U+2029)")
            default: break
            }
        }
        return nil
    }

    private static func templateOutsideScalars(_ bytes: [UInt8], _ layouts: [LayoutNode]) -> Int? {
        var next = bytes[...].firstTemplateAction
        guard next != nil else { return nil }
        var scalars: [Range<Int>] = []
        for root in layouts {
            visit(root) { if case .scalar = $0.shape { scalars.append($0.range) } }
        }
        var position = 0
        while let place = next {
            while position < scalars.count, scalars[position].upperBound <= place { position += 1 }
            guard position < scalars.count, scalars[position].contains(place) else { return place }
            next = bytes[(place + 2)...].firstTemplateAction
        }
        return nil
    }

    private static func visit(_ node: LayoutNode, _ tell: (LayoutNode) -> Void) {
        tell(node)
        for child in node.children { visit(child, tell) }
    }
}

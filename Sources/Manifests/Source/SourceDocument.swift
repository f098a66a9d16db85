/// One YAML document, or one JSON value of a stream, that remembers where each of its nodes was written.
///
/// Members that came through a YAML alias or merge key are located at the anchor, where they can be edited.
public struct SourceDocument: Sendable {
    /// The content.
    public let value: JSONValue
    /// Where the document's first node begins.
    public let start: SourceLocation
    private let positions: PositionTree

    /// A document whose inner places are not known; every look-up answers with `start`.
    public init(value: JSONValue, start: SourceLocation) {
        self.value = value
        self.start = start
        positions = PositionTree(
            value: PositionTree.Mark(line: UInt32(clamping: start.line), column: UInt32(clamping: start.column)))
    }

    init(value: JSONValue, file: String, positions: PositionTree) {
        self.value = value
        self.positions = positions
        start = SourceLocation(file: file, line: Int(positions.value.line), column: Int(positions.value.column))
    }

    /// Where the value at `path` begins, or its nearest parent that exists.
    public func location(of path: FieldPath) -> SourceLocation {
        location(nearest(path).node.value)
    }

    /// Where the name begins under which the value at `path` stands; for what does not exist, as ``location(of:)``.
    public func keyLocation(of path: FieldPath) -> SourceLocation {
        let (node, isExact) = nearest(path)
        return location(isExact ? node.key : node.value)
    }

    private func location(_ mark: PositionTree.Mark) -> SourceLocation {
        SourceLocation(file: start.file, line: Int(mark.line), column: Int(mark.column))
    }

    private func nearest(_ path: FieldPath) -> (node: PositionTree, isExact: Bool) {
        var node = positions
        var content = value
        for element in path.elements {
            let index: Int?
            switch (element, content) {
            case (.member(let name), .object(let members)):
                index = members.index(of: name)
                if let index { content = members[index].value }
            case (.index(let position), .array(let elements)):
                index = elements.indices.contains(position) ? position : nil
                if let index { content = elements[index] }
            default: index = nil
            }
            guard let index, node.children.indices.contains(index) else { return (node, false) }
            node = node.children[index]
        }
        return (node, true)
    }
}

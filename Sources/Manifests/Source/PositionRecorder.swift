/// Builds a ``PositionTree`` beside a reader that knows byte offsets and tells every line feed between tokens.
///
/// Offsets must not decrease from call to call; the cost of counting columns is then linear in the text.
struct PositionRecorder {
    private var line: UInt32 = 1
    private var column: UInt32 = 1
    private var counted = 0
    private var name: PositionTree.Mark?
    /// Nodes begun; those of a container lie above it until it ends.
    private var nodes: [PositionTree] = []

    /// A line feed at `offset`.
    mutating func lineFeed(at offset: Int) {
        line += 1
        column = 1
        counted = offset + 1
    }

    /// A member's name begins.
    mutating func beginName(at offset: Int, in bytes: [UInt8]) { name = mark(at: offset, in: bytes) }

    /// A value begins; it stands under the name told last, if none stood between.
    mutating func begin(at offset: Int, in bytes: [UInt8]) {
        var node = PositionTree(value: mark(at: offset, in: bytes))
        if let name { node.key = name }
        name = nil
        nodes.append(node)
    }

    /// The last `count` nodes were the elements of the one before them.
    mutating func endArray(count: Int) {
        let children = Array(nodes.suffix(count))
        nodes.removeLast(count)
        nodes[nodes.count - 1].children = children
    }

    /// The last `count` nodes were the members of the one before them; `order` sorts them by name.
    mutating func endObject(count: Int, order: [Int]?) {
        endArray(count: count)
        guard let order else { return }
        let written = nodes[nodes.count - 1].children
        nodes[nodes.count - 1].children = order.map { written[$0] }
    }

    /// The finished tree of the value read last.
    mutating func take() -> PositionTree? { nodes.popLast() }

    private mutating func mark(at offset: Int, in bytes: [UInt8]) -> PositionTree.Mark {
        for byte in bytes[counted..<offset] where byte & 0xC0 != 0x80 { column += 1 }
        counted = offset
        return PositionTree.Mark(line: line, column: column)
    }
}

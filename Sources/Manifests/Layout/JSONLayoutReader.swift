/// Reads how the values of a JSON stream are written.
///
/// Meant for texts that ``JSONDocuments`` has taken, so that nothing has to be checked again.
struct JSONLayoutReader {
    private let bytes: [UInt8]
    private var position: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// One root for each value.
    mutating func documents() -> [LayoutNode] {
        var roots: [LayoutNode] = []
        skipSpace()
        while position < bytes.count {
            roots.append(value())
            skipSpace()
        }
        return roots
    }

    private mutating func value() -> LayoutNode {
        let start = position
        switch bytes[position] {
        case UInt8(ascii: "{"):
            var members: [LayoutNode.Member] = []
            open()
            while position < bytes.count, bytes[position] != UInt8(ascii: "}") {
                let key = string()
                skipTo(UInt8(ascii: ":"))
                let name = try? JSONValue(parsing: bytes[key.range]).string
                members.append(LayoutNode.Member(name: name, key: key, value: value()))
                skipSeparator()
            }
            position += 1
            return LayoutNode(shape: .mapping(members, isFlow: true), range: start..<position)
        case UInt8(ascii: "["):
            var items: [LayoutNode] = []
            open()
            while position < bytes.count, bytes[position] != UInt8(ascii: "]") {
                items.append(value())
                skipSeparator()
            }
            position += 1
            return LayoutNode(shape: .sequence(items, isFlow: true), range: start..<position)
        case UInt8(ascii: "\""): return string()
        default:
            while position < bytes.count, bytes[position] > 0x20,
                !",]}:".utf8.contains(bytes[position])
            {
                position += 1
            }
            // A text that is no JSON must not keep us here for ever.
            if position == start { position += 1 }
            return LayoutNode(shape: .scalar(.plain), range: start..<position)
        }
    }

    private mutating func string() -> LayoutNode {
        let start = position
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position = min(position + 1, bytes.count)
        return LayoutNode(shape: .scalar(.doubleQuoted), range: start..<position)
    }

    private mutating func open() {
        position += 1
        skipSpace()
    }

    private mutating func skipTo(_ byte: UInt8) {
        skipSpace()
        if position < bytes.count, bytes[position] == byte { position += 1 }
        skipSpace()
    }

    private mutating func skipSeparator() { skipTo(UInt8(ascii: ",")) }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }
}

/// Reads how the documents of a YAML stream are written.
///
/// Meant for texts that ``YAML/documents(_:file:limits:)`` has taken: what is wrong with a text is said there, and its
/// limits have bounded the depth.
struct YAMLLayoutReader: ~Copyable {
    private var parser: YAMLParser
    private let file: String
    private let bytes: [UInt8]
    private let offsets: CharacterOffsets

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        offsets = CharacterOffsets(bytes)
        parser = YAMLParser(bytes, file: file)
    }

    /// One root for each document, empty ones included.
    mutating func documents() throws(ManifestError) -> [LayoutNode] {
        var roots: [LayoutNode] = []
        while true {
            switch try parser.next() {
            case .streamEnd: return roots
            case .documentStart: roots.append(try node(try parser.next()))
            default: break
            }
        }
    }

    private mutating func node(_ event: YAMLEvent) throws(ManifestError) -> LayoutNode {
        let range = offsets[parser.extent]
        switch event {
        case .scalar(let scalar):
            let style = parser.scalarStyle
            let isBlock = style == .literal || style == .folded
            return LayoutNode(
                shape: .scalar(style), range: isBlock ? trimmed(range) : range, anchor: scalar.anchor, tag: scalar.tag)
        case .alias(let name): return LayoutNode(shape: .alias(name), range: range)
        case .sequenceStart(let head): return try sequence(head, from: range.lowerBound)
        case .mappingStart(let head): return try mapping(head, from: range.lowerBound)
        case .documentStart, .documentEnd, .streamEnd, .sequenceEnd, .mappingEnd:
            throw ManifestError(.syntax, "a value is missing", at: SourceLocation(file: file, line: 1, column: 1))
        }
    }

    private mutating func sequence(
        _ head: YAMLEvent.Collection, from start: Int
    ) throws(ManifestError) -> LayoutNode {
        var items: [LayoutNode] = []
        while true {
            let event = try parser.next()
            if case .sequenceEnd = event { break }
            items.append(try node(event))
        }
        let end = head.isFlow ? offsets[parser.extent].upperBound : items.last?.range.upperBound ?? start
        return LayoutNode(
            shape: .sequence(items, isFlow: head.isFlow), range: start..<max(start, end), anchor: head.anchor,
            tag: head.tag)
    }

    private mutating func mapping(
        _ head: YAMLEvent.Collection, from start: Int
    ) throws(ManifestError) -> LayoutNode {
        var members: [LayoutNode.Member] = []
        while true {
            let event = try parser.next()
            if case .mappingEnd = event { break }
            let name = Self.name(event)
            let key = try node(event)
            members.append(LayoutNode.Member(name: name, key: key, value: try node(try parser.next())))
        }
        let end = head.isFlow ? offsets[parser.extent].upperBound : members.last?.value.range.upperBound ?? start
        return LayoutNode(
            shape: .mapping(members, isFlow: head.isFlow), range: start..<max(start, end), anchor: head.anchor,
            tag: head.tag)
    }

    /// Nil for `<<`, and for what only the composer can name (an alias as a key): nothing finds such a member.
    private static func name(_ event: YAMLEvent) -> String? {
        guard case .scalar(let scalar) = event, scalar.tag != YAMLScalar.mergeTag,
            !(scalar.isPlain && scalar.tag == nil && scalar.text == "<<")
        else { return nil }
        return YAMLScalar(scalar.text, tag: scalar.tag, isPlain: scalar.isPlain)?.memberName
    }

    /// libyaml counts the line end of a block scalar's last line, and empty lines behind it, as part of it; they are
    /// only where the scalar says so with a `+`.
    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        let header = bytes[range].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let keeps = header.prefix { $0 != UInt8(ascii: "#") }.contains(UInt8(ascii: "+"))
        var end = range.upperBound
        func dropLineEnd() -> Bool {
            guard end > range.lowerBound, bytes[end - 1] == UInt8(ascii: "\n") else { return false }
            end -= 1
            if end > range.lowerBound, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
            return true
        }
        func dropSpaces() {
            while end > range.lowerBound, bytes[end - 1] == 0x20 { end -= 1 }
        }
        if keeps {
            _ = dropLineEnd()
        } else {
            // Spaces at the end of a line that holds something are content.
            let last = end
            while dropLineEnd() {
                let line = end
                dropSpaces()
                if end > range.lowerBound, bytes[end - 1] != UInt8(ascii: "\n") {
                    end = line
                    break
                }
            }
            if end == range.lowerBound { end = last }
        }
        return range.lowerBound..<end
    }
}

/// Turns libyaml's counts of characters into offsets of bytes.
private struct CharacterOffsets {
    private let start: Int
    /// The offset of every character, and of the end; nil where each is one byte.
    private let table: [UInt32]?

    init(_ bytes: [UInt8]) {
        start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard bytes.dropFirst(start).contains(where: { $0 >= 0x80 }) else {
            table = nil
            return
        }
        var table: [UInt32] = []
        table.reserveCapacity(bytes.count + 1)
        for offset in start..<bytes.count where bytes[offset] & 0xC0 != 0x80 { table.append(UInt32(offset)) }
        table.append(UInt32(bytes.count))
        self.table = table
    }

    subscript(range: Range<Int>) -> Range<Int> { self[range.lowerBound]..<self[range.upperBound] }

    private subscript(character: Int) -> Int {
        guard let table else { return start + character }
        return Int(table[min(character, table.count - 1)])
    }
}

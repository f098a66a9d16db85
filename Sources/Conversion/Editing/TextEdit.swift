/// Replaces some bytes of a text by others; an empty range inserts.
public struct TextEdit: Sendable, Hashable {
    public var range: Range<Int>
    public var replacement: [UInt8]

    public init(_ range: Range<Int>, _ replacement: String) {
        self.range = range
        self.replacement = Array(replacement.utf8)
    }

    /// In the order of the text; what is inserted at a place stands before what is replaced there.
    ///
    /// Insertions at one place keep the order in which they were made.
    static func sorted(_ edits: [TextEdit]) -> [TextEdit] {
        edits.enumerated().sorted { a, b in
            let (left, right) = (a.element.range, b.element.range)
            if left.lowerBound != right.lowerBound { return left.lowerBound < right.lowerBound }
            if left.isEmpty != right.isEmpty { return left.isEmpty }
            return a.offset < b.offset
        }
        .map(\.element)
    }

    /// The text with all edits made, or nil when two of them want the same bytes.
    ///
    /// - Parameters:
    ///   - edits: in any order, with offsets of the whole text.
    ///   - bytes: the whole text.
    ///   - window: the part that is wanted; every edit lies within it.
    static func apply(_ edits: [TextEdit], to bytes: [UInt8], within window: Range<Int>? = nil) -> [UInt8]? {
        let window = window ?? bytes.indices
        var result: [UInt8] = []
        result.reserveCapacity(window.count + edits.reduce(0) { $0 + $1.replacement.count })
        var position = window.lowerBound
        for edit in sorted(edits) {
            guard edit.range.lowerBound >= position, edit.range.upperBound <= window.upperBound else { return nil }
            result += bytes[position..<edit.range.lowerBound]
            result += edit.replacement
            position = edit.range.upperBound
        }
        result += bytes[position..<window.upperBound]
        return result
    }

    /// The same edits, so that a text without a line end at its end gets none when its last lines go.
    static func keepingEnd(_ edits: [TextEdit], of bytes: [UInt8]) -> [TextEdit] {
        guard bytes.last != UInt8(ascii: "\n") else { return edits }
        var edits = sorted(edits)
        guard let last = edits.last, last.range.upperBound == bytes.count, last.replacement.isEmpty else {
            return edits
        }
        var position = last.range.lowerBound
        for index in edits.indices.dropLast().reversed() where edits[index].range.upperBound == position {
            if !edits[index].replacement.isEmpty {
                edits[index].replacement.removeLast(lineEnd(of: edits[index].replacement))
                return edits
            }
            position = edits[index].range.lowerBound
        }
        let start = position - lineEnd(of: bytes[..<position])
        edits.append(TextEdit(start..<position, ""))
        return sorted(edits)
    }

    /// How many bytes end the last line of a text.
    private static func lineEnd(of text: some BidirectionalCollection<UInt8>) -> Int {
        guard text.last == UInt8(ascii: "\n") else { return 0 }
        return text.dropLast().last == UInt8(ascii: "\r") ? 2 : 1
    }
}

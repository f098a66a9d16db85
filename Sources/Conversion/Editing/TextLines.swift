import Manifests

/// The lines of a text, by byte offset.
struct TextLines: Sendable {
    let bytes: [UInt8]
    /// Where each line begins; the first behind a byte order mark.
    let starts: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
        for offset in bytes.indices where bytes[offset] == UInt8(ascii: "\n") { starts.append(offset + 1) }
        self.starts = starts
    }

    /// The line that holds the byte, counted from 0.
    func line(of offset: Int) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    func start(ofLineAt offset: Int) -> Int { starts[line(of: offset)] }

    /// Where the next line begins, or the end of the text.
    func end(ofLineAt offset: Int) -> Int {
        let line = line(of: offset)
        return line + 1 < starts.count ? starts[line + 1] : bytes.count
    }

    /// The bytes of a line without its line end.
    func content(ofLine line: Int) -> ArraySlice<UInt8> {
        let end = line + 1 < starts.count ? starts[line + 1] : bytes.count
        var slice = bytes[starts[line]..<end]
        if slice.last == UInt8(ascii: "\n") { slice.removeLast() }
        if slice.last == UInt8(ascii: "\r") { slice.removeLast() }
        return slice
    }

    /// Bytes between the line's begin and the offset.
    func column(of offset: Int) -> Int { offset - start(ofLineAt: offset) }

    /// Whether only spaces stand before it on its line.
    func isFirstOnLine(_ offset: Int) -> Bool {
        bytes[start(ofLineAt: offset)..<offset].allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }

    func isBlank(line: Int) -> Bool { content(ofLine: line).allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    /// The column of the `#` of a line that holds nothing but a comment.
    func commentColumn(ofLine line: Int) -> Int? {
        let content = content(ofLine: line)
        guard let first = content.firstIndex(where: { $0 != 0x20 && $0 != 0x09 }), content[first] == UInt8(ascii: "#")
        else { return nil }
        return first - starts[line]
    }

    /// The line end in use around a place: that of its line, of the one before, or a line feed.
    func lineEnd(near offset: Int) -> String {
        let line = line(of: min(offset, max(0, bytes.count - 1)))
        for candidate in [line, line - 1] where candidate >= 0 && candidate + 1 < starts.count {
            let feed = starts[candidate + 1] - 1
            return feed > 0 && bytes[feed - 1] == UInt8(ascii: "\r") ? "\r\n" : "\n"
        }
        return "\n"
    }

    /// For people: line and column from 1, columns in characters.
    func location(of offset: Int, in file: String) -> SourceLocation {
        let line = line(of: offset)
        let column = bytes[starts[line]..<max(starts[line], min(offset, bytes.count))].count { $0 & 0xC0 != 0x80 }
        return SourceLocation(file: file, line: line + 1, column: column + 1)
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

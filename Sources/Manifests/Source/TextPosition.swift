/// A line and a column found by counting: for error paths, where the cost of counting from the start is paid once.
struct TextPosition {
    /// Counted from 1.
    var line = 1
    /// In Unicode scalars, counted from 1.
    var column = 1

    /// The place of the byte at `offset` in UTF-8 text.
    init(of offset: Int, in bytes: [UInt8]) {
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
    }

    /// True when a tab stands at that place of UTF-8 text.
    static func isTab(line: Int, column: Int, in bytes: [UInt8]) -> Bool {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: line, omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1) else { return false }
        var scalars = 0
        for byte in lines[line - 1] where byte & 0xC0 != 0x80 {
            scalars += 1
            if scalars == column { return byte == UInt8(ascii: "\t") }
        }
        return false
    }

    /// How many lines of UTF-8 or UTF-16 text begin with `word`.
    static func lines(beginningWith word: StaticString, in bytes: [UInt8]) -> Int {
        // Zero bytes are what UTF-16 adds to ASCII.
        let word = Array("\(word)".utf8)
        var count = 0
        var matched: Int? = 0
        for byte in bytes where byte != 0 {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                matched = 0
            } else if let length = matched {
                matched = byte == word[length] ? length + 1 : nil
                if matched == word.count {
                    count += 1
                    matched = nil
                }
            }
        }
        return count
    }
}

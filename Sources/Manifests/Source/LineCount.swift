/// Counts the lines before a place in UTF-8 text as libyaml does, going forward only.
struct LineCount {
    /// Lines that ended before the place.
    private(set) var lines = 0
    private var position = 0

    /// Goes on to a place further on.
    mutating func advance(to place: Int, in text: Span<UInt8>) {
        while position < place {
            switch text[position] {
            case 0x0A: lines += 1
            case 0x0D where position + 1 >= text.count || text[position + 1] != 0x0A: lines += 1
            // The next line, line separator and paragraph separator of Unicode.
            case 0x85 where position > 0 && text[position - 1] == 0xC2: lines += 1
            case 0xA8 where Self.isSeparator(text, position), 0xA9 where Self.isSeparator(text, position): lines += 1
            default: break
            }
            position += 1
        }
    }

    private static func isSeparator(_ text: Span<UInt8>, _ position: Int) -> Bool {
        position > 1 && text[position - 1] == 0x80 && text[position - 2] == 0xE2
    }
}

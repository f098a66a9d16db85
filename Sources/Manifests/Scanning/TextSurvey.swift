/// Where the documents of a YAML text begin, and which of them a search for words cannot judge.
///
/// One pass over the bytes. In YAML three dashes at the beginning of a line always begin a document,
/// or are an error: block scalars end there, and quoted ones may not hold them.
struct TextSurvey {
    /// One document, or the comments before the first one.
    struct Part: Equatable {
        /// Begins at the beginning of a line.
        var range: Range<Int>
        /// Whether a word may be hidden in it: behind an escape, or in the base64 of a tagged scalar.
        var hidesWords = false
        /// Whether three dots may end a document in it: another one, of another kind, may follow without dashes.
        var mayHoldMore = false
    }

    private(set) var parts: [Part] = []
    /// The action delimiter of Go templates stands somewhere in the text.
    private(set) var holdsTemplate = false
    /// A zero byte stands somewhere: another encoding, or no text at all.
    private(set) var holdsZero = false

    init(_ text: Span<UInt8>) {
        let count = text.count
        var part = Part(range: 0..<0)
        var holdsDirective = count > 0 && text[0] == UInt8(ascii: "%")
        for index in 0..<count {
            let byte = text[index]
            // Letters, digits and blanks are nearly everything.
            guard
                byte < 0x20 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "\\")
                    || byte == UInt8(ascii: "{") || byte >= 0x80
            else { continue }
            let next = index + 1 < count ? text[index + 1] : 0
            switch byte {
            case 0: holdsZero = true
            case UInt8(ascii: "\\"):
                if Self.opensEscape(next) { part.hidesWords = true }
            case UInt8(ascii: "!"):
                if next == UInt8(ascii: "!") || next == UInt8(ascii: "<") { part.hidesWords = true }
            case UInt8(ascii: "{"):
                if next == UInt8(ascii: "{") { holdsTemplate = true }
            case 0x0A, 0x0D:
                if next == UInt8(ascii: "%") { holdsDirective = true }
                if next == UInt8(ascii: ".") { part.mayHoldMore = true }
            // The last bytes of the line breaks outside ASCII.
            case 0x85, 0xA8, 0xA9:
                if next == UInt8(ascii: ".") { part.mayHoldMore = true }
            case UInt8(ascii: "-"):
                guard next == UInt8(ascii: "-"), index > 0, Self.isMarker(text, at: index) else { continue }
                part.range = part.range.lowerBound..<index
                parts.append(part)
                part = Part(range: index..<index)
            default: break
            }
        }
        part.range = part.range.lowerBound..<count
        parts.append(part)
        // Directives stand before the dashes of the document that they are for and change what its tags mean.
        if holdsDirective { parts = [Part(range: 0..<count, hidesWords: true)] }
    }

    /// Whether there is nothing in the range but dashes, comments and white space.
    static func isBlank(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
        var index = range.lowerBound
        if index == 0, text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF { index = 3 }
        if isMarker(text, at: index) { index += 3 }
        while index < range.upperBound {
            switch text[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            case UInt8(ascii: "#"):
                while index < range.upperBound, text[index] != 0x0A, text[index] != 0x0D { index += 1 }
            default: return false
            }
        }
        return true
    }

    /// Whether three dashes that begin a document stand there.
    private static func isMarker(_ text: Span<UInt8>, at index: Int) -> Bool {
        guard index + 3 <= text.count, text[index] == UInt8(ascii: "-"), text[index + 1] == UInt8(ascii: "-"),
            text[index + 2] == UInt8(ascii: "-"),
            index == 0 || text[index - 1] == 0x0A || text[index - 1] == 0x0D || index == 3 && text[0] == 0xEF
        else { return false }
        guard index + 3 < text.count else { return true }
        return [0x20, 0x09, 0x0A, 0x0D].contains(text[index + 3])
    }

    /// Whether a backslash before the byte may stand for letters of a word, or join what a line break parts.
    private static func opensEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"), UInt8(ascii: "/"): true
        // Line feed, return, and the first bytes of the three line breaks outside ASCII.
        case 0x0A, 0x0D, 0xC2, 0xE2: true
        default: false
        }
    }
}

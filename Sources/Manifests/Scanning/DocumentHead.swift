/// The first lines of a document, where they say its kind beyond doubt.
///
/// Most manifests begin with `apiVersion:` and `kind:`, each on a line of its own with a plain or simply quoted word
/// behind it. Then the document is a block mapping with that kind, whatever follows. Everything else – JSON, flow
/// mappings, anchors, another order of keys – is left to a parser.
enum DocumentHead {
    /// Where the kind stands; nil where these lines do not tell.
    ///
    /// - Parameter range: one document of the text, from the beginning of a line, its three dashes included.
    static func kind(_ text: Span<UInt8>, in range: Range<Int>) -> Range<Int>? {
        var index = range.lowerBound
        if index == 0, text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF { index = 3 }
        if begins("---", text, at: index, before: range.upperBound) {
            index += 3
            guard let next = endOfBlankLine(text, from: index, before: range.upperBound) else { return nil }
            index = next
        }
        while index < range.upperBound {
            if let next = endOfBlankLine(text, from: index, before: range.upperBound) {
                index = next
                continue
            }
            let isKind = begins("kind:", text, at: index, before: range.upperBound)
            guard isKind || begins("apiVersion:", text, at: index, before: range.upperBound) else { return nil }
            index += isKind ? 5 : 11
            guard index < range.upperBound, text[index] == 0x20 else { return nil }
            while index < range.upperBound, text[index] == 0x20 { index += 1 }
            guard let word = word(text, from: &index, before: range.upperBound),
                let next = endOfBlankLine(text, from: index, before: range.upperBound)
            else { return nil }
            if isKind { return word }
            index = next
        }
        return nil
    }

    /// The word at the index, without its quotes; leaves the index behind it.
    private static func word(_ text: Span<UInt8>, from index: inout Int, before limit: Int) -> Range<Int>? {
        var quote: UInt8?
        if index < limit, text[index] == UInt8(ascii: "\"") || text[index] == UInt8(ascii: "'") {
            quote = text[index]
            index += 1
        }
        let start = index
        while index < limit, isPlain(text[index]) { index += 1 }
        let word = start..<index
        guard !word.isEmpty else { return nil }
        if let quote {
            guard index < limit, text[index] == quote else { return nil }
            index += 1
        }
        return word
    }

    /// The beginning of the next line, where nothing but white space and a comment stands on the rest of this one.
    private static func endOfBlankLine(_ text: Span<UInt8>, from start: Int, before limit: Int) -> Int? {
        var index = start
        var isComment = false
        while index < limit {
            switch text[index] {
            case 0x0A: return index + 1
            case 0x20, 0x09, 0x0D: break
            case UInt8(ascii: "#") where index == 0 || text[index - 1] <= 0x20 || isComment: isComment = true
            default: guard isComment else { return nil }
            }
            index += 1
        }
        return index
    }

    private static func begins(_ word: StaticString, _ text: Span<UInt8>, at index: Int, before limit: Int) -> Bool {
        guard index + word.utf8CodeUnitCount <= limit else { return false }
        return word.withUTF8Buffer { letters in
            for offset in letters.indices where unsafe letters[offset] != text[index + offset] { return false }
            return true
        }
    }

    /// Letters, digits and what stands in versions: nothing that begins or ends anything in YAML.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}

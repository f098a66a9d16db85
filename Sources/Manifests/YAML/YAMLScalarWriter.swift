/// Writes scalars: plain where every reader takes the text for a string, quoted otherwise, several lines as a block.
enum YAMLScalarWriter {
    /// A value that is no filled container, without a line feed at its end.
    ///
    /// `indentation` is where the lines of a block stand.
    static func value(_ value: JSONValue, indentation: Int) -> String {
        switch value {
        case .string(let text): block(text, indentation: indentation) ?? quotedIfNeeded(text)
        case .array: "[]"
        case .object: "{}"
        case .null, .bool, .integer, .double: value.canonicalText
        }
    }

    /// A mapping's key, on one line.
    static func name(_ text: String) -> String {
        text == "<<" ? "\"<<\"" : quotedIfNeeded(text)
    }

    private static func quotedIfNeeded(_ text: String) -> String {
        if isPlain(text) { return text }
        let isOneLine = text.unicodeScalars.allSatisfy { isPrintable($0) && $0 != "\n" && $0 != "\t" }
        // Single quotes keep embedded JSON readable.
        if isOneLine, text.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            // By bytes: to `Character` a quote with a combining mark behind it is no quote.
            let parts = text.utf8.split(separator: UInt8(ascii: "'"), omittingEmptySubsequences: false)
            return "'" + parts.map { String(Substring($0)) }.joined(separator: "''") + "'"
        }
        return doubleQuoted(text)
    }

    /// True when the text may stand without quotes and is then read as this string, by kubectl and also by readers
    /// that know times and numbers of base 60.
    static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, first != 0x20, last != 0x20,
            last != UInt8(ascii: ":"), YAMLScalar.resolve(text) == .string(text), !mayBeTime(text)
        else { return false }
        switch first {
        case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"):
            // An indicator only when a space follows; three dashes begin a document.
            guard let second = bytes.dropFirst().first, second != 0x20, !text.hasPrefix("---") else { return false }
        case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
            UInt8(ascii: "#"), UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"), UInt8(ascii: "|"),
            UInt8(ascii: ">"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "%"), UInt8(ascii: "@"),
            UInt8(ascii: "`"):
            return false
        case UInt8(ascii: "."): guard !text.hasPrefix("...") else { return false }
        case UInt8(ascii: "="), UInt8(ascii: "<"): guard text != "=", text != "<<" else { return false }
        default: break
        }
        var previous: UInt8 = 0
        var isASCII = true
        for byte in bytes {
            if byte == UInt8(ascii: "#") && previous == 0x20 { return false }
            if byte == 0x20 && previous == UInt8(ascii: ":") { return false }
            if byte < 0x20 || byte == 0x7F { return false }
            if byte >= 0x80 { isASCII = false }
            previous = byte
        }
        return isASCII || text.unicodeScalars.allSatisfy(isPrintable)
    }

    /// Digits with colons or dashes between them: a date, a time or a number of base 60 in YAML 1.1.
    private static func mayBeTime(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        guard isDigit(first) || first == UInt8(ascii: "+") || first == UInt8(ascii: "-"),
            isDigit(last) || last == UInt8(ascii: "Z") || last == UInt8(ascii: ".")
        else { return false }
        return text.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "-") })
            && text.utf8.allSatisfy { isDigit($0) || ":-+._ TtZ".utf8.contains($0) }
    }

    /// What may stand in a text unescaped: YAML's printable characters without the line ends that only some know.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
            0x10000...0x10FFFF:
            true
        default: false
        }
    }

    private static func doubleQuoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            default:
                if isPrintable(scalar) {
                    quoted.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    quoted += "\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
                }
            }
        }
        return quoted + "\""
    }

    /// The literal form of a text with several lines, or nil where it has no advantage or cannot hold the text.
    private static func block(_ text: String, indentation: Int) -> String? {
        guard text.utf8.contains(UInt8(ascii: "\n")), text.unicodeScalars.allSatisfy(isPrintable),
            text.utf8.contains(where: { $0 != UInt8(ascii: "\n") && $0 != 0x20 && $0 != UInt8(ascii: "\t") })
        else { return nil }
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let ending: String
        if lines.last?.isEmpty == true {
            lines.removeLast()
            ending = lines.last?.isEmpty == true ? "+" : ""
        } else {
            ending = "-"
        }
        // Where the first line begins with a space or is empty, the indentation has to be said.
        let first = text.utf8.first
        let head = first == 0x20 || first == UInt8(ascii: "\n") || first == UInt8(ascii: "\t") ? "|2" : "|"
        let margin = String(repeating: " ", count: max(2, indentation))
        return head + ending + lines.map { $0.isEmpty ? "\n" : "\n\(margin)\(Substring($0))" }.joined()
    }
}

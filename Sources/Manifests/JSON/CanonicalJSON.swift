extension JSONValue {
    /// The one byte sequence that stands for this value: UTF-8, names ascending by their bytes, no spaces, `/` not
    /// escaped, control characters escaped, no raw line feed.
    ///
    /// Digests and the journal use it.
    public var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        CanonicalWriter.append(self, to: &bytes)
        return bytes
    }

    /// ``canonicalBytes`` as text.
    public var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }

    /// The same content laid out over lines with two spaces of indentation and a final line feed, for people.
    public var indentedText: String {
        var bytes: [UInt8] = []
        CanonicalWriter.append(self, to: &bytes, indentation: 0)
        bytes.append(UInt8(ascii: "\n"))
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Writes JSON.
///
/// A non-finite double cannot come from a reader; it is written as `null`, as JavaScript does.
enum CanonicalWriter {
    static func append(_ value: JSONValue, to bytes: inout [UInt8], indentation: Int? = nil) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .double(let value): appendNumber(value, to: &bytes)
        case .string(let value): appendString(value, to: &bytes)
        case .array(let elements):
            if elements.isEmpty {
                bytes += "[]".utf8
                return
            }
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                appendBreak(indentation.map { $0 + 1 }, to: &bytes)
                append(element, to: &bytes, indentation: indentation.map { $0 + 1 })
            }
            appendBreak(indentation, to: &bytes)
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            if members.isEmpty {
                bytes += "{}".utf8
                return
            }
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                appendBreak(indentation.map { $0 + 1 }, to: &bytes)
                appendString(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                if indentation != nil { bytes.append(UInt8(ascii: " ")) }
                append(member.value, to: &bytes, indentation: indentation.map { $0 + 1 })
            }
            appendBreak(indentation, to: &bytes)
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// A whole number without point or exponent, any other in the fewest digits that read back as the same double.
    private static func appendNumber(_ value: Double, to bytes: inout [UInt8]) {
        if let whole = value.wholeNumber {
            bytes += String(whole).utf8
        } else {
            bytes += (value.isFinite ? "\(value)" : "null").utf8
        }
    }

    private static func appendBreak(_ indentation: Int?, to bytes: inout [UInt8]) {
        guard let indentation else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: indentation * 2)
    }

    private static func appendString(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += "\\\"".utf8
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case 0x08: bytes += "\\b".utf8
            case 0x09: bytes += "\\t".utf8
            case 0x0A: bytes += "\\n".utf8
            case 0x0C: bytes += "\\f".utf8
            case 0x0D: bytes += "\\r".utf8
            case 0x00..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes += "\\u00".utf8
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 0xF)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

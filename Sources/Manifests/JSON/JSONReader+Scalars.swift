extension JSONReader {
    /// A number: an integer where 64 bits hold it, whole numbers with a point or exponent included.
    mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "0")) {
            if position < bytes.count, Self.isDigit(bytes[position]) {
                throw error("leading zero in a number", at: start)
            }
        } else {
            guard digits() > 0 else { throw error("expected a digit", at: position) }
        }
        var isIntegral = true
        if take(UInt8(ascii: ".")) {
            isIntegral = false
            guard digits() > 0 else { throw error("expected a digit behind '.'", at: position) }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isIntegral = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw error("expected a digit in the exponent", at: position) }
        }
        if isIntegral, position - start < 19 {
            var magnitude: Int64 = 0
            for index in (isNegative ? start + 1 : start)..<position {
                magnitude = magnitude * 10 + Int64(bytes[index] - UInt8(ascii: "0"))
            }
            return .integer(isNegative ? -magnitude : magnitude)
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isIntegral, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw error("number out of range", at: start) }
        return .number(value)
    }

    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
        return position - start
    }

    /// A string, from its opening quote.
    mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        // Most strings hold neither an escape nor a control character: they are taken over in one piece.
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                guard let text = Self.text(bytes.span.extracting(start..<position)) else {
                    throw invalidText(from: start, to: position)
                }
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { break }
            if byte < 0x20 { throw error("control character in a string", at: position) }
            position += 1
        }
        return try escapedString(from: start)
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var collected = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = Self.text(collected.span) else {
                    throw invalidText(from: start, to: position)
                }
                position += 1
                return text
            case UInt8(ascii: "\\"): try escape(into: &collected)
            case 0x00..<0x20: throw error("control character in a string", at: position)
            default:
                collected.append(byte)
                position += 1
            }
        }
        throw error("string is not closed", at: start - 1)
    }

    private mutating func escape(into collected: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 1
        guard position < bytes.count else { throw error("string is not closed", at: start) }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): collected.append(byte)
        case UInt8(ascii: "b"): collected.append(0x08)
        case UInt8(ascii: "f"): collected.append(0x0C)
        case UInt8(ascii: "n"): collected.append(0x0A)
        case UInt8(ascii: "r"): collected.append(0x0D)
        case UInt8(ascii: "t"): collected.append(0x09)
        case UInt8(ascii: "u"):
            var code = try fourDigits(of: start)
            if (0xD800..<0xDC00).contains(code) {
                guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                    bytes[position + 1] == UInt8(ascii: "u")
                else { throw error("lone surrogate", at: start) }
                position += 2
                let low = try fourDigits(of: start)
                guard (0xDC00..<0xE000).contains(low) else { throw error("lone surrogate", at: start) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw error("lone surrogate", at: start) }
            collected += UTF8.encode(scalar).map(Array.init) ?? []
        default: throw error("unknown escape", at: start)
        }
    }

    private mutating func fourDigits(of start: Int) throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = Self.hexadecimalDigit(bytes[position]) else {
                throw error("expected four hexadecimal digits", at: start)
            }
            code = code << 4 | digit
            position += 1
        }
        return code
    }

    private func invalidText(from start: Int, to end: Int) -> JSONError {
        // The first byte that is no part of a valid character.
        var valid = start
        var decoder = UTF8()
        var rest = bytes[start..<end].makeIterator()
        scan: while true {
            switch decoder.decode(&rest) {
            case .scalarValue(let scalar): valid += UTF8.width(scalar)
            case .emptyInput, .error: break scan
            }
        }
        return error(.encoding, "invalid UTF-8 in a string", at: valid)
    }

    /// Nil when the bytes are not UTF-8.
    ///
    /// Twice as fast as `String(validating:as:)`, which is generic.
    private static func text(_ bytes: Span<UInt8>) -> String? {
        guard let checked = try? UTF8Span(validating: bytes) else { return nil }
        return String(copying: checked)
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

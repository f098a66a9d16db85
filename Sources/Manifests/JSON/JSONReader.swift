/// Why bytes are not JSON, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was wrong, in words, without the place.
    public var message: String
    /// Offset of the offending byte, counted from 0.
    public var offset: Int
    /// Line of the offending byte, counted from 1.
    public var line: Int
    /// Column in bytes, counted from 1.
    public var column: Int

    public var description: String { "line \(line), column \(column): \(message)" }
}

extension JSONValue {
    /// Reads one JSON text (RFC 8259), strictly: UTF-8 only, no comments, no trailing commas, no lone
    /// surrogates, nothing behind the value but white space.
    ///
    /// - Parameters:
    ///   - bytes: the whole text.
    ///   - limits: bounds that keep hostile input from exhausting stack or memory.
    public init(
        parsing bytes: some Collection<UInt8>, limits: ReaderLimits = .standard
    ) throws(JSONError) {
        let array = (bytes as? [UInt8]) ?? Array(bytes)
        var reader = JSONReader(bytes: array, limits: limits)
        self = try reader.document()
    }

    /// Reads one JSON text given as a string.
    public init(parsing text: String, limits: ReaderLimits = .standard) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}

/// Bounds for readers of JSON and YAML.
public struct ReaderLimits: Sendable, Hashable {
    /// How deep containers may nest.
    ///
    /// Kubernetes' own decoder refuses beyond 10,000; real objects stay below 60.
    public var depth: Int
    /// Bytes of one text.
    public var bytes: Int
    /// Nodes that aliases may expand to, over all documents of a file.
    public var aliasNodes: Int

    public init(depth: Int, bytes: Int, aliasNodes: Int) {
        self.depth = depth
        self.bytes = bytes
        self.aliasNodes = aliasNodes
    }

    /// 512 levels, 256 MiB, one million alias nodes.
    public static let standard = ReaderLimits(depth: 512, bytes: 256 << 20, aliasNodes: 1_000_000)
}

/// A recursive-descent reader over one array of bytes.
struct JSONReader {
    let bytes: [UInt8]
    let limits: ReaderLimits
    private var position = 0
    private var depth = 0

    init(bytes: [UInt8], limits: ReaderLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.bytes else { throw error("larger than \(limits.bytes) bytes", at: 0) }
        skipSpace()
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw error("unexpected text behind the value", at: position) }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        guard position < bytes.count else { throw error("unexpected end of input", at: position) }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try objectValue()
        case UInt8(ascii: "["): return try arrayValue()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("expected a value", at: position)
        }
    }

    private mutating func objectValue() throws(JSONError) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        position += 1
        var members: [JSONObject.Member] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([:]) }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw error("expected a member name in double quotes", at: position)
            }
            let start = position
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("expected ':' behind the member name", at: position) }
            skipSpace()
            members.append((key: name, value: try value()))
            skipSpace()
            if take(UInt8(ascii: "}")) {
                let object = JSONObject(members)
                guard object.count == members.count else { throw error("duplicate member name", at: start) }
                return .object(object)
            }
            guard take(UInt8(ascii: ",")) else { throw error("expected ',' or '}'", at: position) }
        }
    }

    private mutating func arrayValue() throws(JSONError) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            skipSpace()
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw error("expected ',' or ']'", at: position) }
        }
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= limits.depth else { throw error("nested deeper than \(limits.depth) levels", at: position) }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let text = Array("\(word)".utf8)
        guard bytes.count - position >= text.count, bytes[position..<position + text.count].elementsEqual(text) else {
            throw error("expected '\(word)'", at: position)
        }
        position += text.count
        return value
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        var integral = true
        _ = take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "0")) {
            if position < bytes.count, isDigit(bytes[position]) { throw error("leading zero in a number", at: start) }
        } else {
            guard digits() > 0 else { throw error("expected a digit", at: position) }
        }
        if take(UInt8(ascii: ".")) {
            integral = false
            guard digits() > 0 else { throw error("expected a digit behind '.'", at: position) }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            integral = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw error("expected a digit in the exponent", at: position) }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if integral, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw error("number out of range", at: start) }
        return .double(value)
    }

    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
        return position - start
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        // Most strings hold neither an escape nor a control character: they are taken over in one piece.
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let slice = bytes[start..<position]
                guard let text = String(validating: slice, as: UTF8.self) else {
                    throw error("invalid UTF-8 in a string", at: start)
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
                guard let text = String(validating: collected, as: UTF8.self) else {
                    throw error("invalid UTF-8 in a string", at: start)
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
            collected += Character(scalar).utf8
        default: throw error("unknown escape", at: start)
        }
    }

    private mutating func fourDigits(of start: Int) throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = hexadecimalDigit(bytes[position]) else {
                throw error("expected four hexadecimal digits", at: start)
            }
            code = code << 4 | digit
            position += 1
        }
        return code
    }

    private func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private func error(_ message: String, at offset: Int) -> JSONError {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == 0x0A {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return JSONError(message: message, offset: offset, line: line, column: column)
    }
}

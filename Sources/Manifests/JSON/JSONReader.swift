/// A recursive-descent reader over one array of bytes, which may hold one JSON text or a stream of them.
struct JSONReader {
    let bytes: [UInt8]
    var position = 0
    private let limits: ReaderLimits
    private var depth = 0
    private var nodes = 0
    /// Where the member names begin that were read in objects still open: for naming the place of a duplicate.
    private var nameOffsets: [Int] = []
    private var recorder: PositionRecorder?

    /// - Parameter start: where to begin, at the beginning of a line or behind a byte order mark.
    init(bytes: [UInt8], limits: ReaderLimits, recordsPositions: Bool = false, from start: Int = 0) {
        self.bytes = bytes
        self.limits = limits
        position = start
        recorder = recordsPositions ? PositionRecorder() : nil
        guard recordsPositions, start > 3 else { return }
        for offset in 0..<start where bytes[offset] == UInt8(ascii: "\n") { recorder?.lineFeed(at: offset) }
    }

    /// The one value of a text that holds nothing else.
    mutating func document() throws(JSONError) -> JSONValue {
        guard let value = try next() else { throw error("unexpected end of input", at: position) }
        skipSpace()
        guard position == bytes.count else { throw error("unexpected text behind the value", at: position) }
        return value
    }

    /// The next value of a stream, nil at its end.
    mutating func next() throws(JSONError) -> JSONValue? {
        guard bytes.count <= limits.bytes else { throw error(.limit, "larger than \(limits.bytes) bytes", at: 0) }
        skipSpace()
        return position < bytes.count ? try value() : nil
    }

    /// Where the nodes of the value stand that was read last; only when positions are recorded.
    mutating func takePositions() -> PositionTree? { recorder?.take() }

    private mutating func value() throws(JSONError) -> JSONValue {
        guard position < bytes.count else { throw error("unexpected end of input", at: position) }
        nodes += 1
        guard nodes <= limits.nodes else { throw error(.limit, "more than \(limits.nodes) values", at: position) }
        recorder?.begin(at: position, in: bytes)
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
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([:]) }
        var names: [String] = []
        var contents: [JSONValue] = []
        let firstName = nameOffsets.count
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw error("expected a member name in double quotes", at: position)
            }
            nameOffsets.append(position)
            recorder?.beginName(at: position, in: bytes)
            names.append(try string())
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("expected ':' behind the member name", at: position) }
            skipSpace()
            contents.append(try value())
            skipSpace()
            if take(UInt8(ascii: "}")) { break }
            guard take(UInt8(ascii: ",")) else { throw error("expected ',' or '}'", at: position) }
        }
        let order = JSONObject.order(of: names)
        if let duplicate = JSONObject.duplicate(in: names, order: order) {
            let message = "duplicate member name \"\(names[duplicate])\""
            throw error(.duplicateKey, message, at: nameOffsets[firstName + duplicate])
        }
        nameOffsets.removeLast(names.count)
        recorder?.endObject(count: names.count, order: order)
        return .object(JSONObject(uniqueNames: names, contents: contents, order: order))
    }

    private mutating func arrayValue() throws(JSONError) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            skipSpace()
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { break }
            guard take(UInt8(ascii: ",")) else { throw error("expected ',' or ']'", at: position) }
        }
        recorder?.endArray(count: elements.count)
        return .array(elements)
    }

    /// Steps over the opening bracket.
    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= limits.depth else {
            throw error(.limit, "nested deeper than \(limits.depth) levels", at: position)
        }
        position += 1
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes[position..<end].elementsEqual("\(word)".utf8) else {
            throw error("expected '\(word)'", at: position)
        }
        position = end
        return value
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\n"): recorder?.lineFeed(at: position)
            case 0x20, 0x09, 0x0D: break
            default: return
            }
            position += 1
        }
    }

    func error(_ message: String, at offset: Int) -> JSONError { error(.syntax, message, at: offset) }

    func error(_ code: ManifestError.Code, _ message: String, at offset: Int) -> JSONError {
        let place = TextPosition(of: offset, in: bytes)
        return JSONError(code: code, message: message, offset: offset, line: place.line, column: place.column)
    }
}

/// A template's text in which only what stands there literally is left, every byte at its place.
///
/// Values of actions become ``value``, statements ``statement``, and branches that are not taken for the target, blanks.
/// What a branch depends on may be unknown; then all its sides stay, each with a mark of the branch it stands in.
struct TemplateMask {
    /// Stands for bytes that only rendering can tell.
    static let value: UInt8 = 0x1A
    /// Stands for an action that leaves nothing, such as `if`.
    static let statement: UInt8 = 0x1D

    /// A side of a condition whose outcome is unknown.
    struct Side: Hashable {
        var condition: Int
        var side: Int
    }

    private(set) var bytes: [UInt8]
    /// From which offset on which unknown sides hold, ascending.
    private(set) var sides: [(offset: Int, sides: [Side])] = [(0, [])]

    private struct Frame {
        var isCondition: Bool
        /// Nil while unknown.
        var isTaken: Bool?
        /// Whether a side before was taken for certain.
        var isSettled: Bool
        var number: Int
        var side = 0
        var isDefinition = false
    }

    private var frames: [Frame] = []
    private var conditions = 0
    private var expression: TemplateExpression

    /// - Parameters:
    ///   - text: the template.
    ///   - capabilities: what is known of the target; nil when nothing is.
    ///   - include: what a named template renders to.
    init(
        _ text: some Collection<UInt8>, capabilities: TemplateCapabilities?,
        include: @escaping (String) -> TemplateExpression.Value = { _ in .unknown }
    ) {
        bytes = Array(text)
        expression = TemplateExpression(variables: [:], capabilities: capabilities, include: include)
        mask()
    }

    /// The sides of unknown conditions in which the byte stands.
    func sides(at offset: Int) -> [Side] {
        var (low, high) = (0, sides.count)
        while low + 1 < high {
            let middle = (low + high) / 2
            if sides[middle].offset <= offset { low = middle } else { high = middle }
        }
        return sides[low].sides
    }

    private mutating func mask() {
        var position = 0
        var textStart = 0
        while let start = Self.start(in: bytes, from: position) {
            blank(textStart..<start)
            let end = Self.end(of: start, in: bytes)
            take(start..<end)
            position = end
            textStart = end
        }
        blank(textStart..<bytes.count)
    }

    private var isDead: Bool { frames.contains { $0.isTaken == false || $0.isDefinition } }

    private mutating func blank(_ range: Range<Int>) {
        if isDead { fill(range, with: UInt8(ascii: " ")) }
    }

    private mutating func fill(_ range: Range<Int>, with byte: UInt8) {
        for index in range where bytes[index] != 0x0A && bytes[index] != 0x0D { bytes[index] = byte }
    }

    private mutating func take(_ range: Range<Int>) {
        var inner = String(decoding: bytes[range.dropFirst(2).dropLast(2)], as: UTF8.self)[...]
        if inner.hasPrefix("-") { inner.removeFirst() }
        if inner.hasSuffix("-") { inner.removeLast() }
        while inner.first?.isWhitespace == true { inner.removeFirst() }
        let word = inner.prefix { !$0.isWhitespace && $0 != "(" }
        let rest = inner.dropFirst(word.count)
        let wasDead = isDead
        var filler = Self.statement
        switch word {
        case "if": begin(rest)
        case "else": turn(rest)
        case "range", "with", "block":
            // They may be passed over at run time; what stands in them counts all the same.
            frames.append(Frame(isCondition: word == "with", isTaken: true, isSettled: false, number: -1))
        case "define":
            frames.append(
                Frame(isCondition: false, isTaken: true, isSettled: false, number: -1, isDefinition: true))
        case "end": frames.removeLast(frames.isEmpty ? 0 : 1)
        default: if !inner.hasPrefix("/*"), !assign(inner) { filler = Self.value }
        }
        let text = filler == Self.value && !wasDead ? expression.evaluate(inner) : .unknown
        if case .text(let literal) = text, literal.utf8.count <= range.count {
            fill(range, with: Self.statement)
            for (offset, byte) in literal.utf8.enumerated() { bytes[range.lowerBound + offset] = byte }
        } else {
            fill(range, with: wasDead ? UInt8(ascii: " ") : filler)
        }
        let unknown = frames.filter { $0.isTaken == nil }
        sides.append((range.upperBound, unknown.map { Side(condition: $0.number, side: $0.side) }))
    }

    private mutating func begin(_ condition: Substring) {
        conditions += 1
        let truth = isDead ? false : expression.evaluate(condition).isTrue
        frames.append(Frame(isCondition: true, isTaken: truth, isSettled: truth == true, number: conditions))
    }

    private mutating func turn(_ rest: Substring) {
        guard var frame = frames.popLast() else { return }
        defer { frames.append(frame) }
        frame.side += 1
        guard frame.isCondition, frame.number >= 0 else {
            frame.isTaken = nil
            conditions += 1
            frame.number = conditions
            return
        }
        let words = rest.split(separator: " ", maxSplits: 1)
        let condition = words.first == "if" ? expression.evaluate(words.count > 1 ? words[1] : "").isTrue : true
        if frame.isSettled {
            frame.isTaken = false
        } else if frame.isTaken == nil || condition == nil {
            // Not taken for certain where the condition does not hold, whatever came before.
            frame.isTaken = condition == false ? false : nil
        } else {
            frame.isTaken = condition
            frame.isSettled = condition == true
        }
    }

    /// Notes `$name := expression`; false when it is no assignment.
    private mutating func assign(_ text: Substring) -> Bool {
        guard text.hasPrefix("$") else { return false }
        let name = text.prefix { !$0.isWhitespace && $0 != ":" && $0 != "=" }
        var rest = text.dropFirst(name.count)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        guard rest.hasPrefix(":=") || rest.hasPrefix("=") else { return false }
        let isFirst = rest.hasPrefix(":=")
        let value = expression.evaluate(rest.dropFirst(isFirst ? 2 : 1))
        let isCertain = isFirst && !frames.contains { $0.isTaken == nil }
        expression.variables[String(name)] = isCertain ? value : .unknown
        return true
    }

    /// Where the next action begins.
    static func start(in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + 1 < bytes.count {
            if bytes[index] == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "{") { return index }
            index += 1
        }
        return nil
    }

    /// Behind the action that begins there; quotes may hold braces, comments may hold anything.
    static func end(of start: Int, in bytes: [UInt8]) -> Int {
        var index = start + 2
        var quote: UInt8?
        let head = bytes[index..<min(bytes.count, index + 6)]
        if head.starts(with: Array("/*".utf8)) || head.starts(with: Array("- /*".utf8)) {
            while index + 1 < bytes.count, bytes[index] != UInt8(ascii: "*") || bytes[index + 1] != UInt8(ascii: "/") {
                index += 1
            }
        }
        while index < bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == UInt8(ascii: "\\"), open == UInt8(ascii: "\"") {
                    index += 1
                } else if byte == open {
                    quote = nil
                }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`") {
                quote = byte
            } else if byte == UInt8(ascii: "}"), index + 1 < bytes.count, bytes[index + 1] == byte {
                return index + 2
            }
            index += 1
        }
        return bytes.count
    }
}

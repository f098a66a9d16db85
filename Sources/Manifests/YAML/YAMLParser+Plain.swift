import CLibYAML

extension YAMLParser {
    /// How many documents and objects a text holds in which nothing is out of the ordinary.
    struct PlainSummary: Equatable {
        /// Documents that are not empty; each of them is one object.
        var documents = 0
    }

    /// Reads the text to its end without building anything; nil as soon as something is out of the ordinary.
    ///
    /// Ordinary are documents of one object each, without anchors, aliases, tags, merges, lists of objects, names that
    /// are no plain strings, names written twice, or anything that breaks a limit. What is not ordinary is no error:
    /// it is for the composer to judge.
    mutating func plainSummary(limits: ReaderLimits, spending nodes: inout Int) -> PlainSummary? {
        var check = PlainCheck(limits: limits, nodes: nodes)
        var event = unsafe yaml_event_t()
        while true {
            guard unsafe yaml_parser_parse(parser, &event) == 1 else { return nil }
            defer { unsafe yaml_event_delete(&event) }
            if unsafe event.type == YAML_STREAM_END_EVENT {
                nodes = check.nodes
                return check.summary
            }
            guard unsafe check.takes(event) else { return nil }
        }
    }
}

/// Follows the events of a text and says as soon as one of them is out of the ordinary.
@safe private struct PlainCheck {
    private struct Level {
        var isMapping: Bool
        var isFlow: Bool
        /// Where the hashes of this mapping's names begin.
        var firstName: Int
        var expectsName: Bool
    }

    private(set) var summary = YAMLParser.PlainSummary()
    private(set) var nodes: Int
    private let limits: ReaderLimits
    private var levels: [Level] = []
    private var flowDepth = 0
    private var names: [UInt64] = []
    /// The member at the top of the document whose value comes next, where it is one of the two that make an object.
    private var head: Head?
    private var heads: Set<Head> = []
    private var isEmpty = true

    private enum Head { case apiVersion, kind }

    init(limits: ReaderLimits, nodes: Int) {
        self.limits = limits
        self.nodes = nodes
    }

    @unsafe mutating func takes(_ event: yaml_event_t) -> Bool {
        switch unsafe event.type {
        case YAML_DOCUMENT_START_EVENT:
            heads = []
            isEmpty = true
            return true
        case YAML_DOCUMENT_END_EVENT:
            if isEmpty { return true }
            summary.documents += 1
            return heads.count == 2
        case YAML_SCALAR_EVENT: return unsafe scalar(event)
        case YAML_MAPPING_START_EVENT:
            let start = unsafe event.data.mapping_start
            return unsafe start.anchor == nil && start.tag == nil
                && begins(isMapping: true, isFlow: start.style == YAML_FLOW_MAPPING_STYLE)
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe event.data.sequence_start
            return unsafe start.anchor == nil && start.tag == nil
                && begins(isMapping: false, isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE)
        case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: return ends()
        case YAML_ALIAS_EVENT: return false
        default: return true
        }
    }

    private mutating func begins(isMapping: Bool, isFlow: Bool) -> Bool {
        nodes += 1
        if isFlow { flowDepth += 1 }
        guard nodes <= limits.nodes, levels.count < limits.depth, flowDepth <= limits.flowDepth, head == nil else {
            return false
        }
        if let last = levels.indices.last, levels[last].isMapping {
            if levels[last].expectsName { return false }
            levels[last].expectsName = true
        } else if levels.isEmpty {
            // A document is one mapping.
            guard isMapping, isEmpty else { return false }
            isEmpty = false
        }
        levels.append(Level(isMapping: isMapping, isFlow: isFlow, firstName: names.count, expectsName: isMapping))
        return true
    }

    private mutating func ends() -> Bool {
        guard let level = levels.popLast() else { return false }
        if level.isFlow { flowDepth -= 1 }
        guard level.isMapping else { return true }
        let count = names.count - level.firstName
        defer { names.removeLast(count) }
        if count <= 12 {
            for later in level.firstName..<names.count {
                for earlier in level.firstName..<later where names[earlier] == names[later] { return false }
            }
            return true
        }
        return Set(names[level.firstName...]).count == count
    }

    @unsafe private mutating func scalar(_ event: yaml_event_t) -> Bool {
        let scalar = unsafe event.data.scalar
        nodes += 1
        guard nodes <= limits.nodes, unsafe scalar.anchor == nil, unsafe scalar.tag == nil else { return false }
        let text = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let isPlain = unsafe scalar.plain_implicit != 0
        guard let last = levels.indices.last else {
            // Nothing at all is an empty document; a scalar is no object.
            return text.isEmpty && isPlain
        }
        guard levels[last].isMapping else { return unsafe Self.isFinite(text, isPlain) }
        if levels[last].expectsName {
            levels[last].expectsName = false
            // `<<`, and what may be a number, a truth or nothing.
            guard unsafe !isPlain || Self.isString(text) else { return false }
            if last == 0 { head = unsafe Self.head(text) }
            names.append(unsafe Self.hash(text))
            return true
        }
        levels[last].expectsName = true
        if let head {
            self.head = nil
            heads.insert(head)
            guard text.count > 0, unsafe !isPlain || Self.isString(text) else { return false }
            // A list is for the composer to take apart.
            let endsInList = unsafe text.suffix(4).elementsEqual("List".utf8)
            return head == .apiVersion || !endsInList
        }
        return unsafe Self.isFinite(text, isPlain)
    }

    @unsafe private static func head(_ text: UnsafeBufferPointer<UInt8>) -> Head? {
        if text.count == 10, unsafe text.elementsEqual("apiVersion".utf8) { return .apiVersion }
        if text.count == 4, unsafe text.elementsEqual("kind".utf8) { return .kind }
        return nil
    }

    /// Whether a scalar without quotes is a string, by its first letter alone.
    @unsafe private static func isString(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count > 0 else { return false }
        switch unsafe text[0] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "/"):
            // The longest word of YAML 1.1 that is no string has five letters.
            if text.count > 5 { return true }
            switch unsafe text[0] | 0x20 {
            case UInt8(ascii: "y"), UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "o"):
                return unsafe YAMLScalar.resolve(String(decoding: text, as: UTF8.self)).isString
            default: return true
            }
        default: return false
        }
    }

    /// False for what may be an infinity or not a number, which JSON has not.
    @unsafe private static func isFinite(_ text: UnsafeBufferPointer<UInt8>, _ isPlain: Bool) -> Bool {
        guard isPlain, text.count > 1 else { return true }
        let (first, second) = unsafe (text[0], text[1])
        if first == UInt8(ascii: ".") { return false }
        return first != UInt8(ascii: "-") && first != UInt8(ascii: "+") || second != UInt8(ascii: ".")
    }

    @unsafe private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<text.count { hash = (hash ^ UInt64(unsafe text[index])) &* 0x0000_0100_0000_01B3 }
        return hash
    }
}

extension YAMLScalar {
    fileprivate var isString: Bool {
        if case .string = self { true } else { false }
    }
}

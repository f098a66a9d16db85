/// Builds documents from the parser's events, within limits.
///
/// An alias shares storage with its anchor, so expanding one costs nothing here; the limit on alias nodes protects
/// whoever walks over the result. Anchors live to the end of their document.
struct YAMLComposer: ~Copyable {
    /// A finished node and what it weighs.
    struct Node {
        var value: JSONValue
        var positions: PositionTree
        /// Nodes in it, aliases expanded.
        var size = 1
        /// Levels of containers in it, aliases expanded.
        var height = 0
    }

    private var parser: YAMLParser
    private let file: String
    private let limits: ReaderLimits
    private var anchors: [String: Node] = [:]
    private var unfinished: Set<String> = []
    private var depth = 0
    private var flowDepth = 0
    private var spent: Expenditure

    /// What was used of the limits that hold for a whole file.
    struct Expenditure {
        var nodes = 0
        var aliasNodes = 0
    }

    /// - Parameters:
    ///   - input: the text, or a part of it that begins with a document; it must outlive the composer.
    ///   - linesBefore: how many lines of the file stand before that part.
    ///   - spent: what earlier parts of the file used of the limits.
    @unsafe init(
        _ input: UnsafeBufferPointer<UInt8>, file: String, limits: ReaderLimits, linesBefore: Int = 0,
        spent: Expenditure = Expenditure()
    ) throws(ManifestError) {
        let top = SourceLocation(file: file, line: linesBefore + 1, column: 1)
        guard input.count <= limits.bytes else {
            throw ManifestError(.limit, "larger than \(limits.bytes) bytes", at: top)
        }
        // libyaml compares each %TAG line with all before it.
        guard unsafe !Self.hasManyDirectives(input) else {
            throw ManifestError(.limit, "more than \(Self.directives) lines begin with %TAG", at: top)
        }
        self.file = file
        self.limits = limits
        self.spent = spent
        parser = unsafe YAMLParser(input, file: file, linesBefore: linesBefore)
    }

    /// What this part and those before it used of the limits.
    var expenditure: Expenditure { spent }

    /// The next document; nil at the end of the input.
    mutating func next() throws(ManifestError) -> SourceDocument? {
        while true {
            switch try parser.next() {
            case .streamEnd: return nil
            case .documentStart:
                let node = try node(try parser.next())
                anchors = [:]
                return SourceDocument(value: node.value, file: file, positions: node.positions)
            default: break
            }
        }
    }

    private mutating func node(_ event: YAMLEvent) throws(ManifestError) -> Node {
        spent.nodes += 1
        guard spent.nodes <= limits.nodes else { throw error(.limit, "more than \(limits.nodes) nodes") }
        let mark = parser.mark
        switch event {
        case .scalar(let scalar):
            let node = Node(value: try value(of: scalar), positions: PositionTree(value: mark))
            if let anchor = scalar.anchor { anchors[anchor] = node }
            return node
        case .alias(let name): return try expand(name)
        case .sequenceStart(let head): return try sequence(head, at: mark)
        case .mappingStart(let head): return try mapping(head, at: mark)
        case .documentStart, .documentEnd, .streamEnd, .sequenceEnd, .mappingEnd:
            throw error(.syntax, "a value is missing")
        }
    }

    private mutating func sequence(
        _ head: YAMLEvent.Collection, at mark: PositionTree.Mark
    ) throws(ManifestError) -> Node {
        try enter(head)
        var node = Node(value: .null, positions: PositionTree(value: mark))
        var elements: [JSONValue] = []
        while true {
            let event = try parser.next()
            if case .sequenceEnd = event { break }
            let element = try self.node(event)
            elements.append(element.value)
            node.positions.children.append(element.positions)
            node.size += element.size
            node.height = max(node.height, element.height)
        }
        node.value = .array(elements)
        return leave(head, node)
    }

    private mutating func mapping(
        _ head: YAMLEvent.Collection, at mark: PositionTree.Mark
    ) throws(ManifestError) -> Node {
        try enter(head)
        var members = YAMLMembers()
        while true {
            let event = try parser.next()
            if case .mappingEnd = event { break }
            let key = parser.mark
            switch try name(event) {
            case .merge:
                let source = try node(try parser.next())
                guard members.merge(source.value, source.positions) else {
                    throw error(.syntax, "'<<' needs a mapping or a list of mappings", at: key)
                }
                members.size += source.size
                members.height = max(members.height, source.height - 1)
            case .member(let name):
                var value = try node(try parser.next())
                value.positions.key = key
                members.append(name, value)
            }
        }
        let (object, positions, duplicate) = members.finish()
        if let duplicate {
            throw error(.duplicateKey, "'\(duplicate.name)' is already in this mapping", at: duplicate.mark)
        }
        return leave(
            head,
            Node(
                value: .object(object), positions: PositionTree(value: mark, children: positions),
                size: members.size, height: members.height))
    }

    private enum Name {
        case member(String)
        case merge
    }

    /// A mapping's key as text, as kubectl makes one of numbers and booleans.
    private mutating func name(_ event: YAMLEvent) throws(ManifestError) -> Name {
        switch event {
        case .scalar(let scalar):
            if scalar.isPlain && scalar.tag == nil && scalar.text == "<<" { return .merge }
            if scalar.tag == YAMLScalar.mergeTag { return .merge }
            let resolved = try resolve(scalar)
            if let anchor = scalar.anchor {
                anchors[anchor] = Node(value: try value(of: scalar), positions: PositionTree(value: parser.mark))
            }
            guard let name = resolved.memberName else {
                throw error(.unsupportedValue, "'\(scalar.text)' cannot be the name of a member; put it in quotes")
            }
            return .member(name)
        case .alias(let name):
            guard let text = try expand(name).value.string else {
                throw error(.unsupportedValue, "an alias used as a name must stand for a string")
            }
            return .member(text)
        default: throw error(.unsupportedValue, "the name of a member must be a scalar")
        }
    }

    private mutating func expand(_ name: String) throws(ManifestError) -> Node {
        guard !unfinished.contains(name) else { throw error(.alias, "'*\(name)' contains itself") }
        guard var node = anchors[name] else { throw error(.alias, "no anchor '&\(name)' stands before '*\(name)'") }
        spent.aliasNodes += node.size
        guard spent.aliasNodes <= limits.aliasNodes else {
            throw error(.limit, "aliases expand to more than \(limits.aliasNodes) nodes")
        }
        guard depth + node.height <= limits.depth else {
            throw error(.limit, "nested deeper than \(limits.depth) levels, with aliases expanded")
        }
        node.positions.value = parser.mark
        node.positions.key = parser.mark
        return node
    }

    private mutating func enter(_ head: YAMLEvent.Collection) throws(ManifestError) {
        depth += 1
        guard depth <= limits.depth else { throw error(.limit, "nested deeper than \(limits.depth) levels") }
        // libyaml looks at every open bracket at each token.
        if head.isFlow { flowDepth += 1 }
        guard flowDepth <= limits.flowDepth else {
            throw error(.limit, "brackets nested deeper than \(limits.flowDepth) levels")
        }
        if let anchor = head.anchor { unfinished.insert(anchor) }
    }

    private mutating func leave(_ head: YAMLEvent.Collection, _ finished: Node) -> Node {
        depth -= 1
        if head.isFlow { flowDepth -= 1 }
        var node = finished
        node.height += 1
        if let anchor = head.anchor {
            unfinished.remove(anchor)
            anchors[anchor] = node
        }
        return node
    }

    private func resolve(_ scalar: YAMLEvent.Scalar) throws(ManifestError) -> YAMLScalar {
        guard let resolved = YAMLScalar(scalar.text, tag: scalar.tag, isPlain: scalar.isPlain) else {
            throw error(.unsupportedValue, "'\(scalar.text)' is not of the type that its tag \(scalar.tag ?? "") says")
        }
        return resolved
    }

    private func value(of scalar: YAMLEvent.Scalar) throws(ManifestError) -> JSONValue {
        guard let value = try resolve(scalar).json else {
            throw error(.unsupportedValue, "JSON has no number for '\(scalar.text)'; put it in quotes")
        }
        return value
    }

    private func error(
        _ code: ManifestError.Code, _ message: String, at mark: PositionTree.Mark? = nil
    ) -> ManifestError {
        let mark = mark ?? parser.mark
        return ManifestError(
            code, message, at: SourceLocation(file: file, line: Int(mark.line), column: Int(mark.column)))
    }

    private static let directives = 64

    @unsafe private static func hasManyDirectives(_ input: UnsafeBufferPointer<UInt8>) -> Bool {
        guard unsafe input.contains(UInt8(ascii: "%")) else { return false }
        return TextPosition.lines(beginningWith: "%TAG", in: unsafe Array(input)) > directives
    }
}

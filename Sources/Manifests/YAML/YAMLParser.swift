import CLibYAML

/// A pull parser over libyaml; the only file that touches it.
///
/// Owns libyaml's parser, which must not move in memory, and a copy of the input, which libyaml reads from until the
/// end. Both are released with the value. After an error no further event may be asked for.
@safe struct YAMLParser: ~Copyable {
    /// Where the last event began.
    private(set) var mark = PositionTree.Mark(line: 1, column: 1)
    /// Where the last event stands, counted in characters of the text without its byte order mark.
    private(set) var extent = 0..<0
    /// How the last event's scalar was written.
    private(set) var scalarStyle = LayoutNode.ScalarStyle.plain

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let file: String

    init(_ bytes: [UInt8], file: String) {
        self.file = file
        unsafe input = .allocate(capacity: bytes.count)
        _ = unsafe input.initialize(fromContentsOf: bytes)
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        // Fails only when memory is exhausted, where Swift's own allocations would trap as well.
        precondition(unsafe yaml_parser_initialize(parser) == 1, "out of memory")
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    /// The next event; the stream's own start is passed over.
    mutating func next() throws(ManifestError) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        while true {
            guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw error() }
            let found = unsafe translate(event)
            unsafe mark = Self.mark(event.start_mark)
            unsafe extent = event.start_mark.index..<max(event.start_mark.index, event.end_mark.index)
            if unsafe event.type == YAML_SCALAR_EVENT { unsafe scalarStyle = Self.style(event.data.scalar.style) }
            unsafe yaml_event_delete(&event)
            if let found { return found }
        }
    }

    private func translate(_ event: yaml_event_t) -> YAMLEvent? {
        switch unsafe event.type {
        case YAML_STREAM_END_EVENT: return .streamEnd
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return unsafe .alias(Self.text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return unsafe .scalar(
                .init(
                    text: String(decoding: bytes, as: UTF8.self), tag: Self.text(scalar.tag),
                    anchor: Self.text(scalar.anchor), isPlain: scalar.plain_implicit != 0))
        case YAML_SEQUENCE_START_EVENT:
            let head = unsafe event.data.sequence_start
            return unsafe .sequenceStart(
                .init(
                    tag: Self.text(head.tag), anchor: Self.text(head.anchor),
                    isFlow: head.style == YAML_FLOW_SEQUENCE_STYLE))
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            let head = unsafe event.data.mapping_start
            return unsafe .mappingStart(
                .init(
                    tag: Self.text(head.tag), anchor: Self.text(head.anchor),
                    isFlow: head.style == YAML_FLOW_MAPPING_STYLE))
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        default: return nil
        }
    }

    private static func style(_ style: yaml_scalar_style_t) -> LayoutNode.ScalarStyle {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe String(cString: pointer)
    }

    private static func mark(_ mark: yaml_mark_t) -> PositionTree.Mark {
        .init(line: UInt32(clamping: mark.line + 1), column: UInt32(clamping: mark.column + 1))
    }

    private func error() -> ManifestError {
        let state = unsafe parser.pointee
        let problem = unsafe state.problem.map { unsafe String(cString: $0) } ?? "cannot be read as YAML"
        if unsafe state.error == YAML_READER_ERROR {
            let place = TextPosition(of: unsafe state.problem_offset, in: unsafe Array(input))
            return ManifestError(
                .encoding, "\(problem) (byte \(unsafe state.problem_offset))",
                at: SourceLocation(file: file, line: place.line, column: place.column))
        }
        var place = unsafe Self.mark(state.problem_mark)
        // At the end of a text without a line feed libyaml counts one line more than there is.
        let end = TextPosition(of: unsafe input.count, in: unsafe Array(input))
        if place.line > end.line {
            place = PositionTree.Mark(line: UInt32(clamping: end.line), column: UInt32(clamping: end.column))
        }
        var message = problem
        if let context = unsafe state.context {
            message += unsafe " \(String(cString: context)) that starts at line \(state.context_mark.line + 1)"
        }
        if TextPosition.isTab(line: Int(place.line), column: Int(place.column), in: unsafe Array(input)) {
            message += "; a tab stands here, YAML indents with spaces only"
        }
        return ManifestError(
            .syntax, message, at: SourceLocation(file: file, line: Int(place.line), column: Int(place.column)))
    }
}

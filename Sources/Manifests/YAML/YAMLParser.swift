import CLibYAML

/// A pull parser over libyaml; this file and its extensions are the only ones that touch it.
///
/// Owns libyaml's parser, which must not move in memory. libyaml reads from the input until the end: it is either a
/// copy that is released with the value, or borrowed and must outlive it. After an error no further event may be asked
/// for.
@safe struct YAMLParser: ~Copyable {
    /// Where the last event began.
    private(set) var mark = PositionTree.Mark(line: 1, column: 1)
    /// Where the last event stands, counted in characters of the text without its byte order mark.
    private(set) var extent = 0..<0
    /// How the last event's scalar was written.
    private(set) var scalarStyle = LayoutNode.ScalarStyle.plain

    let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeBufferPointer<UInt8>
    private let file: String
    private let ownsInput: Bool
    /// Lines of the file before the input.
    private let linesBefore: Int

    /// Parses a copy of the text.
    init(_ bytes: [UInt8], file: String) {
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = unsafe copy.initialize(fromContentsOf: bytes)
        unsafe self.init(UnsafeBufferPointer(copy), file: file, linesBefore: 0, ownsInput: true)
    }

    /// - Parameters:
    ///   - input: the text, or a part of it that begins at the beginning of a line.
    ///   - linesBefore: how many lines of the file stand before that part.
    ///   - ownsInput: whether the text is deallocated with the parser.
    @unsafe init(_ input: UnsafeBufferPointer<UInt8>, file: String, linesBefore: Int, ownsInput: Bool = false) {
        self.file = file
        self.linesBefore = linesBefore
        self.ownsInput = ownsInput
        unsafe self.input = input
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        // Fails only when memory is exhausted, where Swift's own allocations would trap as well.
        precondition(unsafe yaml_parser_initialize(parser) == 1, "out of memory")
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        if ownsInput { unsafe input.deallocate() }
    }

    /// The next event; the stream's own start is passed over.
    mutating func next() throws(ManifestError) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        while true {
            guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw error() }
            let found = unsafe translate(event)
            unsafe mark = mark(event.start_mark)
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

    private func mark(_ mark: yaml_mark_t) -> PositionTree.Mark {
        .init(line: UInt32(clamping: linesBefore + mark.line + 1), column: UInt32(clamping: mark.column + 1))
    }

    private func error() -> ManifestError {
        let state = unsafe parser.pointee
        let problem = unsafe state.problem.map { unsafe String(cString: $0) } ?? "cannot be read as YAML"
        if unsafe state.error == YAML_READER_ERROR {
            let place = TextPosition(of: unsafe state.problem_offset, in: unsafe Array(input))
            return ManifestError(
                .encoding, "\(problem) (byte \(unsafe state.problem_offset))",
                at: SourceLocation(file: file, line: linesBefore + place.line, column: place.column))
        }
        var line = unsafe state.problem_mark.line + 1
        var column = unsafe state.problem_mark.column + 1
        // At the end of a text without a line feed libyaml counts one line more than there is.
        let end = TextPosition(of: unsafe input.count, in: unsafe Array(input))
        if line > end.line { (line, column) = (end.line, end.column) }
        var message = problem
        if let context = unsafe state.context {
            message += unsafe " \(String(cString: context)) that starts at line "
            message += unsafe "\(linesBefore + state.context_mark.line + 1)"
        }
        if TextPosition.isTab(line: line, column: column, in: unsafe Array(input)) {
            message += "; a tab stands here, YAML indents with spaces only"
        }
        return ManifestError(
            .syntax, message, at: SourceLocation(file: file, line: linesBefore + line, column: column))
    }
}

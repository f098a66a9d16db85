/// One file's text on its way to objects: what may be passed over, what is JSON and what YAML, and what went wrong.
///
/// The text itself is borrowed and given anew to each method; it must be the same one.
struct TextReading {
    /// How this file adds to the whole.
    private(set) var report = LoadReport()

    private let file: String
    private let limits: ReaderLimits
    private let filter: DocumentFilter?
    private let parsesAll: Bool
    private let survey: TextSurvey
    private let isJSON: Bool
    /// The text is UTF-16, or compressed, or otherwise nothing that could be searched for words.
    private let isOpaque: Bool

    init(_ text: Span<UInt8>, file: String, limits: ReaderLimits, filter: DocumentFilter?, parsesAll: Bool) {
        self.file = file
        self.limits = limits
        self.filter = filter
        self.parsesAll = parsesAll
        survey = TextSurvey(text)
        let isWide = text.count >= 2 && (text[0] == 0xFF && text[1] == 0xFE || text[0] == 0xFE && text[1] == 0xFF)
        let isGzip = text.count >= 3 && text[0] == 0x1F && text[1] == 0x8B && text[2] == 0x08
        isOpaque = isWide || isGzip || survey.holdsZero
        isJSON = file.hasSuffix(".json") || file.hasSuffix(".jsonl")
    }

    /// Go's template delimiter stands in it, so that errors may mean that it is a template.
    var mayBeTemplate: Bool { survey.holdsTemplate }

    /// Reads what there is and hands on the objects.
    mutating func read(_ text: Span<UInt8>, _ visit: (ManifestLoader.Reader.Found) -> Void) {
        report.filesSeen = 1
        if text.count > limits.bytes {
            fail(
                ManifestError(
                    .limit, "larger than \(limits.bytes) bytes", at: SourceLocation(file: file, line: 1, column: 1)))
        } else if isJSON {
            if !isCleared(text) { readJSON(text, visit) }
        } else if !Self.looksLikeJSON(text) {
            readYAML(text, visit)
        } else if !isCleared(text) {
            // YAML would take nearly all of JSON, but slower, and not the surrogate pairs in strings.
            if let documents = try? JSONDocuments.documents(text.copied, file: file, limits: limits) {
                for document in documents { take(document, visit) }
            } else {
                readYAML(text, visit)
            }
        }
        if !report.errors.isEmpty {
            report.filesFailed = 1
        } else if report.documents == 0 {
            report.skipped.append(SkippedInput(path: file, scope: .file, reason: .empty))
        } else {
            report.filesRead = 1
        }
    }

    private static func looksLikeJSON(_ text: Span<UInt8>) -> Bool {
        for index in 0..<text.count where text[index] > 0x20 {
            return text[index] == UInt8(ascii: "{") || text[index] == UInt8(ascii: "[")
        }
        return false
    }

    /// Whether the filter has its say over this text at all.
    private var search: DocumentFilter? { isOpaque || mayBeTemplate ? nil : filter }

    private func isCleared(_ part: TextSurvey.Part, of text: Span<UInt8>, by filter: DocumentFilter) -> Bool {
        !part.hidesWords && !filter.wants(text, in: part.range, isOne: !part.mayHoldMore)
    }

    /// Clears JSON as a whole; its values could only be told apart by reading them, so lines that begin one count.
    private mutating func isCleared(_ text: Span<UInt8>) -> Bool {
        guard let search, !parsesAll else { return false }
        for part in survey.parts where !isCleared(part, of: text, by: search) { return false }
        var values = 0
        var isLineStart = true
        for index in 0..<text.count {
            if isLineStart, text[index] == UInt8(ascii: "{") { values += 1 }
            isLineStart = text[index] == 0x0A
        }
        if values == 0, Self.looksLikeJSON(text) { values = 1 }
        report.documents += values
        report.documentsCleared += values
        return true
    }

    private mutating func readJSON(_ text: Span<UInt8>, _ visit: (ManifestLoader.Reader.Found) -> Void) {
        var found: [SourceDocument] = []
        let errors = JSONDocuments.read(text.copied, file: file, limits: limits) { found.append($0) }
        for document in found { take(document, visit) }
        for error in errors { fail(error) }
    }

    private mutating func readYAML(_ text: Span<UInt8>, _ visit: (ManifestLoader.Reader.Found) -> Void) {
        // Only UTF-8 can be taken apart by its bytes.
        let parts = isOpaque ? [TextSurvey.Part(range: 0..<text.count)] : survey.parts
        var state = YAMLState()
        var run: [TextSurvey.Part] = []
        var areCleared = false
        for part in parts where isOpaque || !TextSurvey.isBlank(text, in: part.range) {
            let isCleared = search.map { self.isCleared(part, of: text, by: $0) } ?? false
            if isCleared, !parsesAll {
                report.documents += 1
                report.documentsCleared += 1
                continue
            }
            // Parts that follow one another go to one parser, which costs more to set up than most documents.
            if let first = run.first, let last = run.last,
                last.range.upperBound != part.range.lowerBound
                    || part.range.upperBound - first.range.lowerBound > Self.bytesAtOnce || isCleared != areCleared
            {
                readYAML(run, areCleared: areCleared, of: text, &state, visit)
                run = []
            }
            areCleared = isCleared
            run.append(part)
        }
        readYAML(run, areCleared: areCleared, of: text, &state, visit)
    }

    /// Where reading a file's YAML has come to.
    private struct YAMLState {
        var spent = YAMLComposer.Expenditure()
        var lines = LineCount()
    }

    private static let bytesAtOnce = 256 << 10

    /// Reads parts that follow one another: as one stream, or one by one where that fails, so that none hides another.
    private mutating func readYAML(
        _ run: [TextSurvey.Part], areCleared: Bool, of text: Span<UInt8>, _ state: inout YAMLState,
        _ visit: (ManifestLoader.Reader.Found) -> Void
    ) {
        guard let first = run.first, let last = run.last else { return }
        let range = first.range.lowerBound..<last.range.upperBound
        if areCleared, let plain = plainDocuments(text.extracting(range), spent: &state.spent) {
            report.documents += plain
            report.objectCount += plain
            return
        }
        state.lines.advance(to: first.range.lowerBound, in: text)
        var documents: [SourceDocument] = []
        do throws(ManifestError) {
            let whole = text.extracting(range)
            var spent = state.spent
            try compose(whole, linesBefore: state.lines.lines, spent: &spent, into: &documents)
            state.spent = spent
            for document in documents { take(document, visit) }
        } catch {
            for part in run {
                state.lines.advance(to: part.range.lowerBound, in: text)
                readYAML(part.range, alone: run.count == 1 ? (documents, error) : nil, of: text, &state, visit)
            }
        }
    }

    /// Reads one part; `alone` is what came of it already where it was a run of its own.
    private mutating func readYAML(
        _ range: Range<Int>, alone: ([SourceDocument], ManifestError)?, of text: Span<UInt8>,
        _ state: inout YAMLState, _ visit: (ManifestLoader.Reader.Found) -> Void
    ) {
        let part = text.extracting(range)
        var documents: [SourceDocument] = []
        do throws(ManifestError) {
            if let alone {
                documents = alone.0
                throw alone.1
            }
            try compose(part, linesBefore: state.lines.lines, spent: &state.spent, into: &documents)
            for document in documents { take(document, visit) }
        } catch {
            for document in documents { take(document, visit) }
            fail(error)
            guard !mayBeTemplate, report.documentsFailed <= Self.errors else { return }
            for object in LiteralScan.objects(inBroken: part.copied, file: file, linesBefore: state.lines.lines) {
                visit(.literal(object))
            }
        }
    }

    /// How many objects the text holds, one to a document, if they are ordinary ones; nothing is built for them.
    private func plainDocuments(_ text: Span<UInt8>, spent: inout YAMLComposer.Expenditure) -> Int? {
        unsafe text.withUnsafeBufferPointer { input in
            var parser = unsafe YAMLParser(input, file: file, linesBefore: 0)
            return parser.plainSummary(limits: limits, spending: &spent.nodes)?.documents
        }
    }

    private func compose(
        _ part: Span<UInt8>, linesBefore: Int, spent: inout YAMLComposer.Expenditure,
        into documents: inout [SourceDocument]
    ) throws(ManifestError) {
        try unsafe part.withUnsafeBufferPointer { (input) throws(ManifestError) in
            var composer = try unsafe YAMLComposer(
                input, file: file, limits: limits, linesBefore: linesBefore, spent: spent)
            defer { spent = composer.expenditure }
            while let document = try composer.next() { documents.append(document) }
        }
    }

    private mutating func take(_ document: SourceDocument, _ visit: (ManifestLoader.Reader.Found) -> Void) {
        guard !document.value.isNull else { return }
        report.documents += 1
        var flattening = ListFlattening(document: document, file: file)
        flattening.add(document.value, at: FieldPath())
        report.skipped += flattening.skipped
        report.objectCount += flattening.objects.count
        for object in flattening.objects { visit(.object(object)) }
    }

    /// A document that could not be parsed; a stream of nothing but such documents need not be listed whole.
    private mutating func fail(_ error: ManifestError) {
        report.documents += 1
        report.documentsFailed += 1
        guard report.errors.count <= Self.errors else { return }
        report.errors.append(
            report.errors.count < Self.errors
                ? error : ManifestError(error.code, "further documents cannot be read either", at: error.location))
    }

    private static let errors = 100
}

extension Span where Element == UInt8 {
    /// The bytes as an array of their own.
    var copied: [UInt8] { unsafe withUnsafeBufferPointer { unsafe Array($0) } }
}

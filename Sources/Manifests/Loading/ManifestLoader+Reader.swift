extension ManifestLoader {
    /// Reads files one after the other and hands on each object as it is found, so that memory does not grow.
    ///
    /// A document that cannot be parsed is an error of its own; the other documents of its file are read. Of templates
    /// and of broken documents the kinds and versions are told that stand there literally.
    public struct Reader: Sendable {
        /// Something found in a file.
        public enum Found: Sendable {
            case object(LoadedObject)
            /// The head of an object in a template, or in a document that cannot be parsed.
            case literal(LiteralObject)
        }

        /// What was read so far, in numbers; its `objects` stay empty.
        public private(set) var report = LoadReport()

        private let limits: ReaderLimits
        private let filter: DocumentFilter?
        private let parsesAll: Bool
        private let capabilities: TemplateCapabilities?
        private var buffer = FileBuffer()
        /// The named templates of the folder that was asked about last.
        private var definitions: (folder: String, found: TemplateDefinitions)?

        /// - Parameters:
        ///   - limits: bounds for each file.
        ///   - filter: which documents are made objects of; all where there is none.
        ///   - parsesAll: parse the other documents too, so that what is wrong with them is told.
        ///   - capabilities: what templates may ask of the target; without it both sides of their conditions count.
        public init(
            limits: ReaderLimits = .standard, filter: DocumentFilter? = nil, parsesAll: Bool = false,
            capabilities: TemplateCapabilities? = nil
        ) {
            self.limits = limits
            self.filter = filter
            self.parsesAll = parsesAll
            self.capabilities = capabilities
        }

        /// Takes what a walk found; `-` is the process's own standard input.
        public mutating func read(_ found: ManifestWalk.Found, visit: (Found) -> Void) {
            switch found {
            case .file(let path):
                // Taken out while its content is read, so that the rest of the reader can be written to.
                var buffer = FileBuffer()
                swap(&buffer, &self.buffer)
                do {
                    if path == "-" {
                        try Disk.readStandardInput(into: &buffer, limit: limits.bytes)
                    } else {
                        try Disk.read(path, into: &buffer, limit: limits.bytes)
                    }
                    read(buffer.bytes.span.extracting(first: buffer.count), file: path, visit: visit)
                } catch {
                    fail(error)
                }
                buffer.shrink()
                swap(&buffer, &self.buffer)
            case .skipped(let input):
                if input.scope == .file { report.filesSeen += 1 }
                report.skipped.append(input)
            case .failed(let error, let isFile):
                if isFile { fail(error) } else { report.errors.append(error) }
            }
        }

        /// Takes one text as if it were a file of that name.
        public mutating func read(bytes: [UInt8], file: String, visit: (Found) -> Void) {
            read(bytes.span, file: file, visit: visit)
        }

        /// Counts a file that could not be read at all.
        mutating func fail(_ error: ManifestError) {
            report.filesSeen += 1
            report.filesFailed += 1
            report.errors.append(error)
        }

        private mutating func read(_ text: Span<UInt8>, file: String, visit: (Found) -> Void) {
            var reading = TextReading(text, file: file, limits: limits, filter: filter, parsesAll: parsesAll)
            guard reading.mayBeTemplate else {
                reading.read(text, visit)
                report.append(reading.report)
                return
            }
            // Only what does not parse is taken for a template: `{{` also stands in strings of good manifests.
            var found: [Found] = []
            reading.read(text) { found.append($0) }
            guard let error = reading.report.errors.first(where: { [.syntax, .unsupportedValue].contains($0.code) })
            else {
                for one in found { visit(one) }
                report.append(reading.report)
                return
            }
            report.filesSeen += 1
            report.skipped.append(
                SkippedInput(path: file, scope: .file, reason: .template, detail: error.description))
            let definitions = definitions(beside: file)
            let objects = LiteralScan.objects(
                inTemplate: text.copied, file: file, capabilities: capabilities
            ) { [capabilities] name in definitions.render(name, capabilities: capabilities) }
            for object in objects { visit(.literal(object)) }
        }

        /// The named templates in the folder of a chart's template and in those above it, up to `templates`.
        private mutating func definitions(beside file: String) -> TemplateDefinitions {
            let words = file.split(separator: "/", omittingEmptySubsequences: false)
            let folder = words.dropLast().joined(separator: "/")
            if let definitions, definitions.folder == folder { return definitions.found }
            var found = TemplateDefinitions()
            if let top = words.dropLast().lastIndex(of: "templates") {
                for end in top..<(words.count - 1) {
                    let folder = words[...end].joined(separator: "/")
                    for name in (try? Disk.names(in: folder).usable) ?? [] where name.text.hasSuffix(".tpl") {
                        var buffer = FileBuffer()
                        guard (try? Disk.read("\(folder)/\(name.text)", into: &buffer, limit: 1 << 20)) != nil else {
                            continue
                        }
                        found.add(Array(buffer.bytes.prefix(buffer.count)))
                    }
                }
            }
            definitions = (folder, found)
            return found
        }
    }
}

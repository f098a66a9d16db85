/// Reads `apiVersion` and `kind` of objects line by line, where a parser cannot: in templates and broken documents.
///
/// Finds objects at the top of a document and the items of a list there. What stands in a block scalar, or deeper, is
/// content and not looked at. Tells too little rather than something wrong.
struct LiteralScan {
    /// The objects of a template, for a cluster of which that much is known.
    static func objects(
        inTemplate text: [UInt8], file: String, capabilities: TemplateCapabilities?,
        include: @escaping (String) -> TemplateExpression.Value = { _ in .unknown }
    ) -> [LiteralObject] {
        let mask = TemplateMask(text, capabilities: capabilities, include: include)
        var scan = LiteralScan(file: file, mask: mask, linesBefore: 0)
        return scan.run()
    }

    /// The objects of a document that cannot be parsed.
    static func objects(inBroken text: [UInt8], file: String, linesBefore: Int) -> [LiteralObject] {
        var scan = LiteralScan(file: file, mask: nil, text: text, linesBefore: linesBefore)
        return scan.run()
    }

    /// A value found under one of the names looked for.
    private struct Candidate {
        var text: String
        var line: Int
        var column: Int
        var sides: [TemplateMask.Side]
    }

    /// What was found of one object, with the column its members begin in.
    private struct Frame {
        var indentation: Int
        var apiVersions: [Candidate] = []
        var kinds: [Candidate] = []
        var names: [Candidate] = []
        var namespaces: [Candidate] = []
        var metadataIndentation: Int?
    }

    private let file: String
    private let mask: TemplateMask?
    private let bytes: [UInt8]
    private let linesBefore: Int
    private var objects: [LiteralObject] = []
    private var document = Frame(indentation: 0)
    private var item: Frame?
    private var isInItems = false
    /// Lines deeper than this belong to a block scalar.
    private var blockIndentation: Int?

    private init(file: String, mask: TemplateMask?, text: [UInt8] = [], linesBefore: Int) {
        self.file = file
        self.mask = mask
        self.linesBefore = linesBefore
        bytes = mask?.bytes ?? text
    }

    private mutating func run() -> [LiteralObject] {
        var line = linesBefore + 1
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
            read(start..<end, line: line)
            if end + 1 < bytes.count, bytes[end] == 0x0D, bytes[end + 1] == 0x0A { end += 1 }
            start = end + 1
            line += 1
        }
        finishDocument()
        return objects
    }

    private mutating func read(_ line: Range<Int>, line number: Int) {
        var start = line.lowerBound
        if start == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
        if bytes[start..<line.upperBound].starts(with: Array("---".utf8)) {
            finishDocument()
            return
        }
        var indentation = 0
        while start < line.upperBound, bytes[start] == 0x20 { (start, indentation) = (start + 1, indentation + 1) }
        // Statements on the line say nothing about how deep the text behind them stands.
        while start < line.upperBound, bytes[start] == TemplateMask.statement || bytes[start] == 0x20 { start += 1 }
        guard start < line.upperBound, bytes[start] != UInt8(ascii: "#") else { return }
        if let block = blockIndentation {
            if indentation > block { return }
            blockIndentation = nil
        }
        if bytes[start] == UInt8(ascii: "-"), start + 1 < line.upperBound, bytes[start + 1] == 0x20 {
            guard isInItems, indentation <= (item.map { $0.indentation - 2 } ?? indentation) else { return }
            finishItem()
            var inner = start + 1
            while inner < line.upperBound, bytes[inner] == 0x20 { inner += 1 }
            item = Frame(indentation: indentation + inner - start)
            member(inner..<line.upperBound, indentation: indentation + inner - start, from: line, line: number)
            return
        }
        member(start..<line.upperBound, indentation: indentation, from: line, line: number)
    }

    private mutating func member(_ range: Range<Int>, indentation: Int, from line: Range<Int>, line number: Int) {
        guard let (name, value) = split(range) else { return }
        if isBlockHead(bytes[value]) { blockIndentation = indentation }
        if indentation == 0 {
            finishItem()
            isInItems = name == "items"
        }
        var frame = item ?? document
        let isItem = item != nil
        if indentation == frame.indentation {
            frame.metadataIndentation = nil
            switch name {
            case "apiVersion": frame.apiVersions += candidates(value, from: line, line: number)
            case "kind": frame.kinds += candidates(value, from: line, line: number)
            case "metadata": frame.metadataIndentation = indentation
            default: break
            }
        } else if let metadata = frame.metadataIndentation, indentation > metadata, indentation <= metadata + 4 {
            if name == "name" { frame.names += candidates(value, from: line, line: number) }
            if name == "namespace" { frame.namespaces += candidates(value, from: line, line: number) }
        }
        if isItem { item = frame } else { document = frame }
    }

    /// The name and the place of the value of `name: value`.
    private func split(_ range: Range<Int>) -> (name: String, value: Range<Int>)? {
        guard
            let colon = range.first(where: { index in
                bytes[index] == UInt8(ascii: ":")
                    && (index + 1 == range.upperBound
                        || [0x20, 0x09, TemplateMask.statement].contains(bytes[index + 1]))
            })
        else { return nil }
        let quotes: Set<UInt8> = [UInt8(ascii: "\""), UInt8(ascii: "'")]
        let name = bytes[range.lowerBound..<colon].filter { !quotes.contains($0) && $0 != 0x20 }
        return (String(decoding: name, as: UTF8.self), (colon + 1)..<range.upperBound)
    }

    private func isBlockHead(_ value: ArraySlice<UInt8>) -> Bool {
        let words = value.split { $0 == 0x20 || $0 == TemplateMask.statement }
        guard let head = words.last(where: { $0.first != UInt8(ascii: "#") }), let first = head.first else {
            return false
        }
        return (first == UInt8(ascii: "|") || first == UInt8(ascii: ">")) && head.count <= 3
    }

    /// The literal words of a value: more than one where sides of a condition stand beside one another.
    private func candidates(_ value: Range<Int>, from line: Range<Int>, line number: Int) -> [Candidate] {
        var found: [Candidate] = []
        var index = value.lowerBound
        while index < value.upperBound {
            if bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == TemplateMask.statement {
                index += 1
                continue
            }
            if bytes[index] == UInt8(ascii: "#") { break }
            var end = index
            while end < value.upperBound, bytes[end] != 0x20, bytes[end] != 0x09, bytes[end] != TemplateMask.statement {
                end += 1
            }
            var word = bytes[index..<end]
            if let quote = word.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"), word.last == quote,
                word.count > 1
            {
                word = word.dropFirst().dropLast()
            }
            if !word.contains(TemplateMask.value), word.allSatisfy(Self.isPlain) {
                let column = bytes[line.lowerBound..<index].count { $0 & 0xC0 != 0x80 } + 1
                found.append(
                    Candidate(
                        text: String(decoding: word, as: UTF8.self), line: number, column: column,
                        sides: mask?.sides(at: index) ?? []))
            }
            index = end
        }
        return found
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"),
            UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }

    private mutating func finishDocument() {
        finishItem()
        finish(document)
        document = Frame(indentation: 0)
        isInItems = false
        blockIndentation = nil
    }

    private mutating func finishItem() {
        if let item { finish(item) }
        item = nil
    }

    private mutating func finish(_ frame: Frame) {
        var seen: Set<GroupVersionKind> = []
        for apiVersion in frame.apiVersions {
            for kind in frame.kinds where Self.standTogether(apiVersion, kind) {
                let gvk = GroupVersionKind(apiVersion: apiVersion.text, kind: kind.text)
                guard objects.count < 10_000, seen.insert(gvk).inserted else { continue }
                func place(_ candidate: Candidate) -> SourceLocation {
                    SourceLocation(file: file, line: candidate.line, column: candidate.column)
                }
                objects.append(
                    LiteralObject(
                        gvk: gvk, name: frame.names.count == 1 ? frame.names[0].text : "",
                        namespace: frame.namespaces.count == 1 ? frame.namespaces[0].text : nil,
                        apiVersion: place(apiVersion), kind: place(kind), isTemplate: mask != nil))
            }
        }
    }

    /// False when they stand in different sides of the same condition.
    private static func standTogether(_ a: Candidate, _ b: Candidate) -> Bool {
        a.sides.allSatisfy { side in !b.sides.contains { $0.condition == side.condition && $0.side != side.side } }
    }
}

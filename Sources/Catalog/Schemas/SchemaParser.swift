import Manifests

/// Reads the data file in one pass over its bytes.
struct SchemaParser {
    private let bytes: [UInt8]
    private var position = 0
    private var lineNumber = 0
    private var minors = 0...0
    private var types: [SchemaStorage.TypeBlock] = []
    private var fields: [SchemaStorage.Field] = []
    private var kinds: [GroupVersionKind: [SchemaStorage.Kind]] = [:]
    /// Types by name; those that were only named so far are in ``types`` too, without releases.
    private var typeIndices: [String: Int] = [:]
    private var open: Int?

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads the whole text.
    consuming func parse() throws(CatalogError) -> SchemaStorage {
        var parser = self
        parser.fields.reserveCapacity(8192)
        while parser.position < parser.bytes.count { try parser.line() }
        if let index = parser.types.firstIndex(where: { $0.releases.bits == 0 }) {
            throw parser.error("the type \(parser.types[index].name) is named and never described")
        }
        return SchemaStorage(
            minors: parser.minors, types: parser.types, fields: parser.fields, kinds: parser.kinds,
            typeIndices: parser.typeIndices)
    }

    private mutating func line() throws(CatalogError) {
        lineNumber += 1
        let start = position
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        position = end + 1
        guard start < end, bytes[start] != UInt8(ascii: "#") else { return }
        let words = bytes[start..<end].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        if bytes[start] == UInt8(ascii: " ") {
            try inner(words)
        } else if words[0] == "minors", words.count == 3, let first = Int(words[1]), let last = Int(words[2]),
            first <= last, last - first < 64
        {
            minors = first...last
        } else if words[0] == "type", words.count == 2 || words.count == 3 {
            let index = self.index(ofType: words[1])
            types[index].releases = try releases(words.count == 3 ? words[2] : nil, within: allReleases)
            types[index].fields = fields.count..<fields.count
            open = index
        } else {
            throw error("expected `minors FIRST LAST` or `type NAME RELEASES`")
        }
    }

    private mutating func inner(_ words: [String]) throws(CatalogError) {
        guard let open, words.count >= 2 else { throw error("expected a field of a type") }
        let block = types[open].releases
        // A field may be called `kind`; a kind's first word has a version in it and its second is no mark.
        if words[0] == "kind", words.count >= 3, words[2].first?.isUppercase == true {
            let gvk = GroupVersionKind(apiVersion: words[1], kind: words[2])
            let releases = try releases(words.count > 3 ? words[3] : nil, within: block)
            kinds[gvk, default: []].append(SchemaStorage.Kind(type: open, releases: releases))
            return
        }
        let (wrappers, base) = shape(words[1])
        var field = SchemaStorage.Field(name: words[0], wrappers: wrappers, base: base, releases: block)
        for word in words[2...] {
            switch word {
            case "!": field.isRequired = true
            case "deprecated": field.isDeprecated = true
            case "atomic": field.merging = .atomic
            case "set": field.merging = .set
            case "merge": field.patching.merges = true
            case "replace": field.patching.replaces = true
            case "retain": field.patching.retainsKeys = true
            case _ where word.hasPrefix("keys="):
                field.merging = .keyed(by: word.dropFirst(5).split(separator: ",").map(String.init))
            case _ where word.hasPrefix("merge="):
                field.patching.merges = true
                field.patching.mergeKey = String(word.dropFirst(6))
            default: field.releases = try releases(word, within: block)
            }
        }
        if let last = fields.last, types[open].fields.upperBound > types[open].fields.lowerBound, last.name > field.name
        {
            throw error("`\(field.name)` stands behind `\(last.name)`")
        }
        fields.append(field)
        types[open].fields = types[open].fields.lowerBound..<fields.count
    }

    private mutating func shape(_ word: String) -> ([SchemaStorage.Field.Wrapper], SchemaStorage.Base) {
        var wrappers: [SchemaStorage.Field.Wrapper] = []
        var rest = word[...]
        while true {
            if rest.hasPrefix("[]") {
                wrappers.append(.list)
            } else if rest.hasPrefix("{}") {
                wrappers.append(.map)
            } else {
                break
            }
            rest = rest.dropFirst(2)
        }
        if let scalar = Self.scalars[String(rest)] { return (wrappers, .scalar(scalar)) }
        return (wrappers, .type(index(ofType: String(rest))))
    }

    private static let scalars: [String: SchemaShape] = [
        "string": .string, "byte": .bytes, "date-time": .dateTime, "boolean": .boolean, "integer": .integer(bits: nil),
        "int32": .integer(bits: 32), "int64": .integer(bits: 64), "number": .number, "quantity": .quantity,
        "int-or-string": .integerOrString, "object": .freeObject, "any": .any,
    ]

    private mutating func index(ofType name: String) -> Int {
        if let index = typeIndices[name] { return index }
        types.append(SchemaStorage.TypeBlock(name: name, releases: noReleases, fields: 0..<0))
        typeIndices[name] = types.count - 1
        return types.count - 1
    }

    private var noReleases: SchemaStorage.Releases { SchemaStorage.Releases(bits: 0, oldest: minors.lowerBound) }

    private var allReleases: SchemaStorage.Releases {
        SchemaStorage.Releases(bits: 1 << UInt64(minors.count) - 1, oldest: minors.lowerBound)
    }

    /// `16-20,22` or `20-`; everything of the block when nil.
    private func releases(
        _ word: String?, within block: SchemaStorage.Releases
    ) throws(CatalogError) -> SchemaStorage.Releases {
        guard let word else { return block }
        var result = noReleases
        for run in word.split(separator: ",") {
            let ends = run.split(separator: "-", omittingEmptySubsequences: false)
            guard let first = Int(ends[0]),
                let last = ends.count == 1 ? first : ends[1].isEmpty ? minors.upperBound : Int(ends[1]),
                ends.count <= 2, first <= last, minors.contains(first), minors.contains(last)
            else { throw error("`\(word)` names no releases") }
            for minor in first...last { result.bits |= 1 << UInt64(minor - minors.lowerBound) }
        }
        return result
    }

    private func error(_ message: String) -> CatalogError {
        CatalogError(code: .syntax, message: message, line: lineNumber)
    }
}

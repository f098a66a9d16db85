import Manifests

/// Reads the data file: one pass over its bytes, because every start of the program pays for it.
///
/// Sources and conflicts are only checked to be there in form; ``Catalog/provenance(of:)`` reads them when asked.
struct CatalogParser {
    /// What a text holds, in its own order.
    struct Result {
        var entries: [APILifecycle] = []
        var blocks: [Range<Int>] = []
        var oldest: KubernetesVersion
        var newest: KubernetesVersion
    }

    private let bytes: [UInt8]
    private var position = 0
    private var lineNumber = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// Reads the whole text.
    consuming func parse() throws(CatalogError) -> Result {
        var parser = self
        var entries: [APILifecycle] = []
        var blocks: [Range<Int>] = []
        var oldest: KubernetesVersion?
        var newest: KubernetesVersion?
        while let line = parser.nextLine() {
            guard let first = parser.bytes[line].first, first != UInt8(ascii: "#") else { continue }
            if first == UInt8(ascii: " ") { throw parser.error(.syntax, "a fact outside of a block") }
            var words = Words(parser.bytes, line)
            let head = words.next() ?? ""
            switch head {
            case "oldest": oldest = try parser.version(words.next())
            case "newest": newest = try parser.version(words.next())
            case "reason": continue
            default:
                guard let kind = words.next(), words.next() == nil else {
                    throw parser.error(.syntax, "expected GROUP/VERSION KIND")
                }
                entries.append(try parser.block(GroupVersionKind(apiVersion: head, kind: kind)))
                blocks.append(line.lowerBound..<parser.position)
            }
        }
        guard let oldest, let newest, oldest <= newest else {
            throw parser.error(.missingFact, "the lines `oldest VERSION` and `newest VERSION` are needed")
        }
        return Result(entries: entries, blocks: blocks, oldest: oldest, newest: newest)
    }

    /// The line, counted from 1, that a byte stands on.
    static func line(at offset: Int, in text: String) -> Int {
        1 + text.utf8.prefix(offset).count { $0 == UInt8(ascii: "\n") }
    }

    private mutating func block(_ gvk: GroupVersionKind) throws(CatalogError) -> APILifecycle {
        var entry: APILifecycle?
        var seen: Set<String> = []
        while let line = nextLine(), !line.isEmpty {
            guard bytes[line.lowerBound] == UInt8(ascii: " ") else {
                throw error(.syntax, "blocks are separated by an empty line")
            }
            var words = Words(bytes, line)
            let fact = words.next() ?? ""
            if fact == "note" || fact == "conflict" { continue }
            guard seen.insert(fact).inserted else { throw error(.duplicate, "a second line `\(fact)`") }
            if fact == "resource" {
                entry = try resource(gvk, &words)
            } else {
                guard entry != nil else { throw error(.missingFact, "the first fact must be `resource`") }
                try read(fact, &words, into: &entry)
            }
        }
        guard let entry else { throw error(.missingFact, "\(gvk) has no line `resource`") }
        if let introduced = entry.introduced, let end = entry.endOfService, end <= introduced {
            throw error(.contradiction, "\(gvk) is removed in \(end) but introduced in \(introduced)")
        }
        return entry
    }

    private func resource(_ gvk: GroupVersionKind, _ words: inout Words) throws(CatalogError) -> APILifecycle {
        guard let plural = words.next(), let scope = words.next(), scope == "namespaced" || scope == "cluster",
            let kindClass = words.next().flatMap(APILifecycle.KindClass.init(rawValue:)),
            let stability = words.next().flatMap(APILifecycle.Stability.init(rawValue:)),
            let enabled = words.next(), enabled == "on" || enabled == "off"
        else { throw error(.syntax, "expected `resource PLURAL SCOPE CLASS STABILITY DEFAULT [list]`") }
        let list = words.next()
        guard list == nil || list == "list" else { throw error(.syntax, "expected `list` or the end of the line") }
        return APILifecycle(
            gvk: gvk, resource: plural, namespaced: scope == "namespaced", kindClass: kindClass,
            stability: stability, defaultEnabled: enabled == "on", hasList: list != nil)
    }

    private func read(_ fact: String, _ words: inout Words, into entry: inout APILifecycle?) throws(CatalogError) {
        switch fact {
        case "introduced":
            let word = words.next() ?? ""
            entry?.introduced = word.hasPrefix("<=") ? nil : try version(word)
        case "deprecated": entry?.deprecated = try version(words.next())
        case "removed": entry?.removed = try version(words.next())
        case "planned-deprecation": entry?.plannedDeprecation = try version(words.next())
        case "planned-removal": entry?.plannedRemoval = try version(words.next())
        case "servable-until": entry?.servableUntil = try version(words.next())
        case "replacement":
            entry?.replacement = try kind(&words)
            if let since = words.next(), since == "since" { entry?.replacementSince = try version(words.next()) }
        case "final": entry?.finalReplacement = try kind(&words)
        case "no-replacement", "in-schemas": return
        default: throw error(.syntax, "unknown fact `\(fact)`")
        }
    }

    private func version(_ word: String?) throws(CatalogError) -> KubernetesVersion {
        guard let word, let version = KubernetesVersion(word) else {
            throw error(.syntax, "expected a Kubernetes version, found `\(word ?? "")`")
        }
        return version
    }

    private func kind(_ words: inout Words) throws(CatalogError) -> GroupVersionKind {
        guard let apiVersion = words.next(), let kind = words.next() else {
            throw error(.syntax, "expected GROUP/VERSION KIND")
        }
        return GroupVersionKind(apiVersion: apiVersion, kind: kind)
    }

    /// The next line without its line feed; nil at the end of the text.
    private mutating func nextLine() -> Range<Int>? {
        guard position < bytes.count else { return nil }
        lineNumber += 1
        let start = position
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        position = min(end + 1, bytes.count)
        return start..<end
    }

    private func error(_ code: CatalogError.Code, _ message: String) -> CatalogError {
        CatalogError(code: code, message: message, line: lineNumber)
    }
}

/// The words of a line up to the bar behind which its sources stand.
private struct Words {
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    init(_ bytes: [UInt8], _ line: Range<Int>) {
        self.bytes = bytes
        position = line.lowerBound
        end = line.upperBound
    }

    mutating func next() -> String? {
        while position < end, bytes[position] == UInt8(ascii: " ") { position += 1 }
        guard position < end, bytes[position] != UInt8(ascii: "|") else { return nil }
        let start = position
        while position < end, bytes[position] != UInt8(ascii: " ") { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}

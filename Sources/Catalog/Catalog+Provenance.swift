public import Manifests

/// Where the facts about one kind come from: its block of the data file, line by line.
public struct APIProvenance: Sendable, Hashable {
    /// One fact with the sources that state it.
    public struct Fact: Sendable, Hashable {
        /// `introduced`, `removed`, `replacement` and so on.
        public var name: String
        /// The believed value, as written.
        public var value: String
        /// The sources, each with its own value behind it where that differs.
        public var sources: [String]
    }

    public var facts: [Fact]
    /// What sources disagree on, with the value believed and the reason, in words.
    public var conflicts: [String]
    public var notes: [String]
}

extension Catalog {
    /// Reads an entry's sources and conflicts; nil for a kind the catalog does not hold.
    public func provenance(of gvk: GroupVersionKind) -> APIProvenance? {
        guard let index = index(of: gvk) else { return nil }
        let bytes = Array(text.utf8)[blocks[index]]
        var provenance = APIProvenance(facts: [], conflicts: [], notes: [])
        for line in bytes.split(separator: UInt8(ascii: "\n")).dropFirst() {
            let words = String(decoding: line, as: UTF8.self).drop { $0 == " " }
            guard let space = words.firstIndex(of: " ") else { continue }
            let name = String(words[..<space])
            let rest = words[words.index(after: space)...]
            switch name {
            case "note": provenance.notes.append(String(rest))
            case "conflict": provenance.conflicts.append(withReason(String(rest)))
            default:
                let parts = rest.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
                let sources = parts.count == 2 ? parts[1].split(separator: ",").map(trimmed) : []
                provenance.facts.append(.init(name: name, value: trimmed(parts[0]), sources: sources))
            }
        }
        return provenance
    }

    /// Puts the words in the place of a reason's short name.
    private func withReason(_ conflict: String) -> String {
        guard let name = conflict.split(separator: " ").last else { return conflict }
        let prefix = "reason \(name): "
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(prefix) }) else { return conflict }
        return String(conflict.dropLast(name.count)) + line.dropFirst(prefix.count)
    }

    private func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

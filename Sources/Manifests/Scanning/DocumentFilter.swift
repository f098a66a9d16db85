/// Tells from a document's bytes whether it has to be parsed: whether it may hold certain words as keys or scalars.
///
/// Errs on one side only. A document is cleared when, for each group of words, one of them is nowhere in it, and nothing
/// in it could hide a word: no escape, no tag, no directive, no other encoding, no template.
public struct DocumentFilter: Sendable {
    private let long: WordMatcher
    private let short: WordMatcher
    private let words: Int
    /// Per word: the groups in which it is the first, each as the other words of it.
    private let groups: [[[Int]]]

    /// - Parameter groups: a document with all words of one group is wanted.
    /// - Returns: nil where a group cannot be searched for, so that every document has to be parsed.
    public init?(anyGroupOf groups: some Sequence<some Collection<String>>) {
        var numbers: [[UInt8]: Int] = [:]
        var wanted: Set<[Int]> = []
        for group in groups {
            let pieces = Set(group.compactMap(Self.searchable))
            guard !pieces.isEmpty else { return nil }
            // Looked for first: the longest, of which there are the fewest places.
            let ordered = pieces.sorted { ($1.count, Self.text($0)) < ($0.count, Self.text($1)) }
            wanted.insert(
                ordered.map { piece in
                    let number = numbers[piece] ?? numbers.count
                    numbers[piece] = number
                    return number
                })
        }
        var byFirst = [[[Int]]](repeating: [], count: numbers.count)
        for group in wanted { byFirst[group[0]].append(Array(group.dropFirst())) }
        self.groups = byFirst
        words = numbers.count
        let all = numbers.map { (bytes: $0.key, number: $0.value) }.sorted { $0.number < $1.number }
        // A few short words must not make the window over the many long ones narrow.
        short = WordMatcher(all.filter { $0.bytes.count < Self.longWord })
        long = WordMatcher(all.filter { $0.bytes.count >= Self.longWord })
    }

    /// Whether all words of a group stand in that part of the text.
    func wants(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
        var met: Set<Int> = []
        for matcher in [long, short] {
            let isCleared = matcher.scan(text, in: range) { word in
                // Alone in its group: nothing else needs to be known.
                if groups[word].contains([]) { return false }
                met.insert(word)
                return true
            }
            if !isCleared { return true }
        }
        return met.contains { word in groups[word].contains { $0.allSatisfy(met.contains) } }
    }

    /// Whether one word of the group can be looked for at all.
    public static func canSearch(forAnyOf group: some Sequence<String>) -> Bool {
        group.contains { searchable($0) != nil }
    }

    private static let longWord = 8

    /// The longest piece of a word that stands in the text as it is written, whatever the quotes around it; nil when
    /// there is none long enough, or when the word could be the text of a number or a boolean written otherwise.
    private static func searchable(_ word: String) -> [UInt8]? {
        guard word != "true", word != "false" else { return nil }
        let pieces = word.utf8.split { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"),
                UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "@"):
                false
            default: true
            }
        }
        guard let longest = pieces.max(by: { $0.count < $1.count }), longest.count >= WordMatcher.shortestWord,
            longest.contains(where: { (UInt8(ascii: "g")...UInt8(ascii: "z")).contains($0 | 0x20) })
        else { return nil }
        return Array(longest)
    }

    private static func text(_ piece: [UInt8]) -> String { String(decoding: piece, as: UTF8.self) }
}

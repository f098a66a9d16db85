/// Tells from a document's bytes whether it has to be parsed: whether it may hold certain words as keys or scalars.
///
/// Errs on one side only. A document is cleared when, for each clause, it says plainly that it is of another kind, or
/// one of the clause's words is nowhere in it; and nothing in it could hide a word: no escape, no tag, no directive, no
/// other encoding, no template.
public struct DocumentFilter: Sendable {
    /// Documents that are wanted.
    public struct Clause: Sendable, Hashable {
        /// All of them stand in the document.
        public var words: Set<String>
        /// The kinds of object that the document is or lists one of; nil is any.
        public var kinds: Set<String>?

        public init(words: Set<String>, kinds: Set<String>? = nil) {
            self.words = words
            self.kinds = kinds
        }
    }

    /// A clause as it is searched for: by its rarest word, and then for the others.
    private struct Group: Sendable, Hashable {
        var others: [Int]
        /// The numbers of the kinds; nil is any, and a list of them, empty, none that is known.
        var kinds: Set<Int>?
        /// Whether it counts where a document does not say its kind plainly.
        var countsForUnknown: Bool

        func counts(for kind: Kind) -> Bool {
            switch kind {
            case .unknown: countsForUnknown
            case .other: kinds == nil
            case .named(let number): kinds?.contains(number) ?? true
            }
        }
    }

    /// What the head of a document says of its kind.
    private enum Kind {
        case unknown
        /// One that no clause names.
        case other
        case named(Int)
    }

    private let long: WordMatcher
    private let short: WordMatcher
    /// Per word: the groups in which it is the first.
    private let groups: [[Group]]
    private let kinds: [[UInt8]: Int]
    /// Kinds of which every document is wanted.
    private let wantedKinds: Set<Int>

    /// - Parameter clauses: a document that meets one of them is wanted.
    /// - Returns: nil where a clause cannot be searched for, so that every document has to be parsed.
    public init?(anyOf clauses: some Sequence<Clause>) {
        var compiler = Compiler()
        for clause in clauses { guard compiler.take(clause) else { return nil } }
        groups = compiler.groups.map { Array($0) }
        kinds = compiler.kinds
        wantedKinds = compiler.wantedKinds
        let all = compiler.words.map { (bytes: $0.key, number: $0.value) }.sorted { $0.number < $1.number }
        // A few short words must not make the window over the many long ones narrow.
        short = WordMatcher(all.filter { $0.bytes.count < Self.longWord })
        long = WordMatcher(all.filter { $0.bytes.count >= Self.longWord })
    }

    private struct Compiler {
        var words: [[UInt8]: Int] = [:]
        var groups: [Set<Group>] = []
        var kinds: [[UInt8]: Int] = [:]
        var wantedKinds: Set<Int> = []

        /// False where the clause cannot be searched for.
        mutating func take(_ clause: Clause) -> Bool {
            let numbers = clause.kinds.map { Set($0.map { kind(Array($0.utf8)) }) }
            let isSearched = add(clause.words, kinds: numbers, countsForUnknown: numbers == nil)
            guard let numbers, let kinds = clause.kinds else { return isSearched }
            if !isSearched { wantedKinds.formUnion(numbers) }
            // Where the kind is not known, its name has to stand somewhere too.
            let isShort = kinds.count <= 4
            guard isShort || !isSearched else {
                return add(clause.words, kinds: [], countsForUnknown: true)
            }
            return kinds.allSatisfy { add(clause.words.union([$0]), kinds: [], countsForUnknown: true) }
        }

        /// False where there is nothing to search for.
        private mutating func add(_ group: Set<String>, kinds: Set<Int>?, countsForUnknown: Bool) -> Bool {
            let pieces = Set(group.compactMap(DocumentFilter.searchable))
            guard !pieces.isEmpty else { return false }
            // Looked for first: the longest, of which there are the fewest places.
            let ordered = pieces.sorted { ($1.count, DocumentFilter.text($0)) < ($0.count, DocumentFilter.text($1)) }
            let numbers = ordered.map { word($0) }
            groups[numbers[0]].insert(
                Group(others: Array(numbers.dropFirst()), kinds: kinds, countsForUnknown: countsForUnknown))
            return true
        }

        private mutating func word(_ piece: [UInt8]) -> Int {
            if let known = words[piece] { return known }
            words[piece] = groups.count
            groups.append([])
            return groups.count - 1
        }

        private mutating func kind(_ name: [UInt8]) -> Int {
            if let known = kinds[name] { return known }
            kinds[name] = kinds.count
            return kinds.count - 1
        }
    }

    /// Whether a clause is met in that part of the text.
    ///
    /// - Parameter isOne: whether it is one document for sure, so that its first lines speak for all of it.
    func wants(_ text: Span<UInt8>, in range: Range<Int>, isOne: Bool) -> Bool {
        let kind = isOne ? kind(text, in: range) : .unknown
        if case .named(let number) = kind, wantedKinds.contains(number) { return true }
        var met: Set<Int> = []
        for matcher in [long, short] {
            let isCleared = matcher.scan(text, in: range) { word in
                guard !met.contains(word) else { return true }
                for group in groups[word] where group.counts(for: kind) {
                    // Alone in its group: nothing else needs to be known.
                    if group.others.isEmpty { return false }
                }
                met.insert(word)
                return true
            }
            if !isCleared { return true }
        }
        return met.contains { word in
            groups[word].contains { $0.counts(for: kind) && $0.others.allSatisfy(met.contains) }
        }
    }

    private func kind(_ text: Span<UInt8>, in range: Range<Int>) -> Kind {
        guard let place = DocumentHead.kind(text, in: range) else { return .unknown }
        let name = place.map { text[$0] }
        // What a list holds is of other kinds.
        if name.suffix(4).elementsEqual("List".utf8) { return .unknown }
        return kinds[name].map { .named($0) } ?? .other
    }

    /// Whether one word of the group can be looked for at all.
    public static func canSearch(forAnyOf group: some Sequence<String>) -> Bool {
        group.contains { searchable($0) != nil }
    }

    private static let longWord = 8

    /// The longest piece of a word that stands in the text as it is written, whatever the quotes around it; nil when
    /// there is none long enough, or when the word could be the text of a number or a boolean written otherwise.
    fileprivate static func searchable(_ word: String) -> [UInt8]? {
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

    fileprivate static func text(_ piece: [UInt8]) -> String { String(decoding: piece, as: UTF8.self) }
}

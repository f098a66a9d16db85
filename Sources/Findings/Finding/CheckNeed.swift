public import Manifests

/// Which documents a check has to see as objects; a scan over the bytes clears the others.
///
/// A promise: the check finds nothing in a document that meets no clause. Documents in which a word could hide –
/// escapes, tags, directives, other encodings, templates – are parsed whatever is said here, and where a document does
/// not begin with a plain `apiVersion` and `kind`, only the words count. A word of four letters or more is looked for;
/// where a clause has only shorter ones, or digits, and no kinds, everything is parsed. Long and rare words cost least:
/// `policy/v1beta1`, not `policy`.
public struct CheckNeed: Sendable, Hashable {
    /// A document that meets one of them is wanted; nil where every document is.
    public private(set) var clauses: Set<DocumentFilter.Clause>?

    public init(_ clauses: Set<DocumentFilter.Clause>) { self.clauses = clauses }

    private init() {}

    public static let everything = CheckNeed()

    /// Documents that hold at least one of the words.
    ///
    /// - Parameter kinds: of one of these kinds, where it is not nil.
    public static func anyOf(_ words: Set<String>, in kinds: Set<String>? = nil) -> CheckNeed {
        CheckNeed(Set(words.map { DocumentFilter.Clause(words: [$0], kinds: kinds) }))
    }

    /// Documents that hold every word of at least one of the groups.
    ///
    /// - Parameter kinds: of one of these kinds, where it is not nil.
    public static func anyGroupOf(_ groups: Set<Set<String>>, in kinds: Set<String>? = nil) -> CheckNeed {
        CheckNeed(Set(groups.map { DocumentFilter.Clause(words: $0, kinds: kinds) }))
    }

    /// What two checks need together.
    public func union(_ other: CheckNeed) -> CheckNeed {
        guard let mine = clauses, let others = other.clauses else { return .everything }
        return CheckNeed(mine.union(others))
    }
}

/// A regular expression of a fact, with its text.
///
/// Invariant: the expression holds no closures of ours – it is made from text alone – so that sharing it between
/// threads is safe although `Regex` cannot promise that of every expression.
public struct TextPattern: @unchecked Sendable, Hashable, CustomStringConvertible {
    public let description: String
    private let regex: Regex<AnyRegexOutput>

    /// Nil when the text is no regular expression.
    public init?(_ text: String) {
        guard let regex = try? Regex(text) else { return nil }
        description = text
        self.regex = regex
    }

    /// Whether it matches somewhere in the text.
    public func matches(_ text: String) -> Bool { text.firstMatch(of: regex) != nil }

    /// By their texts.
    public static func == (lhs: TextPattern, rhs: TextPattern) -> Bool { lhs.description == rhs.description }

    /// By the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

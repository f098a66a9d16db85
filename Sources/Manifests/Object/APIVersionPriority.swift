/// The order in which API servers prefer the versions of a group: GA before beta before alpha, then the higher
/// number; names that follow no such pattern come last, by name.
public struct APIVersionPriority: Sendable, Hashable, Comparable {
    private var rank: Int
    /// The number behind the `v`; 0 for names of another pattern.
    public private(set) var major: Int
    private var minor: Int
    /// The name that it is of: `v1beta1`.
    public let version: String

    /// Reads a version name such as `v1`, `v2beta1` or `v1alpha3`.
    public init(_ version: String) {
        self.version = version
        rank = 0
        major = 0
        minor = 0
        guard version.hasPrefix("v") else { return }
        let rest = version.dropFirst()
        let digits = rest.prefix(while: Self.isDigit)
        guard let number = Int(digits) else { return }
        let tail = rest.dropFirst(digits.count)
        if tail.isEmpty {
            (rank, major) = (3, number)
            return
        }
        for (word, stability) in [("beta", 2), ("alpha", 1)] where tail.hasPrefix(word) {
            let last = tail.dropFirst(word.count)
            guard last.allSatisfy(Self.isDigit), let second = Int(last) else { return }
            (rank, major, minor) = (stability, number, second)
        }
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    /// The less preferred version is the smaller one.
    public static func < (lhs: APIVersionPriority, rhs: APIVersionPriority) -> Bool {
        if (lhs.rank, lhs.major, lhs.minor) != (rhs.rank, rhs.major, rhs.minor) {
            return (lhs.rank, lhs.major, lhs.minor) < (rhs.rank, rhs.major, rhs.minor)
        }
        return lhs.version > rhs.version
    }
}

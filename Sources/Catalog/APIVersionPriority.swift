/// The order in which API servers prefer the versions of a group: GA before beta before alpha, then the higher
/// number; names that follow no such pattern come last, by name.
public struct APIVersionPriority: Sendable, Hashable, Comparable {
    private var rank: Int
    /// The number behind the `v`; 0 for names of another pattern.
    public private(set) var major: Int
    private var minor: Int
    private var name: String

    /// Reads a version name such as `v1`, `v2beta1` or `v1alpha3`.
    public init(_ version: String) {
        name = version
        rank = 0
        major = 0
        minor = 0
        guard version.utf8.first == UInt8(ascii: "v") else { return }
        let rest = version.dropFirst()
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return }
        let tail = rest.dropFirst(digits.count)
        if tail.isEmpty {
            (rank, major) = (3, number)
        } else if tail.hasPrefix("beta"), let second = Int(tail.dropFirst(4)) {
            (rank, major, minor) = (2, number, second)
        } else if tail.hasPrefix("alpha"), let second = Int(tail.dropFirst(5)) {
            (rank, major, minor) = (1, number, second)
        }
    }

    /// The less preferred version is the smaller one.
    public static func < (lhs: APIVersionPriority, rhs: APIVersionPriority) -> Bool {
        if (lhs.rank, lhs.major, lhs.minor) != (rhs.rank, rhs.major, rhs.minor) {
            return (lhs.rank, lhs.major, lhs.minor) < (rhs.rank, rhs.major, rhs.minor)
        }
        return lhs.name > rhs.name
    }
}

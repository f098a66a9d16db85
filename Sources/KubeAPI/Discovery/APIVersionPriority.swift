/// Orders version names as API servers do: `v2`, `v1`, `v1beta2`, `v1beta1`, `v1alpha1`, then all others by name.
public struct APIVersionPriority: Sendable, Hashable, Comparable {
    /// The name: `v1beta1`.
    public let version: String
    private let stability: Int
    private let major: Int
    private let minor: Int

    /// The rank of that name among its group's versions.
    public init(_ version: String) {
        self.version = version
        let rest = version.dropFirst()
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        var word = rest.dropFirst(digits.count)
        guard version.hasPrefix("v"), let major = Int(digits), major > 0 else {
            (stability, self.major, minor) = (3, 0, 0)
            return
        }
        var stability = 0
        if word.hasPrefix("beta") {
            stability = 1
            word = word.dropFirst(4)
        } else if word.hasPrefix("alpha") {
            stability = 2
            word = word.dropFirst(5)
        }
        let minor = word.isEmpty ? 0 : Int(word)
        guard let minor, word.isEmpty == (stability == 0), minor >= 0 else {
            (self.stability, self.major, self.minor) = (3, 0, 0)
            return
        }
        (self.stability, self.major, self.minor) = (stability, major, minor)
    }

    /// True when `lhs` comes first, that is, is preferred.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.stability, -lhs.major, -lhs.minor, lhs.version) < (rhs.stability, -rhs.major, -rhs.minor, rhs.version)
    }
}

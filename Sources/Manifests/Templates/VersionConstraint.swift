/// A constraint on versions as `semverCompare` takes it: `>=1.19-0`, `~1.16`, `>= 1.16-0, < 1.22-0 || ^1.25.x`.
struct VersionConstraint {
    private enum Relation { case equal, unequal, less, lessOrEqual, greater, greaterOrEqual, sameMinor, sameMajor }

    private struct Bound {
        var relation: Relation
        /// Major, minor and patch as far as they are written.
        var numbers: [Int]
    }

    /// One of these lists has to hold in full.
    private var alternatives: [[Bound]] = []

    /// Nil for what is no constraint.
    init?(_ text: String) {
        for alternative in text.split(separator: "|", omittingEmptySubsequences: true) {
            var bounds: [Bound] = []
            for word in Self.words(alternative) {
                guard let bound = Self.bound(word) else { return nil }
                bounds.append(bound)
            }
            alternatives.append(bounds)
        }
        if alternatives.isEmpty { return nil }
    }

    /// Whether every patch release of the version meets it, or none does; nil where it depends on the patch.
    func isMet(by version: KubernetesVersion) -> Bool? {
        let first = isMet(by: [version.major, version.minor, 0])
        return first == isMet(by: [version.major, version.minor, 999]) ? first : nil
    }

    private func isMet(by version: [Int]) -> Bool {
        alternatives.contains { bounds in bounds.allSatisfy { Self.holds($0, of: version) } }
    }

    private static func holds(_ bound: Bound, of version: [Int]) -> Bool {
        let numbers = bound.numbers
        let head = Array(version.prefix(numbers.count))
        let full = numbers + Array(repeating: 0, count: 3 - numbers.count)
        let isAtLeast = !version.lexicographicallyPrecedes(full)
        switch bound.relation {
        case .equal: return head == numbers
        case .unequal: return head != numbers
        case .less: return !isAtLeast
        case .lessOrEqual: return !isAtLeast || head == numbers
        case .greater: return isAtLeast && head != numbers
        case .greaterOrEqual: return isAtLeast
        case .sameMinor: return isAtLeast && version.prefix(min(2, numbers.count)).elementsEqual(numbers.prefix(2))
        case .sameMajor: return isAtLeast && version[0] == full[0]
        }
    }

    /// Bounds are separated by commas or blanks; a blank behind an operator does not count.
    private static func words(_ text: Substring) -> [String] {
        var words: [String] = []
        var current = ""
        for character in text {
            if character == "," || character == " " {
                if !current.isEmpty, !current.allSatisfy({ "<>=!~^".contains($0) }) || character == "," {
                    words.append(current)
                    current = ""
                }
            } else {
                current.append(character)
            }
        }
        if !current.isEmpty { words.append(current) }
        return words
    }

    private static func bound(_ word: String) -> Bound? {
        let sign = word.prefix { "<>=!~^".contains($0) }
        let relation: Relation
        switch sign {
        case "", "=": relation = .equal
        case "!=": relation = .unequal
        case "<": relation = .less
        case "<=", "=<": relation = .lessOrEqual
        case ">": relation = .greater
        case ">=", "=>": relation = .greaterOrEqual
        case "~", "~>": relation = .sameMinor
        case "^": relation = .sameMajor
        default: return nil
        }
        var body = word.dropFirst(sign.count)
        if body.hasPrefix("v") { body = body.dropFirst() }
        let release = body.prefix { $0 != "-" && $0 != "+" }
        var numbers: [Int] = []
        for part in release.split(separator: ".", omittingEmptySubsequences: false).prefix(3) {
            if part == "x" || part == "X" || part == "*" { break }
            guard let number = Int(part) else { return nil }
            numbers.append(number)
        }
        return Bound(relation: relation, numbers: numbers)
    }
}

/// A pattern for paths and references, parts divided by slashes: `*` stands for anything within a part, `?` for one
/// character, and `**` as a whole part for any number of parts.
struct PathGlob: Sendable, Hashable {
    private let parts: [String]
    private let isAnchored: Bool

    /// A pattern that begins with a slash is held against whole paths only; any other one also against what is left
    /// of a path when leading folders are taken off.
    init(_ pattern: String) {
        isAnchored = pattern.hasPrefix("/")
        parts = pattern.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    }

    /// Whether a file's path is meant.
    func matches(path: String) -> Bool {
        let parts = path.split(separator: "/").filter { $0 != "." }
        if isAnchored { return path.hasPrefix("/") && matches(parts[...]) }
        return parts.indices.contains { matches(parts[$0...]) }
    }

    /// Whether the whole text is meant, part by part.
    func matches(whole text: String) -> Bool { matches(text.split(separator: "/")[...]) }

    private func matches(_ path: ArraySlice<Substring>) -> Bool {
        // Reachable positions in the path, pattern part by pattern part: linear, however many `**` there are.
        var reached: Set<Int> = [path.startIndex]
        for part in parts {
            var next: Set<Int> = []
            if part == "**" {
                if let first = reached.min() { next = Set(first...path.endIndex) }
            } else {
                for index in reached where index < path.endIndex && Self.covers(part, path[index]) {
                    next.insert(index + 1)
                }
            }
            if next.isEmpty { return false }
            reached = next
        }
        return reached.contains(path.endIndex)
    }

    private static func covers(_ pattern: String, _ text: Substring) -> Bool {
        let pattern = Array(pattern.unicodeScalars)
        let text = Array(text.unicodeScalars)
        var reached: Set<Int> = [0]
        for scalar in pattern {
            switch scalar {
            case "*": if let first = reached.min() { reached = Set(first...text.count) }
            case "?": reached = Set(reached.filter { $0 < text.count }.map { $0 + 1 })
            default: reached = Set(reached.filter { $0 < text.count && text[$0] == scalar }.map { $0 + 1 })
            }
            if reached.isEmpty { return false }
        }
        return reached.contains(text.count)
    }
}

/// One line of an ignore file, as Git reads them.
///
/// `*` and `?` stop at slashes, `**` does not; a slash at the end means directories only, one elsewhere ties the pattern
/// to the directory of its file; `!` takes back what an earlier pattern said.
struct IgnorePattern: Sendable, Hashable {
    /// Whether what matches is to be read after all.
    private(set) var isNegated = false
    private var directoriesOnly = false
    private var isAnchored = false
    private var segments: [[UInt8]] = []

    /// Nil for blank lines and comments.
    init?(_ line: some StringProtocol) {
        var text = Array(line.utf8)
        if text.last == UInt8(ascii: "\r") { text.removeLast() }
        while text.last == UInt8(ascii: " "), text.dropLast().last != UInt8(ascii: "\\") { text.removeLast() }
        guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
        if first == UInt8(ascii: "!") {
            isNegated = true
            text.removeFirst()
        }
        if text.last == UInt8(ascii: "/") {
            directoriesOnly = true
            text.removeLast()
        }
        isAnchored = text.contains(UInt8(ascii: "/"))
        segments = text.split(separator: UInt8(ascii: "/")).map(Array.init)
        if segments.isEmpty { return nil }
    }

    /// Whether it means what stands at that path below the directory of its file.
    func matches(_ path: [[UInt8]], isDirectory: Bool) -> Bool {
        if directoriesOnly && !isDirectory { return false }
        if isAnchored { return Self.matches(segments[...], path[...]) }
        return path.last.map { Self.matches(segments[0][...], $0[...]) } ?? false
    }

    private static func matches(_ segments: ArraySlice<[UInt8]>, _ path: ArraySlice<[UInt8]>) -> Bool {
        guard let segment = segments.first else { return path.isEmpty }
        if segment == Array("**".utf8) {
            let rest = segments.dropFirst()
            // At the end it means everything inside, not the directory itself.
            if rest.isEmpty { return !path.isEmpty }
            return path.indices.contains { matches(rest, path[$0...]) }
        }
        guard let name = path.first, matches(segment[...], name[...]) else { return false }
        return matches(segments.dropFirst(), path.dropFirst())
    }

    /// One name against one segment; the last star is the only one that has to be tried again.
    private static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        var (pattern, name) = (pattern, name)
        var retry: (pattern: ArraySlice<UInt8>, name: ArraySlice<UInt8>)?
        while true {
            if pattern.first == UInt8(ascii: "*") {
                pattern = pattern.dropFirst()
                retry = (pattern, name)
            } else if let byte = name.first, let rest = rest(of: pattern, taking: byte) {
                (pattern, name) = (rest, name.dropFirst())
            } else if name.isEmpty && pattern.isEmpty {
                return true
            } else if let last = retry, !last.name.isEmpty {
                retry = (last.pattern, last.name.dropFirst())
                (pattern, name) = (last.pattern, last.name.dropFirst())
            } else {
                return false
            }
        }
    }

    /// What is left of the pattern behind a byte that it takes.
    private static func rest(of pattern: ArraySlice<UInt8>, taking byte: UInt8) -> ArraySlice<UInt8>? {
        switch pattern.first {
        case nil: return nil
        case UInt8(ascii: "?"): return pattern.dropFirst()
        case UInt8(ascii: "\\") where pattern.count > 1:
            return pattern.dropFirst().first == byte ? pattern.dropFirst(2) : nil
        case UInt8(ascii: "["):
            guard let end = pattern.dropFirst(2).firstIndex(of: UInt8(ascii: "]")) else { return nil }
            var set = pattern[(pattern.startIndex + 1)..<end]
            let isNegated = set.first == UInt8(ascii: "!") || set.first == UInt8(ascii: "^")
            if isNegated { set = set.dropFirst() }
            var isIn = false
            while let low = set.first {
                if set.count > 2, set[set.startIndex + 1] == UInt8(ascii: "-") {
                    let high = set[set.startIndex + 2]
                    isIn = isIn || low <= byte && byte <= high
                    set = set.dropFirst(3)
                } else {
                    isIn = isIn || low == byte
                    set = set.dropFirst()
                }
            }
            return isIn != isNegated ? pattern[(end + 1)...] : nil
        case let literal: return literal == byte ? pattern.dropFirst() : nil
        }
    }
}

/// The patterns that hold in a directory: those of the caller, of its ignore file, and of the directories above it.
struct IgnoreRules: Sendable {
    /// The name of the files with patterns.
    static let fileName = ".kirikaeignore"

    /// Patterns of one file, with how many names lead from the walk's start to its directory.
    private var layers: [(depth: Int, patterns: [IgnorePattern])] = []

    init(_ patterns: [IgnorePattern]) {
        if !patterns.isEmpty { layers = [(0, patterns)] }
    }

    /// Adds the patterns of a file that lies so many directories below the start.
    mutating func add(_ text: [UInt8], depth: Int) {
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        let patterns = lines.compactMap { IgnorePattern($0) }
        if !patterns.isEmpty { layers.append((depth, patterns)) }
    }

    var isEmpty: Bool { layers.isEmpty }

    /// Whether what stands at that path below the walk's start is passed over; the last pattern that matches decides.
    func ignores(_ path: [[UInt8]], isDirectory: Bool) -> Bool {
        for layer in layers.reversed() {
            let below = Array(path.dropFirst(layer.depth))
            for pattern in layer.patterns.reversed() where pattern.matches(below, isDirectory: isDirectory) {
                return !pattern.isNegated
            }
        }
        return false
    }
}

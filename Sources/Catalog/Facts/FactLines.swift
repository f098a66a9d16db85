import Manifests

/// The lines of a data file, taken apart into words, with the number of the line for errors.
///
/// All files of facts look alike: a heading at the margin, facts indented below it, blocks separated by empty lines,
/// comments behind `#`.
struct FactLines {
    /// The name of the file in errors.
    let file: String
    private let lines: [Substring]
    private var next = 0

    init(_ text: String, file: String) {
        self.file = file
        lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Substring($0) }
    }

    /// One line: its words, how far it is indented, and its number.
    struct Line {
        let number: Int
        let indent: Int
        let file: String
        private var rest: Substring

        init(_ text: Substring, number: Int, file: String) {
            self.number = number
            self.file = file
            rest = text.drop { $0 == " " }
            indent = text.utf8.count - rest.utf8.count
        }

        /// The next word; nil at the end of the line.
        mutating func word() -> String? {
            rest = rest.drop { $0 == " " }
            guard !rest.isEmpty else { return nil }
            let end = rest.utf8.firstIndex(of: UInt8(ascii: " ")) ?? rest.endIndex
            let word = rest[..<end]
            rest = rest[end...]
            return String(word)
        }

        /// The next word, which has to be there.
        mutating func word(_ what: String) throws(CatalogError) -> String {
            guard let word = word() else { throw error(.syntax, "expected \(what), found the end of the line") }
            return word
        }

        /// All words that are left; `''` is the empty one.
        mutating func words() -> [String] {
            var words: [String] = []
            while let word = word() { words.append(word == "''" ? "" : word) }
            return words
        }

        /// Everything that is left, as it stands.
        mutating func text(_ what: String) throws(CatalogError) -> String {
            rest = rest.drop { $0 == " " }
            guard !rest.isEmpty else { throw error(.syntax, "expected \(what), found the end of the line") }
            defer { rest = rest[rest.endIndex...] }
            return String(rest)
        }

        /// Whether the next word is this one; takes it if so.
        mutating func take(_ expected: String) -> Bool {
            var ahead = self
            guard ahead.word() == expected else { return false }
            self = ahead
            return true
        }

        /// The next word as a release of Kubernetes.
        mutating func version() throws(CatalogError) -> KubernetesVersion {
            let word = try word("a Kubernetes version")
            guard let version = KubernetesVersion(word) else {
                throw error(.syntax, "expected a Kubernetes version, found `\(word)`")
            }
            return version
        }

        /// The next word as a release of another project.
        mutating func release() throws(CatalogError) -> ReleaseVersion {
            let word = try word("a version")
            guard let version = ReleaseVersion(word) else {
                throw error(.syntax, "expected a version, found `\(word)`")
            }
            return version
        }

        /// The next two words as a kind at a version.
        mutating func kind() throws(CatalogError) -> GroupVersionKind {
            let apiVersion = try word("GROUP/VERSION")
            return GroupVersionKind(apiVersion: apiVersion, kind: try word("KIND"))
        }

        /// That nothing is left on the line.
        mutating func end() throws(CatalogError) {
            if let word = word() { throw error(.syntax, "expected the end of the line, found `\(word)`") }
        }

        func error(_ code: CatalogError.Code, _ message: String) -> CatalogError {
            CatalogError(code: code, message: message, line: number, file: file)
        }
    }

    /// The next line that says something: nil at the end of the text; an empty line gives an empty one.
    mutating func line() -> Line? {
        while next < lines.count {
            let text = lines[next]
            next += 1
            if text.utf8.first == UInt8(ascii: "#") { continue }
            return Line(text, number: next, file: file)
        }
        return nil
    }

    /// The next line at the margin; an indented one there belongs to no block.
    mutating func heading() throws(CatalogError) -> Line? {
        while let line = line() {
            var ahead = line
            guard ahead.word() != nil else { continue }
            guard line.indent == 0 else { throw line.error(.syntax, "a fact outside of a block") }
            return line
        }
        return nil
    }

    /// The next indented line of a block; nil where the block ends.
    mutating func fact() throws(CatalogError) -> Line? {
        guard let line = line() else { return nil }
        var ahead = line
        guard ahead.word() != nil else { return nil }
        guard line.indent > 0 else { throw line.error(.syntax, "blocks are separated by an empty line") }
        return line
    }
}

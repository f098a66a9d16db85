/// Why a text is no catalog, and where.
public struct CatalogError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What sort of mistake it is.
    public struct Code: Sendable, Hashable {
        private enum Value: Hashable { case syntax, duplicate, missingFact, contradiction }
        private var value: Value

        /// A line that follows no known form.
        public static let syntax = Code(value: .syntax)
        /// The same kind at the same version in two blocks, or the same fact twice in one.
        public static let duplicate = Code(value: .duplicate)
        /// A block without its resource line, or a text without its range of releases.
        public static let missingFact = Code(value: .missingFact)
        /// Facts that cannot both be true, such as a removal before the introduction.
        public static let contradiction = Code(value: .contradiction)
    }

    public var code: Code
    /// What was wrong, in words.
    public var message: String
    /// Line, counted from 1.
    public var line: Int
    /// The file of facts, as errors name it.
    public var file = "catalog"

    public var description: String { "\(file), line \(line): \(message)" }
}

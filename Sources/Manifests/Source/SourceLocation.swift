/// A place in a text, written `file:line:column` as compilers and editors do.
public struct SourceLocation: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The file's path as the user gave or would type it; `-` for standard input.
    public var file: String
    /// Counted from 1; 0 where only the file is known.
    public var line: Int
    /// In characters (Unicode scalars), counted from 1; 0 where only the file is known.
    public var column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// The file as a whole, where no line can be told.
    public init(wholeFile file: String) { self.init(file: file, line: 0, column: 0) }

    /// Whether only the file is known.
    public var isWholeFile: Bool { line == 0 }

    public var description: String { isWholeFile ? file : "\(file):\(line):\(column)" }

    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.file, lhs.line, lhs.column) < (rhs.file, rhs.line, rhs.column)
    }
}

/// Why bytes are not JSON, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public var code: ManifestError.Code
    /// What was wrong, in words, without the place.
    public var message: String
    /// Offset of the offending byte, counted from 0.
    public var offset: Int
    /// Line of the offending byte, counted from 1.
    public var line: Int
    /// Column in characters (Unicode scalars), counted from 1.
    public var column: Int

    public var description: String { "line \(line), column \(column): \(message)" }

    /// The same with the name of the file.
    public func inFile(_ file: String) -> ManifestError {
        ManifestError(code, message, at: SourceLocation(file: file, line: line, column: column))
    }
}

/// Why a manifest could not be taken in, and where.
public struct ManifestError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is; the text is for people, this is for programs.
    public enum Code: String, Sendable, Hashable, Codable {
        /// The text is neither YAML nor JSON.
        case syntax
        /// The bytes are no text in a supported encoding.
        case encoding
        /// Larger, deeper or more repetitive than the limits allow.
        case limit
        /// The same name twice in one mapping.
        case duplicateKey
        /// An alias without an anchor, or one that contains itself.
        case alias
        /// A tag or number that has no form in JSON.
        case unsupportedValue
        /// A file or directory that cannot be opened or read.
        case unreadable
    }

    public var code: Code
    /// What is wrong, in words, without the place.
    public var message: String
    /// Nil only when no place can be named.
    public var location: SourceLocation?

    public init(_ code: Code, _ message: String, at location: SourceLocation?) {
        self.code = code
        self.message = message
        self.location = location
    }

    public var description: String { location.map { "\($0): \(message)" } ?? message }
}

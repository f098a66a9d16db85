public import Manifests

/// Why an inventory directory could not be read or written.
public struct InventoryError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Code: String, Sendable, Hashable {
        /// No `inventory.yaml`, or no objects beside it.
        case missing
        /// A file that is not what it should be.
        case malformed
        /// A format that a later kirikae wrote.
        case newerFormat
        /// The objects are not those the digest was taken of.
        case altered
        /// The directory or a file cannot be written.
        case unwritable
    }

    public var code: Code
    /// What is wrong and what to do, without the place.
    public var message: String
    public var location: SourceLocation?

    public init(_ code: Code, _ message: String, at location: SourceLocation? = nil) {
        self.code = code
        self.message = message
        self.location = location
    }

    public var description: String { location.map { "\($0): \(message)" } ?? message }
}

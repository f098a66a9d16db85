public import Manifests

/// Why a document was left as it is, and where.
public struct EditRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable word for machines.
    public enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
        /// Go template actions stand in or around what would change.
        case template
        /// The change touches what an alias refers to, or an alias itself, and other places would change with it.
        case alias
        /// A member that comes through `<<` would have to change.
        case mergeKey = "merge-key"
        /// The text is not UTF-8, or has line ends that only some readers know.
        case encoding
        /// A way of writing that the editor does not change, such as `? key`.
        case layout
        /// What was written did not read back as what was wanted; nothing was kept of it.
        case notVerified = "not-verified"
    }

    public var reason: Reason
    /// What is the matter, in words, without the place.
    public var message: String
    public var location: SourceLocation

    public init(_ reason: Reason, _ message: String, at location: SourceLocation) {
        self.reason = reason
        self.message = message
        self.location = location
    }

    public var description: String { "\(location): \(message)" }
}

/// The same while it is still an offset.
struct EditObstacle: Error {
    var reason: EditRefusal.Reason
    var message: String
    var offset: Int

    init(_ reason: EditRefusal.Reason, _ message: String, at offset: Int) {
        self.reason = reason
        self.message = message
        self.offset = offset
    }
}

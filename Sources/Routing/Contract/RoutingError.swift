public import Manifests

/// Why a back end could not do what was asked.
///
/// The code says what is known about the effect, which is what a caller needs to decide whether to repeat or to look.
public struct RoutingError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The back end did not answer; nothing was written.
        case unreachable
        /// It is not known whether the write took effect: read before anything else.
        case ambiguous
        /// The weights are in force, but a restart of the back end would forget them.
        case notKept
        /// Something else stands there than was expected; nothing was written.
        case conflict
        /// The back end refuses the request as it is; nothing was written.
        case refused
        /// The configuration names no such back end, or lacks what it needs; nothing was written.
        case invalidConfiguration
    }

    /// What is known about the write.
    public enum Effect: Sendable, Hashable {
        case notApplied
        case applied
        case unknown
    }

    public var code: Code
    public var message: String
    /// Inside the settings, where it is they that are wrong.
    public var place: FieldPath?

    public init(_ code: Code, _ message: String, at place: FieldPath? = nil) {
        self.code = code
        self.message = message
        self.place = place
    }

    /// What is known about the write.
    public var effect: Effect {
        switch code {
        case .unreachable, .conflict, .refused, .invalidConfiguration: .notApplied
        case .notKept: .applied
        case .ambiguous: .unknown
        }
    }

    public var description: String { message }
}

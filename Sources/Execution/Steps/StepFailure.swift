/// Why a call of a step did not succeed, sorted by what may be done next.
public struct StepFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is known about the effect, and hence whether to repeat, to look first, or to stop.
    public enum Kind: String, Sendable, Hashable {
        /// Nothing reached the other side: repeat after a while.
        case notSent
        /// The other side asked to come back later.
        case throttled
        /// The other side failed: look, then repeat.
        case server
        /// Something else stands there than was expected: look again.
        case conflict
        /// It may have taken effect: look before anything else.
        case ambiguous
        /// It will not work by repeating.
        case permanent
    }

    public var kind: Kind
    /// Where and what, without secrets.
    public var message: String
    /// When the other side named a time.
    public var retryAfter: Duration?
    /// True when the other side did not let us in (401, 403).
    ///
    /// Counts as "out of reach" on the way back.
    public var isRefused: Bool

    /// True when the server does not serve that kind of object: none of it can exist there.
    public var isUnknownKind = false
    /// True when the before-image is sealed and the key for it is not here: the rest of the way back need not wait.
    public var isSealed = false

    public init(_ kind: Kind, _ message: String, retryAfter: Duration? = nil, isRefused: Bool = false) {
        self.kind = kind
        self.message = message
        self.retryAfter = retryAfter
        self.isRefused = isRefused
    }

    public var description: String { message }

    /// Whether this says that the cluster as a whole cannot be worked with, rather than that one request was wrong.
    public var meansOutOfReach: Bool {
        switch kind {
        case .notSent: !isUnknownKind
        case .throttled, .server, .ambiguous: true
        case .conflict: false
        case .permanent: isRefused
        }
    }
}

public import Manifests
public import Routing

/// What a look at the world says about one operation.
public struct Observation: Sendable, Hashable {
    /// One of four, never a guess.
    public enum Answer: String, Sendable, Hashable {
        /// As the before-image has it.
        case before
        /// As the step wants it.
        case after
        /// Partly done by us.
        case between
        /// Somebody else's value.
        case foreign
    }

    public var answer: Answer
    /// Over the fields that were looked at.
    public var digest: Digest?
    /// What identifies the effect, such as the UID of a created object.
    public var receipt: JSONObject
    /// For `foreign`: before, ours and now, field by field, without secrets.
    public var difference: JSONValue?
    /// Set when the answer is not final: what is still awaited.
    public var pending: String?
    /// For routes: the weights that were read.
    public var weights: Weights?
    /// For `foreign`: nothing stands there to write a value back to.
    public var isGone: Bool

    public init(
        _ answer: Answer, digest: Digest? = nil, receipt: JSONObject = [:], difference: JSONValue? = nil,
        pending: String? = nil, weights: Weights? = nil, isGone: Bool = false
    ) {
        self.answer = answer
        self.digest = digest
        self.receipt = receipt
        self.difference = difference
        self.pending = pending
        self.weights = weights
        self.isGone = isGone
    }
}

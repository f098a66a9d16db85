/// What a caller may do after a failed request.
///
/// The decision is Execution's; the class only says what is known.
public enum RetryClass: String, Sendable, Hashable, Codable {
    /// Nothing reached the server: repeating is safe.
    case notSent
    /// The server asked for patience (429, or 503 with `Retry-After`) and did nothing: wait as long as it says.
    case throttled
    /// The server failed on its side (5xx). The effect may stand: look, then repeat.
    case server
    /// The object is another one than expected (409): read it again and check the preconditions anew.
    case conflict
    /// The answer was lost, cut or not waited for. The effect may stand: look before anything is repeated.
    case ambiguous
    /// Repeating the same request gives the same answer.
    case permanent
}

/// How often and how long a run tries, and how much it does at once.
///
/// One policy for a whole run; times in milliseconds.
public struct RetryPolicy: Sendable, Hashable {
    /// Attempts of one effect before it counts as failed.
    public var attempts = 6
    /// Attempts of one undo: the way back tries longer.
    public var undoAttempts = 12
    /// Calls to green that must fail in a row on the way back until green counts as out of reach.
    public var outOfReachAttempts = 2
    /// How often another writer may come between until its value counts as foreign.
    public var conflicts = 3
    /// Backoff: base, doubled per attempt up to the cap; the wait is drawn evenly between 0 and that (full jitter).
    public var base: Int64 = 500
    public var cap: Int64 = 30_000
    /// Between two looks at something that is awaited.
    public var poll: Int64 = 1_000
    /// How long an acknowledged effect may take until it is in force.
    public var verifyDeadline: Int64 = 120_000
    /// How long an undo may take until it is in force: deletions with finalizers, blue's workloads coming up.
    public var undoDeadline: Int64 = 300_000

    /// How long green's exclusive work may take to end until blue's is woken all the same.
    public var quiesceDeadline: Int64 = 120_000

    /// How long users stay on green while blue cannot carry what it carried before; then they go all the same.
    public var blueDeadline: Int64 = 30_000

    /// How long connections that are still open on green are waited for before anything there is taken away.
    public var drainDeadline: Int64 = 60_000

    /// Operations in flight at once; only such as do not depend on each other (``PlannedOperation/mayOverlap(_:_:)``).
    public var width = 16
    /// How far behind the first unfinished operation others may begin: bounds the looking ahead, not the number in
    /// flight.
    var horizon: Int { 8 * width }

    public init() {}

    /// The wait before attempt `attempt` (counted from 1), drawn with `chance`.
    func backoff(attempt: Int, chance: UInt64, atLeast: Duration?) -> Int64 {
        let ceiling = min(cap, base << Int64(min(max(attempt - 1, 0), 16)))
        let jittered = Int64(chance % UInt64(max(ceiling, 1)))
        guard let atLeast else { return jittered }
        return max(jittered, atLeast.components.seconds * 1_000)
    }
}

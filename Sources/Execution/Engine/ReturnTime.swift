import Manifests

/// How long one way back took, as its journal tells.
public struct ReturnTime: Sendable, Hashable {
    /// What it went back to.
    public var target: String
    /// What was measured, when the run went back by itself.
    public var reason: String?
    /// The sequence number of the decision's record.
    public var sequence: Int
    /// From the decision until the last route was seen to be back; nil when no route had to move, or none is yet.
    public var trafficMilliseconds: Int64?
    /// From the decision until the run paused or ended; nil while it goes on.
    public var wholeMilliseconds: Int64?

    /// Every way back that was begun, in the order of the journal.
    public static func all(in records: [JournalRecord]) -> [ReturnTime] {
        var found: [ReturnTime] = []
        var decided: Moment?
        for record in records {
            let entry = record.entry
            let since = decided.map { (record.moment.monotonic - $0.monotonic) / 1_000_000 }
            switch entry.type {
            case .runRollback:
                decided = record.moment
                found.append(
                    ReturnTime(
                        target: entry.text("checkpoint") ?? entry.text("wave").map { "wave \($0)" } ?? "",
                        reason: entry.text("reason"), sequence: record.sequence))
            case .undoVerified where entry.text("route") != nil:
                found[found.count - 1].trafficMilliseconds = since
            case .runPause, .runEnd:
                if decided != nil { found[found.count - 1].wholeMilliseconds = since }
                decided = nil
            default: break
            }
        }
        return found
    }
}

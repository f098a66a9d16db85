/// How many answers took how long, in bounded memory.
///
/// Up to 100 ms to the millisecond, above rounded up to two digits: 1 230 ms count as 1 300 ms, never as less than they
/// were.
public struct LatencyCount: Sendable, Hashable {
    private var counts: [Int: Int] = [:]
    /// All answers.
    public private(set) var total = 0

    public init() {}

    /// Counts one answer.
    public mutating func add(milliseconds: Int) {
        counts[Self.rounded(max(0, milliseconds)), default: 0] += 1
        total += 1
    }

    /// Counts what another counted.
    public mutating func add(_ other: LatencyCount) {
        for (milliseconds, count) in other.counts { counts[milliseconds, default: 0] += count }
        total += other.total
    }

    /// The least number of milliseconds within which that part of the answers (in per cent) came; nil without any.
    public func quantile(_ percent: Int) -> Int? {
        guard total > 0 else { return nil }
        // Nearest rank: the ceiling of the share.
        let rank = max(1, (total * percent + 99) / 100)
        var seen = 0
        for (milliseconds, count) in counts.sorted(by: { $0.key < $1.key }) {
            seen += count
            if seen >= rank { return milliseconds }
        }
        return nil
    }

    private static func rounded(_ milliseconds: Int) -> Int {
        var unit = 1
        while milliseconds / unit > 100 { unit *= 10 }
        return (milliseconds + unit - 1) / unit * unit
    }
}

public import Planning

/// One round of measuring: what the shell is to ask now.
public struct ProbeRound: Sendable, Hashable {
    public var probe: GateProbe
    /// Blue is measured with its own addresses and queries, as a baseline.
    public var side: Side
    /// How many requests.
    public var requests: Int
    /// Whether the Prometheus server is to be asked.
    public var asksPrometheus: Bool

    public init(probe: GateProbe, side: Side, requests: Int, asksPrometheus: Bool) {
        self.probe = probe
        self.side = side
        self.requests = requests
        self.asksPrometheus = asksPrometheus
    }
}

/// What this process has measured of one interval so far.
///
/// A process that ends forgets it: the next one measures the interval anew.
struct Measuring: Sendable {
    var figures = ProbeFigures()
    var sent = 0
    /// Milliseconds of the engine's `now`.
    let begins: Int64
    let ends: Int64
    var rounds: Int64 = 0
    let planned: Int
    var isComplete = false

    init(_ probe: GateProbe, interval: Int, now: Int64) {
        begins = now
        ends = now + Int64(interval) * 1_000
        planned = (probe.http?.rate(over: interval) ?? 0) * interval
    }
}

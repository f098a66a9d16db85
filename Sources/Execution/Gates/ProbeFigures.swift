import Manifests
import Planning

/// What was measured at a gate, in figures.
public struct ProbeFigures: Sendable, Hashable {
    /// Requests that count: answered by the side that is measured, or by nobody.
    public var samples = 0
    /// Of these, the ones without a good answer.
    public var failed = 0
    /// Answers that came from the other side and do not count.
    public var aside = 0
    /// Requests that could not be sent from here and say nothing about anybody.
    public var unsent = 0
    /// Of the good answers.
    public var latencies = LatencyCount()
    /// What the query gave.
    public var value: Double?
    /// What the query about the volume gave.
    public var volume: Double?
    /// What went wrong last, in words.
    public var trouble: String?

    public init() {}

    /// Adds what was measured after this.
    public mutating func add(_ other: ProbeFigures) {
        samples += other.samples
        failed += other.failed
        aside += other.aside
        unsent += other.unsent
        latencies.add(other.latencies)
        value = other.value ?? value
        volume = other.volume ?? volume
        trouble = other.trouble ?? trouble
    }

    /// As journals and reports hold it: whole numbers, and what has fractions as text.
    func json(_ probe: GateProbe, baseline: ProbeBaseline?) -> JSONObject {
        var members = JSONObject()
        if let http = probe.http {
            members["samples"] = .integer(Int64(samples))
            members["failed"] = .integer(Int64(failed))
            if aside > 0 { members["aside"] = .integer(Int64(aside)) }
            if unsent > 0 { members["unsent"] = .integer(Int64(unsent)) }
            let quantile = http.latency?.quantile ?? ProbeBaseline.defaultQuantile
            if let milliseconds = latencies.quantile(quantile) {
                members["p\(quantile)Milliseconds"] = .integer(Int64(milliseconds))
            }
            if let blue = baseline?.milliseconds { members["blueMilliseconds"] = .integer(Int64(blue)) }
        }
        if let value { members["value"] = .string("\(value)") }
        if let volume { members["volume"] = .string("\(volume)") }
        if let blue = baseline?.value { members["blueValue"] = .string("\(blue)") }
        return members
    }

    /// In a line, for people.
    func text(_ probe: GateProbe) -> String {
        var parts: [String] = []
        if let http = probe.http {
            parts.append("\(samples - failed) of \(samples) answers good")
            let quantile = http.latency?.quantile ?? ProbeBaseline.defaultQuantile
            if let milliseconds = latencies.quantile(quantile) {
                parts.append("\(quantile) % within \(milliseconds) ms")
            }
            if aside > 0 { parts.append("\(aside) from the other side") }
            if unsent > 0 { parts.append("\(unsent) not sent") }
        }
        if let value { parts.append("the query gives \(value)") }
        if let volume { parts.append("over \(volume)") }
        return parts.isEmpty ? "nothing was measured" : parts.joined(separator: ", ")
    }
}

/// What blue was like before anything moved.
public struct ProbeBaseline: Sendable, Hashable {
    /// Where a gate bounds no latency, this one is told.
    static let defaultQuantile = 95

    /// Blue's latency at the probe's quantile.
    public var milliseconds: Int?
    /// What the query about blue gave.
    public var value: Double?

    public init(milliseconds: Int? = nil, value: Double? = nil) {
        self.milliseconds = milliseconds
        self.value = value
    }

    /// From the figures of the step that measured blue, as its record holds them.
    init(_ figures: JSONObject, _ probe: GateProbe) {
        let quantile = probe.http?.latency?.quantile ?? Self.defaultQuantile
        milliseconds = figures["p\(quantile)Milliseconds"]?.integer.map { Int($0) }
        value = figures["value"]?.string.flatMap { Double($0) }
    }
}

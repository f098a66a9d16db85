/// A step that waits, measures, or asks.
///
/// It never opens by timeout.
public struct Gate: Sendable, Hashable, Codable {
    /// Who or what opens the gate.
    public enum Kind: String, Sendable, Hashable, WrittenChoice {
        /// One person approves.
        case manual
        /// Two different persons approve.
        case twoPerson
        /// `seconds` pass without a failure.
        case soak
        /// What is measured for `seconds` is good enough.
        case probe
    }

    /// What a probe that measured badly leads to.
    public enum OnFailure: String, Sendable, Hashable, WrittenChoice {
        /// The run stops and waits for a person.
        case halt
        /// The run goes back at once, to the checkpoint before the wave's cutover.
        case `return`
    }

    public var gate: Kind
    public var message: String
    /// For `soak` and `probe`: how long.
    public var seconds: Int?
    /// For `probe`.
    public var probe: GateProbe?
    /// For `probe`; ``OnFailure/halt`` when left out.
    public var onFailure: OnFailure?
    /// For ``OnFailure/return``: the checkpoint to which the run goes back.
    public var returnTo: String?
    /// For `probe`: the id of the step that measured blue before the cutover.
    public var baseline: String?
    /// It does not open before this moment; RFC 3339.
    public var notBefore: String?
    /// It opens only at these times of the week.
    public var window: GateWindow?
    /// For gates that persons open: seconds between the last approval and the opening, in which others may object.
    public var leadTime: Int?

    public init(
        gate: Kind, message: String, seconds: Int? = nil, probe: GateProbe? = nil, onFailure: OnFailure? = nil,
        returnTo: String? = nil, baseline: String? = nil, notBefore: String? = nil, window: GateWindow? = nil,
        leadTime: Int? = nil
    ) {
        self.gate = gate
        self.message = message
        self.seconds = seconds
        self.probe = probe
        self.onFailure = onFailure
        self.returnTo = returnTo
        self.baseline = baseline
        self.notBefore = notBefore
        self.window = window
        self.leadTime = leadTime
    }

    /// How long it takes at least when everything is well, in seconds.
    public var leastSeconds: Int { (gate == .soak || gate == .probe ? seconds ?? 0 : 0) + (leadTime ?? 0) }
}

/// Measures blue before anything moves, as what green is compared with afterwards; changes nothing.
public struct MeasureBlue: Sendable, Hashable, Codable {
    public var probe: GateProbe
    /// How long, in seconds.
    public var seconds: Int

    public init(probe: GateProbe, seconds: Int) {
        self.probe = probe
        self.seconds = seconds
    }
}

/// What a back end can do, as facts that a planner, a person and the conformance suite may rely on.
public struct RouterCapabilities: Sendable, Hashable {
    /// The smallest share in percent that can be moved; 100 for back ends that only switch, such as plain DNS.
    public var granularity: Int
    /// The longest time until a change has reached every client, such as a TTL.
    ///
    /// Zero when it is immediate.
    public var propagation: Duration
    /// How a change comes into force.
    public var change: Change
    /// What makes ``Router/verify(_:)`` believe.
    public var evidence: Evidence
    /// Who is kept out between the look and the write.
    public var exclusion: Exclusion
    /// Whether ``Router/openConnections()`` can answer.
    public var countsConnections: Bool

    /// How a change comes into force.
    public enum Change: String, Sendable, Hashable {
        /// In the running program; new requests follow at once and connections stay.
        case live
        /// By a reload: requests under way end in peace, idle connections are closed.
        case reload
    }

    /// What makes a verification believe.
    public enum Evidence: String, Sendable, Hashable {
        /// The back end's own word.
        case readBack
        /// Answers to requests through the balancer, besides its word.
        case probe
        /// Nothing: a person has to look.
        case none
    }

    /// Who is kept out between the look and the write.
    public enum Exclusion: String, Sendable, Hashable {
        /// Everybody: the back end itself compares and sets.
        case everybody
        /// Whoever goes through kirikae; another program may come in between the look and the write, for the time
        /// of one request, and is found by the look that follows.
        case ourselves
    }

    /// Whether traffic can be split, rather than only switched.
    public var weighted: Bool { granularity < 100 }

    public init(
        granularity: Int = 1, propagation: Duration = .zero, change: Change = .live, evidence: Evidence = .readBack,
        exclusion: Exclusion = .ourselves, countsConnections: Bool = false
    ) {
        self.granularity = granularity
        self.propagation = propagation
        self.change = change
        self.evidence = evidence
        self.exclusion = exclusion
        self.countsConnections = countsConnections
    }
}

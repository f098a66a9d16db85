public import HTTP
public import Planning

/// Asks what a gate measures: servers as clients do, and Prometheus.
///
/// No method retries or waits. Drills answer from their own worlds.
public protocol Prober: Sendable {
    /// Whether anything can be asked at all; a run whose plan measures is refused otherwise.
    var isConnected: Bool { get }

    /// Sends one request over a connection of its own.
    func ask(_ request: ProbeRequest) async -> ProbeAnswer

    /// The number that an instant query gives, or why there is none.
    func query(_ query: String, at url: String, of side: Side) async -> QueryAnswer
}

/// One request of a probe.
public struct ProbeRequest: Sendable, Hashable {
    /// The side that is measured.
    public var side: Side
    public var url: String
    public var host: String?
    /// Seconds.
    public var timeout: Int
    /// The wave whose gate it is for.
    public var wave: String
    /// The id of the step that measures.
    public var gate: String

    public init(side: Side, url: String, host: String?, timeout: Int, wave: String, gate: String) {
        self.side = side
        self.url = url
        self.host = host
        self.timeout = timeout
        self.wave = wave
        self.gate = gate
    }
}

/// What came of one request.
public enum ProbeAnswer: Sendable, Hashable {
    case answered(status: Int, headers: HTTPHeaders, milliseconds: Int)
    /// Nobody answered, in time.
    case unanswered(String)
    /// It could not be sent for a reason of our own.
    case unsent(String)
}

/// What came of one query.
public enum QueryAnswer: Sendable, Hashable {
    case number(Double)
    case nothing(String)
}

/// Asks nobody.
public struct NoProber: Prober {
    public init() {}
    public var isConnected: Bool { false }
    public func ask(_ request: ProbeRequest) async -> ProbeAnswer { .unsent("nothing is there to ask with") }
    public func query(_ query: String, at url: String, of side: Side) async -> QueryAnswer {
        .nothing("nothing is there to ask with")
    }
}

/// What a probe gate measures, and what is good enough.
///
/// Requests of our own, a Prometheus query, or both; all that is given must be good. What cannot be judged – too few
/// answers, a query without a result – is neither good nor bad: the run pauses.
public struct GateProbe: Sendable, Hashable, Codable {
    /// How long, in seconds, is measured until something is concluded; the gate's `seconds` when left out.
    ///
    /// A gate of many intervals wants every one of them good.
    public var interval: Int?
    public var http: HTTPProbe?
    public var prometheus: PrometheusProbe?

    public init(interval: Int? = nil, http: HTTPProbe? = nil, prometheus: PrometheusProbe? = nil) {
        self.interval = interval
        self.http = http
        self.prometheus = prometheus
    }

    /// Whether green is compared with what blue was before.
    public var needsBaseline: Bool { http?.latency?.timesBlue != nil || prometheus?.timesBlue != nil }

    /// The measured seconds of one interval.
    public func interval(of seconds: Int) -> Int { max(1, min(interval ?? seconds, seconds)) }
}

/// Requests as clients send them, over connections of their own.
public struct HTTPProbe: Sendable, Hashable, Codable {
    /// Green's address, or the balancer's: `http://host:port/path`.
    public var url: String
    /// Blue's address, for the baseline.
    public var blue: String?
    /// The production host name, sent as `Host` and, over TLS, as the server's name.
    public var host: String?
    /// The statuses of a good answer; 200 when left out.
    public var status: [Int]?
    /// The header by which answers through the balancer tell their cluster.
    ///
    /// Only those that say `green` are counted.
    public var header: String?
    /// What the header says for green; `green` when left out.
    public var green: String?
    /// Seconds after which a request counts as failed; 5 when left out.
    public var timeout: Int?
    /// How many answers an interval needs at least.
    public var samples: Int
    /// Requests per second; as many as `samples` need, and a quarter more, when left out.
    public var rate: Int?
    /// Per cent of the answers that must be good; 99 when left out.
    public var successRate: Double?
    public var latency: LatencyBound?

    public init(
        url: String, blue: String? = nil, host: String? = nil, status: [Int]? = nil, header: String? = nil,
        green: String? = nil, timeout: Int? = nil, samples: Int, rate: Int? = nil, successRate: Double? = nil,
        latency: LatencyBound? = nil
    ) {
        self.url = url
        self.blue = blue
        self.host = host
        self.status = status
        self.header = header
        self.green = green
        self.timeout = timeout
        self.samples = samples
        self.rate = rate
        self.successRate = successRate
        self.latency = latency
    }

    /// The statuses of a good answer, the default filled in.
    public var statuses: [Int] { status ?? [200] }

    /// Requests per second, the default filled in.
    public func rate(over interval: Int) -> Int {
        let wanted = samples + (samples + 3) / 4
        return rate ?? max(1, (wanted + interval - 1) / interval)
    }
}

/// How slow answers may be.
public struct LatencyBound: Sendable, Hashable, Codable {
    /// Which part of the answers must be quick enough, in per cent: 95 means that one in twenty may be slower.
    public var quantile: Int
    /// Milliseconds.
    public var atMost: Int?
    /// As a multiple of blue's own at the same quantile, measured before.
    public var timesBlue: Double?

    public init(quantile: Int, atMost: Int? = nil, timesBlue: Double? = nil) {
        self.quantile = quantile
        self.atMost = atMost
        self.timesBlue = timesBlue
    }
}

/// One question to a Prometheus server at the end of each interval.
public struct PrometheusProbe: Sendable, Hashable, Codable {
    /// `http://host:port`, with a path before `/api/v1/query` where there is one.
    public var url: String
    /// A query that gives one number.
    public var query: String
    /// The same about blue, for the baseline.
    public var blue: String?
    /// A query that gives how many events `query` rests on.
    public var volume: String?
    /// How much of `volume` there must be at least.
    public var samples: Int?
    public var atMost: Double?
    public var atLeast: Double?
    /// At most this multiple of what `blue` gave before.
    public var timesBlue: Double?

    public init(
        url: String, query: String, blue: String? = nil, volume: String? = nil, samples: Int? = nil,
        atMost: Double? = nil, atLeast: Double? = nil, timesBlue: Double? = nil
    ) {
        self.url = url
        self.query = query
        self.blue = blue
        self.volume = volume
        self.samples = samples
        self.atMost = atMost
        self.atLeast = atLeast
        self.timesBlue = timesBlue
    }
}

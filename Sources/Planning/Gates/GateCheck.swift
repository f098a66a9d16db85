import Manifests
import Routing

/// What can be wrong with a gate of a migration file although every field has its type.
struct GateCheck {
    let gate: MigrationGate
    let path: FieldPath
    private(set) var complaints: [MigrationCheck.Complaint] = []

    /// Everything that is wrong with a gate at that place, each with a place of its own.
    static func complaints(about gate: MigrationGate, at path: FieldPath) -> [MigrationCheck.Complaint] {
        var check = GateCheck(gate: gate, path: path)
        check.check()
        return check.complaints
    }

    private init(gate: MigrationGate, path: FieldPath) {
        self.gate = gate
        self.path = path
    }

    private mutating func complain(_ path: FieldPath, _ message: String, _ remedy: String) {
        complaints.append(MigrationCheck.Complaint(path: path, message: message, remedy: remedy))
    }

    private mutating func check() {
        if gate.gate == .soak, (gate.seconds ?? 0) < 1 {
            complain(path, "a soak needs seconds", "Write seconds, at least 1.")
        }
        times()
        guard gate.gate == .probe else {
            if gate.probe != nil { complain(path.member("probe"), "belongs to gates of kind probe", "Take it out.") }
            if gate.onFailure != nil {
                complain(path.member("onFailure"), "belongs to gates of kind probe", "Take it out.")
            }
            return
        }
        probeGate()
    }

    private mutating func times() {
        if let text = gate.notBefore, GateMoment.milliseconds(text) == nil {
            complain(
                path.member("notBefore"), "'\(text)' is no moment", "Write it as 2026-12-31T22:00:00Z, or with +01:00.")
        }
        if let window = gate.window {
            for (member, text) in [("from", window.from), ("to", window.to)] where GateWindow.minutes(text) == nil {
                complain(
                    path.member("window").member(member), "'\(text)' is no time of day",
                    "Write it as \"22:00\", in UTC.")
            }
            if window.from == window.to, GateWindow.minutes(window.from) != nil {
                complain(path.member("window").member("to"), "the window has no length", "Write another time.")
            }
        }
        guard let lead = gate.leadTime else { return }
        let place = path.member("leadTime")
        if lead < 1 { complain(place, "must be at least 1", "Write seconds.") }
        if gate.gate != .manual, gate.gate != .twoPerson {
            complain(place, "belongs to gates that persons open", "Take it out, or use notBefore.")
        }
    }

    private mutating func probeGate() {
        guard let seconds = gate.seconds, seconds >= 1 else {
            complain(path, "a probe needs seconds", "Write for how many seconds is measured, at least 1.")
            return
        }
        if gate.onFailure == .return, (gate.before ?? .cutover) == .cutover {
            complain(
                path.member("onFailure"), "before the cutover nothing has moved that could return",
                "Write halt, or before: traffic.")
        }
        guard let probe = gate.probe, probe.http != nil || probe.prometheus != nil else {
            complain(path, "a probe gate needs a probe", "Write probe with http, prometheus, or both.")
            return
        }
        let place = path.member("probe")
        if let interval = probe.interval, !(1...seconds).contains(interval) {
            complain(place.member("interval"), "must be at least 1 and at most seconds", "Write seconds.")
        }
        if let http = probe.http { check(http, over: probe.interval(of: seconds), place.member("http")) }
        if let prometheus = probe.prometheus { check(prometheus, place.member("prometheus")) }
    }

    private mutating func check(_ http: HTTPProbe, over interval: Int, _ place: FieldPath) {
        for (member, text) in [("url", http.url as String?), ("blue", http.blue)] {
            if let text, ProbeAddress(text) == nil {
                complain(
                    place.member(member), "'\(text)' is no address",
                    "Write http://host:port/path or https://host:port/path.")
            }
        }
        if (http.statuses.contains { !(100...599).contains($0) }) || http.statuses.isEmpty {
            complain(place.member("status"), "must be HTTP statuses", "Such as [200, 204].")
        }
        if let timeout = http.timeout, !(1...60).contains(timeout) {
            complain(place.member("timeout"), "must be 1 to 60", "Write seconds.")
        }
        if http.green != nil, http.header == nil {
            complain(place.member("green"), "without a header nothing says it", "Write header, or take it out.")
        }
        if let rate = http.successRate, !(rate > 0 && rate <= 100) {
            complain(place.member("successRate"), "must be more than 0 and at most 100", "Write per cent.")
        }
        if let rate = http.rate, !(1...1_000).contains(rate) {
            complain(place.member("rate"), "must be 1 to 1000", "Write requests per second.")
        } else if http.samples < 1 {
            complain(place.member("samples"), "must be at least 1", "Write how many answers are needed.")
        } else if http.rate(over: interval) > 1_000 || http.rate(over: interval) * interval < http.samples {
            complain(
                place.member("samples"),
                "\(http.samples) answers cannot come in \(interval) s"
                    + (http.rate.map { " at \($0) a second" } ?? " at 1000 a second"),
                "Ask for fewer, measure longer, or raise rate.")
        }
        if let latency = http.latency { check(latency, http.blue, place.member("latency"), place) }
    }

    private mutating func check(_ latency: LatencyBound, _ blue: String?, _ place: FieldPath, _ http: FieldPath) {
        if !(1...99).contains(latency.quantile) {
            complain(place.member("quantile"), "must be 1 to 99", "Write per cent, such as 95.")
        }
        if latency.atMost == nil, latency.timesBlue == nil {
            complain(place, "bounds nothing", "Write atMost (milliseconds), timesBlue, or both.")
        }
        if let most = latency.atMost, most < 1 {
            complain(place.member("atMost"), "must be at least 1", "Write milliseconds.")
        }
        if let times = latency.timesBlue {
            if times < 1 { complain(place.member("timesBlue"), "must be at least 1", "Such as 1.5.") }
            if blue == nil {
                complain(
                    place.member("timesBlue"), "blue's own is not measured", "Write blue's address in \(http).blue.")
            }
        }
    }

    private mutating func check(_ prometheus: PrometheusProbe, _ place: FieldPath) {
        if ProbeAddress(prometheus.url) == nil {
            complain(place.member("url"), "'\(prometheus.url)' is no address", "Write http://host:port.")
        }
        if prometheus.query.isEmpty {
            complain(place.member("query"), "is empty", "Write a query that gives a number.")
        }
        if prometheus.atMost == nil, prometheus.atLeast == nil, prometheus.timesBlue == nil {
            complain(place, "bounds nothing", "Write atMost, atLeast or timesBlue.")
        }
        if prometheus.timesBlue != nil, prometheus.blue == nil {
            complain(place.member("timesBlue"), "blue's own is not measured", "Write blue: a query about blue.")
        }
        if (prometheus.volume == nil) != (prometheus.samples == nil) {
            complain(place, "volume and samples belong together", "Write both, or neither.")
        }
        if let samples = prometheus.samples, samples < 1 {
            complain(place.member("samples"), "must be at least 1", "Write how many events are needed.")
        }
    }
}

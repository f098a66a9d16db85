extension Gate {
    /// What opens it, for people; without a full stop.
    public var words: String {
        var parts: [String]
        switch gate {
        case .manual: parts = ["one person approves"]
        case .twoPerson: parts = ["two persons approve"]
        case .soak: parts = ["\(seconds ?? 0) s pass without a failure"]
        case .probe:
            parts = ["green is measured for \(seconds ?? 0) s"]
            if let http = probe?.http {
                parts.append("\(http.samples) answers at least, \(Self.number(http.successRate ?? 99)) % of them good")
                if let latency = http.latency {
                    var bounds: [String] = []
                    if let most = latency.atMost { bounds.append("\(most) ms") }
                    if let times = latency.timesBlue { bounds.append("\(Self.number(times)) times blue's") }
                    parts.append("\(latency.quantile) % of them within \(bounds.joined(separator: " and "))")
                }
            }
            if probe?.prometheus != nil { parts.append("a Prometheus query") }
            parts.append(
                onFailure == .return ? "else back to \(returnTo ?? "blue") by itself" : "else the run stops")
        }
        if let leadTime { parts.append("\(leadTime) s after the approval") }
        if let notBefore { parts.append("not before \(notBefore)") }
        if let window {
            let days = window.days.map { $0.map(\.rawValue).joined(separator: ", ") + " " } ?? ""
            parts.append("only \(days)\(window.from) to \(window.to) UTC")
        }
        return parts.joined(separator: "; ")
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)"
    }
}

import Planning

/// What follows from what was measured.
public enum ProbeVerdict: Sendable, Hashable {
    case good
    /// Good enough it is not; in words.
    case bad(String)
    /// It cannot be said; in words.
    case inconclusive(String)
}

extension GateProbe {
    /// Judges one whole interval.
    ///
    /// What is certainly bad is bad, also with few answers; what looks good on too few of them is not good.
    func verdict(
        _ figures: ProbeFigures, baseline: ProbeBaseline?, planned: Int, mutation: EngineMutation = .none
    ) -> ProbeVerdict {
        if let why = hopeless(figures, planned: planned) { return .bad(why) }
        var doubts: [String] = []
        if let http {
            switch http.verdict(figures, baseline: baseline, mutation) {
            case .bad(let why): return .bad(why)
            case .inconclusive(let why): doubts.append(why)
            case .good: break
            }
        }
        if let prometheus {
            switch prometheus.verdict(figures, baseline: baseline) {
            case .bad(let why): return .bad(why)
            case .inconclusive(let why): doubts.append(why)
            case .good: break
            }
        }
        return doubts.isEmpty ? .good : .inconclusive(doubts.joined(separator: "; "))
    }

    /// Why the interval cannot become good any more, whatever the requests to come are answered.
    func hopeless(_ figures: ProbeFigures, planned: Int) -> String? {
        guard let http, planned > 0, figures.failed > http.allowed(of: max(planned, figures.samples))
        else { return nil }
        return "\(figures.failed) of \(figures.samples) answers were not good"
            + (figures.trouble.map { " (\($0))" } ?? "")
    }

    /// The same about blue, before anything moves.
    func baselineVerdict(_ figures: ProbeFigures) -> ProbeVerdict {
        var own = self
        own.http?.latency = nil
        own.prometheus?.timesBlue = nil
        own.prometheus?.atMost = nil
        own.prometheus?.atLeast = nil
        own.prometheus?.volume = nil
        own.prometheus?.samples = nil
        return own.verdict(figures, baseline: nil, planned: 0)
    }
}

extension HTTPProbe {
    /// How many of so many may fail.
    fileprivate func allowed(of count: Int) -> Int {
        Int((Double(count) * (100 - (successRate ?? 99)) / 100 + 1e-9).rounded(.down))
    }

    fileprivate func verdict(
        _ figures: ProbeFigures, baseline: ProbeBaseline?, _ mutation: EngineMutation
    ) -> ProbeVerdict {
        let wanted = mutation == .passOnTooFewSamples ? 1 : samples
        guard figures.samples >= wanted else {
            return .inconclusive(
                "\(figures.samples) answers, of \(samples) that are needed"
                    + (figures.trouble.map { " (\($0))" } ?? ""))
        }
        if figures.failed > allowed(of: figures.samples) {
            return .bad(
                "\(figures.failed) of \(figures.samples) answers were not good"
                    + (figures.trouble.map { " (\($0))" } ?? ""))
        }
        guard let latency else { return .good }
        guard let now = figures.latencies.quantile(latency.quantile) else {
            return .inconclusive("no latency was measured")
        }
        if let most = latency.atMost, now > most {
            return .bad("\(latency.quantile) % of the answers came within \(now) ms, not within \(most) ms")
        }
        if let times = latency.timesBlue {
            guard let blue = baseline?.milliseconds else { return .inconclusive("blue's latency is not known") }
            // Below a millisecond clocks and schedulers are measured, not servers.
            let most = Double(max(blue, 1)) * times
            if Double(now) > most.rounded(.up) {
                return .bad("\(latency.quantile) % of the answers came within \(now) ms, blue's within \(blue) ms")
            }
        }
        return .good
    }
}

extension PrometheusProbe {
    fileprivate func verdict(_ figures: ProbeFigures, baseline: ProbeBaseline?) -> ProbeVerdict {
        guard let value = figures.value else {
            return .inconclusive("Prometheus gives no number" + (figures.trouble.map { " (\($0))" } ?? ""))
        }
        if let samples {
            guard let volume = figures.volume, volume >= Double(samples) else {
                return .inconclusive(
                    "the query rests on \(figures.volume.map { "\($0)" } ?? "nothing known"), of \(samples) needed")
            }
        }
        if let most = atMost, value > most { return .bad("the query gives \(value), more than \(most)") }
        if let least = atLeast, value < least { return .bad("the query gives \(value), less than \(least)") }
        if let times = timesBlue {
            guard let blue = baseline?.value else { return .inconclusive("what the query gave for blue is not known") }
            if value > blue * times { return .bad("the query gives \(value), for blue it gave \(blue)") }
        }
        return .good
    }
}

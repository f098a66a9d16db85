import HTTP
import Planning

extension ProbeRound {
    /// Sends the round's requests, at most `width` at once, and counts what came.
    func carryOut(
        with prober: any Prober, wave: String, gate: String, width: Int
    ) async -> ProbeFigures {
        var figures = ProbeFigures()
        if let http = probe.http, requests > 0 {
            let request = ProbeRequest(
                side: side, url: side == .blue ? http.blue ?? http.url : http.url, host: http.host,
                timeout: http.timeout ?? 5, wave: wave, gate: gate)
            await withTaskGroup(of: ProbeAnswer.self) { group in
                var begun = 0
                while begun < min(width, requests) {
                    group.addTask { await prober.ask(request) }
                    begun += 1
                }
                while let answer = await group.next() {
                    count(answer, http, into: &figures)
                    if begun < requests, !Task.isCancelled {
                        group.addTask { await prober.ask(request) }
                        begun += 1
                    }
                }
            }
        }
        if let prometheus = probe.prometheus, asksPrometheus {
            let query = side == .blue ? prometheus.blue ?? prometheus.query : prometheus.query
            switch await prober.query(query, at: prometheus.url, of: side) {
            case .number(let value): figures.value = value
            case .nothing(let why): figures.trouble = why
            }
            if let volume = prometheus.volume, side == .green {
                switch await prober.query(volume, at: prometheus.url, of: side) {
                case .number(let value): figures.volume = value
                case .nothing(let why): figures.trouble = why
                }
            }
        }
        return figures
    }

    private func count(_ answer: ProbeAnswer, _ http: HTTPProbe, into figures: inout ProbeFigures) {
        switch answer {
        case .unsent(let why):
            figures.unsent += 1
            figures.trouble = why
        case .unanswered(let why):
            figures.samples += 1
            figures.failed += 1
            figures.trouble = why
        case .answered(let status, let headers, let milliseconds):
            let isGood = http.statuses.contains(status)
            // Through the balancer only green's answers count, and those of nobody: an error of the balancer's own.
            if side == .green, let header = http.header, let cluster = headers[header], cluster != http.green ?? "green"
            {
                figures.aside += 1
                return
            }
            if side == .green, http.header != nil, isGood, http.header.flatMap({ headers[$0] }) == nil {
                figures.aside += 1
                figures.trouble = "an answer without the header \(http.header ?? "")"
                return
            }
            figures.samples += 1
            if isGood {
                figures.latencies.add(milliseconds: milliseconds)
            } else {
                figures.failed += 1
                figures.trouble = "status \(status)"
            }
        }
    }
}

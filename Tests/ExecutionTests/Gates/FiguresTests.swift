import HTTP
import Manifests
import Planning
import Testing

@testable import Execution

@Suite("Figures of a probe")
struct FiguresTests {
    @Test("a quantile is never less than it was, and at most a tenth more", arguments: [1, 5, 50, 90, 95, 99])
    func quantiles(percent: Int) throws {
        let random = SeededRandom(seed: 11)
        for size in [1, 2, 3, 19, 20, 21, 500] {
            var count = LatencyCount()
            var all: [Int] = []
            for _ in 0..<size {
                let milliseconds = Int(random.next() % 3_000)
                all.append(milliseconds)
                count.add(milliseconds: milliseconds)
            }
            all.sort()
            let exact = all[max(1, (size * percent + 99) / 100) - 1]
            let told = try #require(count.quantile(percent))
            #expect(told >= exact)
            #expect(Double(told) <= Double(exact) * 1.1)
        }
        #expect(LatencyCount().quantile(percent) == nil)
    }

    private static func figures(_ samples: Int, _ failed: Int, _ milliseconds: Int = 10) -> ProbeFigures {
        var figures = ProbeFigures()
        figures.samples = samples
        figures.failed = failed
        for _ in 0..<(samples - failed) { figures.latencies.add(milliseconds: milliseconds) }
        return figures
    }

    @Test(
        "lead to a verdict",
        arguments: [
            (100, 0, 10, 20, "good"), (100, 1, 10, 20, "good"), (100, 2, 10, 20, "bad"),
            (99, 0, 10, 20, "inconclusive"),
            // Certainly bad, with however few answers.
            (50, 40, 10, 20, "bad"), (0, 0, 10, 20, "inconclusive"), (100, 0, 40, 20, "good"), (100, 0, 41, 20, "bad"),
            (100, 0, 51, 30, "bad"), (100, 0, 10, nil, "inconclusive"),
        ] as [(Int, Int, Int, Int?, String)])
    func verdicts(samples: Int, failed: Int, milliseconds: Int, blue: Int?, verdict: String) {
        let probe = GateProbe(
            http: HTTPProbe(
                url: "http://g", samples: 100, latency: LatencyBound(quantile: 95, atMost: 50, timesBlue: 2)))
        let given = probe.verdict(
            Self.figures(samples, failed, milliseconds), baseline: ProbeBaseline(milliseconds: blue), planned: 125)
        switch given {
        case .good: #expect(verdict == "good")
        case .bad(let why): #expect(verdict == "bad", "\(why)")
        case .inconclusive(let why): #expect(verdict == "inconclusive", "\(why)")
        }
    }

    @Test(
        "of Prometheus are one number or none",
        arguments: [
            (
                200,
                #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"0.25"]}]}}"#,
                0.25
            ),
            (200, #"{"status":"success","data":{"resultType":"scalar","result":[1,"3"]}}"#, 3),
            (200, #"{"status":"success","data":{"resultType":"vector","result":[]}}"#, nil),
            (200, #"{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"NaN"]}]}}"#, nil),
            (
                200,
                #"{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"1"]},{"value":[1,"2"]}]}}"#,
                nil
            ),
            (200, #"{"status":"success","data":{"resultType":"matrix","result":[]}}"#, nil),
            (400, #"{"status":"error","errorType":"bad_data","error":"parse error"}"#, nil), (502, "<html>", nil),
        ] as [(Int, String, Double?)])
    func prometheus(status: Int, body: String, number: Double?) {
        let answer = HTTPProber.number(HTTPResponse(status: status, body: Array(body.utf8)))
        if let number {
            #expect(answer == .number(number))
        } else {
            guard case .nothing(let why) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(!why.isEmpty)
        }
    }

    @Test("through a balancer count green's answers only, and errors that nobody signed")
    func throughBalancer() async throws {
        let answers: [ProbeAnswer] = [
            .answered(status: 200, headers: ["X-Cluster": "green"], milliseconds: 5),
            .answered(status: 200, headers: ["X-Cluster": "blue"], milliseconds: 5),
            .answered(status: 503, headers: ["X-Cluster": "blue"], milliseconds: 5),
            .answered(status: 503, headers: [:], milliseconds: 5),
            .answered(status: 200, headers: [:], milliseconds: 5), .unanswered("reset"), .unsent("no route"),
        ]
        let round = ProbeRound(
            probe: GateProbe(http: HTTPProbe(url: "http://b", header: "X-Cluster", samples: 1)), side: .green,
            requests: answers.count, asksPrometheus: false)
        let figures = await round.carryOut(with: Told(answers), wave: "w", gate: "g", width: 1)
        #expect(figures.samples == 3)
        #expect(figures.failed == 2)
        #expect(figures.aside == 3)
        #expect(figures.unsent == 1)
    }
}

/// Says one thing after another.
private final class Told: Prober {
    private let answers: [ProbeAnswer]
    private let counter = Counter()

    init(_ answers: [ProbeAnswer]) { self.answers = answers }

    var isConnected: Bool { true }
    func ask(_ request: ProbeRequest) async -> ProbeAnswer { answers[counter.next() - 1] }
    func query(_ query: String, at url: String, of side: Side) async -> QueryAnswer { .nothing("") }
}

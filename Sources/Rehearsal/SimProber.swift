import Execution
import HTTP
import KubeAPI
import Manifests
import Planning
import SimCluster
import Synchronization

/// Answers the probes of a drill from what stands on the embedded clusters.
///
/// A wave answers well while everything that it waits for has a ready replica on the side that is asked. An annotation
/// `rehearsal.kirikae.dev/probe` on one of these workloads makes green's answers worse: `fail=5` (per cent of them)
/// and `slow=300` (milliseconds more), or both with a comma between. Queries are not evaluated: they give what the gate
/// wants to see, or what it does not where the gate was told to fail.
final class SimProber: Prober {
    static let annotation = "rehearsal.kirikae.dev/probe"

    private let document: PlanDocument
    private let blue: SimTransport
    private let green: SimTransport
    private let random: SeededRandom
    private struct Orders {
        var failing: Set<String> = []
        /// Requests that are answered well before.
        var grace = 0
    }

    private let orders = Mutex(Orders())
    /// What each wave waits for on green.
    private let awaited: [String: [ObjectReference]]

    init(document: PlanDocument, blue: SimTransport, green: SimTransport, seed: UInt64) {
        self.document = document
        self.blue = blue
        self.green = green
        random = SeededRandom(seed: seed &+ 0x9E37)
        var awaited: [String: [ObjectReference]] = [:]
        for (wave, step) in document.plan.steps {
            if case .waitReady(let action) = step.action, action.side == .green {
                awaited[wave.name, default: []] += action.objects
            }
        }
        self.awaited = awaited
    }

    var isConnected: Bool { true }

    /// From now on exactly these gates find green failing, after so many requests.
    func fail(_ gates: Set<String>, after requests: Int = 0) {
        orders.withLock { $0 = Orders(failing: gates, grace: requests) }
    }

    private func fails(_ gate: String) -> Bool {
        orders.withLock { orders in
            guard orders.failing.contains(gate) else { return false }
            orders.grace -= 1
            return orders.grace < 0
        }
    }

    func ask(_ request: ProbeRequest) async -> ProbeAnswer {
        let health = health(of: request.wave, request.side)
        let fails = request.side == .green && fails(request.gate)
        let isBad = !health.isReady || fails || Int(random.next() % 100) < health.failPercent
        return .answered(
            status: isBad ? 503 : 200, headers: [:], milliseconds: 5 + Int(random.next() % 15) + health.slow)
    }

    func query(_ query: String, at url: String, of side: Side) async -> QueryAnswer {
        for (_, step) in document.plan.steps {
            guard case .gate(let gate) = step.action, let probe = gate.probe?.prometheus else { continue }
            if probe.volume == query { return .number(Double(probe.samples ?? 1)) }
            if side == .green ? probe.query != query : probe.blue != query { continue }
            let wanted = probe.atMost ?? probe.atLeast ?? 1
            guard side == .green, fails(step.id) else { return .number(wanted) }
            return .number(probe.atLeast.map { $0 - 1 } ?? wanted * max(2, 2 * (probe.timesBlue ?? 1)) + 1)
        }
        return .nothing("no gate of the plan asks that")
    }

    private struct Health {
        var isReady = true
        var failPercent = 0
        var slow = 0
    }

    private func health(of wave: String, _ side: Side) -> Health {
        let world = side == .blue ? blue.world : green.world
        var health = Health()
        var objects: [ObjectReference: KubeObject] = [:]
        for object in world.objects { objects[object.reference] = object }
        for reference in awaited[wave] ?? [] where ["Deployment", "StatefulSet"].contains(reference.kind.kind) {
            guard let object = objects[reference] else {
                health.isReady = false
                continue
            }
            if object["status.readyReplicas"]?.integer ?? 0 == 0 { health.isReady = false }
            guard side == .green, let text = object[annotation: Self.annotation] else { continue }
            for part in text.split(separator: ",") {
                let words = part.split(separator: "=")
                guard words.count == 2, let number = Int(words[1]) else { continue }
                if words[0] == "fail" { health.failPercent = max(health.failPercent, number) }
                if words[0] == "slow" { health.slow += number }
            }
        }
        return health
    }
}

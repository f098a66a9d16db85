import Execution
import Manifests
import Planning
import Routing
import SimCluster
import Synchronization
import Testing

@testable import Rehearsal

/// Gates that measure, on the embedded clusters.
@Suite("A drill with gates that measure")
struct ProbeGateTests {
    private static let probe = GateProbe(
        http: HTTPProbe(
            url: "http://green/healthz", blue: "http://blue/healthz", host: "orders.example.com", samples: 40,
            successRate: 99, latency: LatencyBound(quantile: 95, timesBlue: 2)))

    /// The shop, with a gate that measures before each change of weights of the wave `back`.
    private func plan(seconds: Int = 20) throws -> RehearsedPlan {
        var source = try RehearsedPlan.shopSource()
        for index in source.migration.waves.indices where source.migration.waves[index].name == "back" {
            source.migration.waves[index].gates = [
                MigrationGate(gate: .probe, before: .traffic, seconds: seconds, probe: Self.probe, onFailure: .return)
            ]
        }
        return try RehearsedPlan(migration: source.migration, inventory: source.inventory)
    }

    @Test("returns by itself where one fails, exactly, and goes forward again")
    func failingGate() async throws {
        let plan = try plan()
        let drill = plan.drill()
        let gate = try #require(drill.measuringGates.first)
        let report = try await drill.run(waysBack: [], failingGates: [gate], store: MemoryRunStore())
        let proof = DrillProof(report, document: plan.document)
        #expect(proof.holds, "\(proof.complaints)")
        #expect(report.outcome?.kind == .succeeded)
        #expect(report.returns.map(\.wayBack.to) == ["before-cutover-back"])
        #expect(report.returns.allSatisfy { $0.isExact })
        #expect(report.measurements.first?.result == .bad)
        #expect(report.measurements.dropFirst().allSatisfy { $0.result == .good })
        #expect(report.measurements.count == 1 + drill.measuringGates.count)
        #expect(proof.claims.contains { $0.id == "gates-measured" })
    }

    @Test("finds green as bad as an annotation says", arguments: ["fail=30", "slow=400"])
    func annotated(text: String) async throws {
        let plan = try plan()
        var drill = plan.drill()
        drill.meddler = { record, stage in
            guard record.entry.type == .gateWaiting else { return }
            stage.green.withWorld { world in
                for object in world.objects where object.gvk.kind == "Deployment" && object.namespace == "orders" {
                    var annotated = object
                    annotated[annotation: SimProber.annotation] = text
                    _ = world.load([annotated])
                }
            }
        }
        let report = try await drill.run(waysBack: [], store: MemoryRunStore())
        #expect(report.outcome?.kind == .paused, "\(report.outcome?.message ?? "")")
        #expect(report.measurements.map(\.result) == [.bad])
        #expect(report.histories["orders"]?.last == .allBlue)
    }

    @Test("measures, and returns, though green's API does not answer")
    func deadAPI() async throws {
        let plan = try plan(seconds: 60)
        let gate = try #require(plan.drill().measuringGates.first)
        let isOver = Atomic(false)
        let stage = try DrillStage(document: plan.document, blueObjects: plan.blue, seed: 1) { record, stage in
            guard !isOver.load(ordering: .relaxed), record.entry.type == .gateWaiting, record.entry.text("gate") == gate
            else { return }
            stage.green.faults = { _ in .refuse }
        }
        // Long enough for green's Lease to run out meanwhile.
        stage.prober.fail([gate], after: 40)
        let store = MemoryRunStore()
        let outcome = try await stage.go(forward: nil, until: nil, store: store, observer: SilentObserver())
        #expect(outcome.kind == .paused, "\(outcome.message)")
        #expect(outcome.message.contains("by itself"), "\(outcome.message)")
        #expect(stage.weights()["orders"] == .allBlue)
        let before = stage.snapshot(at: "before-cutover-back")
        #expect(stage.contents().blue.differences(from: before.blue).isEmpty)
        let run = try #require(outcome.run)
        let time = try #require(ReturnTime.all(in: try store.read(run).records).last)
        #expect(time.trafficMilliseconds != nil)

        stage.green.faults = nil
        stage.prober.fail([])
        // It dies again, and green itself serves well: nobody is taken back, and nothing is written without the lock.
        let stuck = try await stage.go(forward: run, until: nil, store: store, observer: SilentObserver())
        #expect(stuck.kind == .paused, "what is owed is settled first: \(stuck.message)")
        let blind = try await stage.go(forward: run, until: nil, store: store, observer: SilentObserver())
        #expect(blind.kind == .unreachable, "\(blind.message)")
        #expect(stage.weights()["orders"]?.green == 1)
        stage.green.faults = nil
        isOver.store(true, ordering: .relaxed)
        let end = try await stage.go(forward: run, until: nil, store: store, observer: SilentObserver())
        #expect(end.kind == .succeeded, "\(end.message)")
    }
}

import Execution
import HTTP
import Manifests
import Planning
import SimCluster
import Synchronization
import Testing

@testable import Rehearsal

/// Tests of the tests: for each claim a drill in which somebody meddles, and the claim that must notice, by name.
@Suite("What a drill notices")
struct ProofTests {
    /// Somebody's doing, the claim that must turn false, and what it must name.
    struct Meddling: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var claim: String
        var names: String
        /// The journal record behind which it happens: a checkpoint, or a step that was verified.
        var after: String
        var act: @Sendable (DrillStage) -> Void
    }

    static let all: [Meddling] = [
        Meddling(
            testDescription: "a balancer that agrees to everything and moves nothing", claim: "traffic",
            names: "orders", after: "start", act: { $0.routers["orders"]?.startLying() }),
        Meddling(
            testDescription: "a CronJob that slept on purpose is woken on green", claim: "asleep-stayed-asleep",
            names: "CronJob.batch/orders/orders-year-end", after: "done-back",
            act: { edit($0.green, "CronJob.batch/orders/orders-year-end") { $0["spec.suspend"] = false } }),
        Meddling(
            testDescription: "blue is edited behind the run's back", claim: "blue-differs-as-planned",
            names: "ConfigMap/orders/orders-config", after: "done-back",
            act: { edit($0.blue, "ConfigMap/orders/orders-config") { $0["data.extra"] = "x" } }),
        Meddling(
            testDescription: "what was put to sleep on blue is woken there while it runs on green",
            claim: "invariants", names: "CronJob.batch/orders/orders-cleanup", after: "done-back",
            act: { edit($0.blue, "CronJob.batch/orders/orders-cleanup") { $0["spec.suspend"] = false } }),
        Meddling(
            testDescription: "an object disappears from green", claim: "everything-stands",
            names: "ConfigMap/orders/orders-config", after: "done-back",
            act: { stage in
                stage.green.withWorld {
                    _ = $0.handle(
                        HTTPRequest(.delete, "/api/v1/namespaces/orders/configmaps/orders-config"))
                }
            }),
        Meddling(
            testDescription: "a stranger puts something on green while the run goes back",
            claim: "way-back-before-cutover-front", names: "ConfigMap/default/stranger", after: "done-front",
            act: { stage in
                let object = KubeObject(
                    GroupVersionKind(apiVersion: "v1", kind: "ConfigMap"), namespace: "default", name: "stranger")
                stage.green.withWorld { _ = $0.load([object]) }
            }),
        Meddling(
            testDescription: "what was applied is changed before it is verified", claim: "finished",
            names: "LimitRange/storefront/defaults", after: "front.050-apply-limits",
            act: { stage in
                edit(stage.green, "LimitRange/storefront/defaults") { $0["spec.limits"] = [] }
            }),
    ]

    @Test("turns a claim false and names the object", arguments: all)
    func notices(_ meddling: Meddling) async throws {
        let plan = try RehearsedPlan.shop()
        var drill = plan.drill()
        let isDone = Once()
        drill.meddler = { record, stage in
            let place = record.checkpointName ?? (record.entry.type == .stepVerified ? record.entry.text("step") : nil)
            if place == meddling.after, isDone.first() { meddling.act(stage) }
        }
        // The way back comes first; what happens at the end of the run is not taken back.
        let ways = meddling.after == "done-front" ? drill.defaultWayBack.map { [$0] } ?? [] : []
        let report = try await drill.run(waysBack: ways, store: MemoryRunStore())
        let proof = DrillProof(report, document: plan.document)
        let claim = try #require(proof.claims.first { $0.id == meddling.claim })
        #expect(!claim.holds)
        #expect(claim.counterexamples.contains { $0.contains(meddling.names) }, "\(claim.counterexamples)")
        #expect(!proof.holds)
    }

    @Test("a line lost from objects.jsonl does not add up")
    func lostLine() async throws {
        var plan = try RehearsedPlan.shop()
        let skipped = try #require(plan.document.objects.firstIndex { $0.disposition == .skip })
        plan.document.objects.remove(at: skipped)
        let report = try await plan.drill().run(waysBack: [], store: MemoryRunStore())
        let claim = DrillProof(report, document: plan.document).claims.first { $0.id == "counts-add-up" }
        #expect(claim?.holds == false)
        #expect(claim?.counterexamples == ["148 lines in objects.jsonl for 149 objects read"])
    }

    private static func edit(_ cluster: SimTransport, _ name: String, _ change: (inout KubeObject) -> Void) {
        guard let reference = ObjectReference(name), var object = cluster.world[reference] else { return }
        change(&object)
        cluster.withWorld { _ = $0.load([object]) }
    }

    private final class Once: Sendable {
        private let isDone = Mutex(false)
        func first() -> Bool {
            isDone.withLock { done in
                defer { done = true }
                return !done
            }
        }
    }
}

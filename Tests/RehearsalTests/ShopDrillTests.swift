import Execution
import Manifests
import Planning
import Testing

@testable import Rehearsal

/// The main job in process: the shop's plan, forward, back, forward again.
@Suite("The shop's drill")
struct ShopDrillTests {
    @Test("every claim holds with the default way back")
    func defaultWayBack() async throws {
        let plan = try RehearsedPlan.shop()
        let drill = plan.drill()
        let way = try #require(drill.defaultWayBack)
        let report = try await drill.run(waysBack: [way], store: MemoryRunStore())
        let proof = DrillProof(report, document: plan.document)
        #expect(proof.complaints == [])
        #expect(report.returns.count == 1)
    }

    @Test("the lock of a run that was unfinished when the inventory was taken does not hold it up")
    func oldLock() async throws {
        var plan = try RehearsedPlan.shop()
        let lease = KubeObject([
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": [
                "name": .string(RunPorts.leaseName(plan.document.plan.name)),
                "namespace": .string(RunPorts.leaseNamespace),
                "annotations": ["kirikae.dev/run": "shop-20200101-000000-0000", "kirikae.dev/phase": "running"],
            ],
            "spec": ["holderIdentity": "somebody", "leaseDurationSeconds": 15, "leaseTransitions": 1],
        ])
        plan.blue.append(try #require(lease))
        let report = try await plan.drill().run(waysBack: [], store: MemoryRunStore())
        #expect(DrillProof(report, document: plan.document).complaints == [])
    }

    @Test("the way back from every checkpoint to the one before it is exact")
    func everyWayBack() async throws {
        let plan = try RehearsedPlan.shop()
        let drill = plan.drill()
        #expect(drill.everyWayBack.count == drill.checkpoints.count - 1)
        // All in one run: from each cut back to the one before, and forward again to the next.
        let report = try await drill.run(waysBack: drill.everyWayBack, store: MemoryRunStore())
        #expect(DrillProof(report, document: plan.document).complaints == [])
        #expect(report.returns.count == drill.everyWayBack.count)
    }

    @Test("equal seeds give equal journals, byte for byte; another seed ends in the same state")
    func seeds() async throws {
        let plan = try RehearsedPlan.shop()
        func play(_ seed: UInt64) async throws -> (journal: [UInt8], report: DrillReport) {
            let drill = plan.drill(seed: seed)
            let store = MemoryRunStore()
            let report = try await drill.run(waysBack: drill.defaultWayBack.map { [$0] } ?? [], store: store)
            return (store.bytes(of: report.run ?? ""), report)
        }
        let first = try await play(7)
        let second = try await play(7)
        let other = try await play(8)
        #expect(!first.journal.isEmpty)
        #expect(first.journal == second.journal)
        #expect(first.journal != other.journal)
        for side in [\DrillReport.Contents.blue, \DrillReport.Contents.green] {
            let ends = [first, other].map { $0.report.after?[keyPath: side].withoutUIDs ?? [:] }
            let differing = Set(ends[0].keys).union(ends[1].keys).filter { ends[0][$0] != ends[1][$0] }
            #expect(!ends[0].isEmpty)
            #expect(differing.isEmpty)
        }
    }
}

extension ClusterContent {
    /// What can be compared between clusters of different seeds: no UIDs, no run's name, nothing a server draws.
    var withoutUIDs: [ObjectReference: JSONValue] {
        objects.mapValues { value in
            guard let object = KubeObject(value) else { return value }
            var bare = object
            bare["metadata.uid"] = nil
            bare["metadata.creationTimestamp"] = nil
            bare[annotation: StepKey.annotation] = nil
            for path: FieldPath in ["spec.clusterIP", "spec.clusterIPs", "spec.ports", "spec.volumeName"] {
                bare[path] = nil
            }
            return bare.json
        }
    }
}

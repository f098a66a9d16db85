import HTTP
import Manifests
import Testing

@testable import SimCluster

@Suite struct ControllerTests {
    @Test(arguments: [
        ("Deployment", "deployments", "readyReplicas"), ("StatefulSet", "statefulsets", "readyReplicas"),
        ("DaemonSet", "daemonsets", "numberReady"),
    ])
    func workloadsBecomeReadyAfterTheirDelay(kind: String, plural: String, field: String) {
        var bench = Bench()
        let path = "/apis/apps/v1/namespaces/default/\(plural)"
        #expect(
            bench.send(
                .post, path,
                Bench.workload(
                    kind, "w", replicas: kind == "DaemonSet" ? nil : 3,
                    annotations: ["kirikae.dev/sim-ready-after": "30"])
            ).status == 201)
        func ready() -> Int64 { bench.send(.get, "\(path)/w").body["status"]?[field]?.integer ?? 0 }
        #expect(bench.send(.get, "\(path)/w").body["status"]?["observedGeneration"] == 1)
        bench.wait(29)
        #expect(ready() == 0)
        bench.wait(1)
        #expect(ready() == 3)
    }

    @Test func oneThatNeverBecomesReadyRunsIntoItsDeadline() {
        var bench = Bench()
        let path = "/apis/apps/v1/namespaces/default/deployments"
        _ = bench.send(
            .post, path, Bench.workload("Deployment", "w", annotations: ["kirikae.dev/sim-never-ready": "true"]))
        bench.wait(700)
        let status = bench.send(.get, "\(path)/w").body["status"]
        #expect(status?["readyReplicas"] == nil)
        #expect(
            (status?["conditions"]?.array ?? []).contains {
                $0["type"] == "Progressing" && $0["reason"] == "ProgressDeadlineExceeded"
            })
    }

    @Test func scalingDownIsSeenAtOnceAndUpTakesItsTime() {
        var bench = Bench()
        let path = "/apis/apps/v1/namespaces/default/deployments"
        _ = bench.send(.post, path, Bench.workload("Deployment", "w", replicas: 4))
        bench.wait(3)
        let scale = bench.patch("\(path)/w/scale", ["spec": ["replicas": 1]])
        #expect(scale.body["kind"] == "Scale")
        #expect(bench.send(.get, "\(path)/w").body["status"]?["readyReplicas"] == 1)
        #expect(bench.send(.get, "\(path)/w").body["metadata"]?["generation"] == 2)
    }

    @Test func aStatefulSetLeavesItsClaimsBehind() {
        var bench = Bench()
        var set = Bench.workload("StatefulSet", "db", replicas: 2)
        set["spec.volumeClaimTemplates" as FieldPath] = [
            [
                "metadata": ["name": "data"],
                "spec": ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]]],
            ]
        ]
        _ = bench.send(.post, "/apis/apps/v1/namespaces/default/statefulsets", set)
        bench.wait(5)
        _ = bench.send(.delete, "/apis/apps/v1/namespaces/default/statefulsets/db")
        bench.wait(5)
        let claims = bench.send(.get, "/api/v1/namespaces/default/persistentvolumeclaims").body["items"]?.array ?? []
        #expect(claims.compactMap { $0["metadata"]?["name"]?.string } == ["data-db-0", "data-db-1"])
        #expect(claims.allSatisfy { $0["status"]?["phase"] == "Bound" })
    }

    @Test func aCronJobFiresOncePerMomentAndNotWhileSuspended() {
        var bench = Bench()
        let path = "/apis/batch/v1/namespaces/default/cronjobs"
        _ = bench.send(.post, path, Bench.cronJob("tick", schedule: "*/10 * * * *", suspend: false))
        _ = bench.send(.post, path, Bench.cronJob("asleep", schedule: "* * * * *", suspend: true))
        bench.wait(3600)
        #expect(bench.world.jobRuns.map(\.workload.name) == Array(repeating: "tick", count: 6))
        #expect(Set(bench.world.jobRuns.map(\.scheduledAt)).count == 6)
        #expect(bench.send(.get, "\(path)/tick").body["status"]?["lastScheduleTime"] != nil)
        // Awake again it makes up for the latest missed moment, and for that one only, as a real controller does.
        _ = bench.patch("\(path)/asleep", ["spec": ["suspend": false]])
        bench.wait(1)
        #expect(bench.world.jobRuns.filter { $0.workload.name == "asleep" }.count == 1)
    }

    @Test func theLedgerKnowsWhoWasAwakeWhen() {
        var bench = Bench()
        let path = "/apis/apps/v1/namespaces/default/deployments"
        _ = bench.send(.post, path, Bench.workload("Deployment", "w", replicas: 0))
        bench.wait(10)
        _ = bench.patch("\(path)/w", ["spec": ["replicas": 2]])
        bench.wait(10)
        _ = bench.send(.delete, "\(path)/w")
        let start = 1_700_000_000
        #expect(bench.world.activity.map(\.awake) == [true, false])
        #expect(bench.world.activity.map { $0.at - start } == [10, 20])
    }

    @Test(arguments: [
        ("*/15 * * * *", "2023-11-14T22:15:00Z"), ("0 0 1 1 *", "2024-01-01T00:00:00Z"),
        ("30 6 * * mon-fri", "2023-11-15T06:30:00Z"), ("0 12 13 * fri", "2023-11-17T12:00:00Z"),
        ("@hourly", "2023-11-14T23:00:00Z"), ("5 4 29 2 *", "2024-02-29T04:05:00Z"),
    ])
    func schedulesNameTheNextMoment(schedule: String, next: String) throws {
        let parsed = try #require(CronSchedule(schedule))
        #expect(parsed.next(after: 1_700_000_000).map(VirtualTime.text) == next)
    }

    @Test func anAutoscalerKeepsItsWorkloadWithinBoundsButLetsItSleep() {
        var bench = Bench()
        let path = "/apis/apps/v1/namespaces/default/deployments"
        _ = bench.send(.post, path, Bench.workload("Deployment", "w", replicas: 0))
        _ = bench.send(
            .post, "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
            [
                "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": ["name": "h"],
                "spec": [
                    "minReplicas": 3, "maxReplicas": 5,
                    "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": "w"],
                ],
            ])
        bench.wait(30)
        #expect(bench.send(.get, "\(path)/w").body["spec"]?["replicas"] == 0)
        _ = bench.patch("\(path)/w", ["spec": ["replicas": 1]])
        bench.wait(30)
        #expect(bench.send(.get, "\(path)/w").body["spec"]?["replicas"] == 3)
    }
}

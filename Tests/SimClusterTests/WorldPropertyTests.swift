import HTTP
import Manifests
import Testing

@testable import SimCluster

/// A small seeded mix of requests, the same for the same seed.
private struct Traffic {
    private var random: SeededRandom
    var step = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func next(_ bench: inout Bench) -> [UInt8] {
        step += 1
        let name = "o\(random.next() % 8)"
        let maps = "/api/v1/namespaces/default/configmaps"
        let deployments = "/apis/apps/v1/namespaces/default/deployments"
        switch random.next() % 8 {
        case 0, 1:
            return bench.raw(
                .post, maps, ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)]]
            ).body
        case 2: return bench.raw(.post, deployments, Bench.workload("Deployment", name)).body
        case 3: return bench.raw(.delete, "\(maps)/\(name)").body
        case 4:
            return bench.raw(
                .patch, "\(deployments)/\(name)", ["spec": ["replicas": .integer(Int64(random.next() % 4))]],
                type: "application/merge-patch+json"
            ).body
        case 5: return bench.raw(.get, maps).body
        case 6:
            return bench.raw(
                .post, "/api/v1/namespaces/default/services",
                [
                    "apiVersion": "v1", "kind": "Service", "metadata": ["generateName": "s-"],
                    "spec": ["ports": [["port": 80]]],
                ]
            ).body
        default:
            bench.wait(Int(random.next() % 5))
            return []
        }
    }
}

@Suite struct WorldPropertyTests {
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func theSameHistoryGivesTheSameBytes(seed: UInt64) {
        var left = Bench(seed: seed)
        var right = Bench(seed: seed)
        var traffic = Traffic(seed: seed)
        var again = Traffic(seed: seed)
        for _ in 0..<60 { #expect(traffic.next(&left) == again.next(&right)) }
        #expect(left.world.contentDigest == right.world.contentDigest)
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func aForkDoesNotFeelItsOrigin(seed: UInt64) {
        var bench = Bench(seed: seed)
        var traffic = Traffic(seed: seed)
        for _ in 0..<30 { _ = traffic.next(&bench) }
        let fork = bench
        let digest = fork.world.contentDigest
        var forkTraffic = traffic
        for _ in 0..<30 { _ = traffic.next(&bench) }
        #expect(fork.world.contentDigest == digest)
        // And goes the same way when it is asked the same.
        var replayed = fork
        for _ in 0..<30 { _ = forkTraffic.next(&replayed) }
        #expect(replayed.world.contentDigest == bench.world.contentDigest)
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func revisionsOnlyRiseAndNoTwoObjectsShareOne(seed: UInt64) {
        var bench = Bench(seed: seed)
        var traffic = Traffic(seed: seed)
        var last = bench.world.resourceVersion
        for _ in 0..<60 {
            _ = traffic.next(&bench)
            #expect(bench.world.resourceVersion >= last)
            last = bench.world.resourceVersion
        }
        let revisions = bench.world.objects.compactMap(\.resourceVersion)
        #expect(Set(revisions).count == revisions.count)
        #expect(revisions.allSatisfy { Int($0).map { $0 <= last } ?? false })
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func aRefusedRequestChangesNothing(seed: UInt64) {
        var bench = Bench(seed: seed)
        let before = bench.world
        for request in [
            (HTTPRequest.Method.post, "/api/v1/namespaces/default/configmaps", ["metadata": ["name": "Bad_Name"]]),
            (.post, "/api/v1/namespaces/nosuch/configmaps", ["metadata": ["name": "a"]]),
            (.put, "/api/v1/namespaces/default/configmaps/absent", ["metadata": ["name": "absent"]]),
        ] as [(HTTPRequest.Method, String, JSONValue)] {
            #expect(bench.send(request.0, request.1, request.2).status >= 400)
        }
        #expect(bench.world.resourceVersion == before.resourceVersion)
        #expect(bench.world.contentDigest == before.contentDigest)
    }

    @Test func loadedObjectsKeepTheirIdentity() {
        var bench = Bench(24)
        var object = KubeObject(
            GroupVersionKind(group: "batch", version: "v1beta1", kind: "CronJob"), namespace: "shop", name: "nightly")
        object["metadata.uid"] = "11111111-2222-3333-4444-555555555555"
        object["metadata.creationTimestamp"] = "2020-01-01T00:00:00Z"
        object["spec"] = Bench.cronJob("nightly", schedule: "0 3 * * *", suspend: true)["spec"]
        let namespace = KubeObject(GroupVersionKind(group: "", version: "v1", kind: "Namespace"), name: "shop")
        let unknown = KubeObject(GroupVersionKind(group: "example.com", version: "v1", kind: "Thing"), name: "t")
        let problems = bench.world.load([object, namespace, unknown])
        #expect(problems.map(\.object.name) == ["t"])
        let found = bench.send(.get, "/apis/batch/v1/namespaces/shop/cronjobs/nightly").body
        #expect(found["metadata"]?["uid"] == "11111111-2222-3333-4444-555555555555")
        #expect(found["metadata"]?["creationTimestamp"] == "2020-01-01T00:00:00Z")
        #expect(found["spec"]?["suspend"] == true)
    }

    @Test func aGivenUIDIsTheClustersIdentity() {
        let world = SimWorld(
            version: KubernetesVersion(minor: 36), name: "n", uid: "7c01a795-9e02-40c2-a395-637b1fe26174", seed: 1,
            now: 0)
        #expect(world.uid == "7c01a795-9e02-40c2-a395-637b1fe26174")
    }
}

import Manifests
import Testing

@testable import Planning

@Suite("Staleness")
struct StalenessTests {
    private let key: [UInt8] = Array("a key for tests".utf8)

    private func live() -> [ObjectReference: KubeObject] {
        Dictionary(uniqueKeysWithValues: SmallShop.objects.map { ($0.reference, $0) })
    }

    private func reference(_ text: String) throws -> ObjectReference { try #require(ObjectReference(text)) }

    @Test("an unchanged cluster is not stale, whatever the server counts meanwhile")
    func unchanged() throws {
        let planned = try Planner.plan(SmallShop.input()).objects
        var live = live()
        for reference in live.keys {
            live[reference]?["metadata.resourceVersion"] = "99"
            live[reference]?["metadata.generation"] = 7
            live[reference]?["metadata.managedFields"] = [["manager": "x"]]
            live[reference]?["status.observedGeneration"] = 7
        }
        #expect(Staleness.differences(planned: planned, live: live, digestKey: key) == [])
    }

    @Test("changes and deletions are named with their fields; what is skipped may change")
    func changed() throws {
        let planned = try Planner.plan(SmallShop.input()).objects
        var live = live()
        live[try reference("Deployment.apps/orders/api")]?["spec.replicas"] = 4
        live[try reference("ConfigMap/web/settings")] = nil
        live[try reference("Event/web/front.1")] = nil
        live[try reference("Secret/orders/pull")]?["data['.dockerconfigjson']"] = "b3RoZXI="
        let inventory = Dictionary(uniqueKeysWithValues: SmallShop.objects.map { ($0.reference, $0) })
        let found = Staleness.differences(planned: planned, live: live, digestKey: key, inventory: inventory)
        #expect(
            found.map(\.description) == [
                "Secret/orders/pull changed: data['.dockerconfigjson']",
                "Deployment.apps/orders/api changed: spec.replicas", "ConfigMap/web/settings deleted",
            ])
    }

    @Test("an autoscaler at work does not make a plan stale; the rest of its workload does")
    func floating() throws {
        let planned = try Planner.plan(SmallShop.input()).objects
        let front = try reference("Deployment.apps/web/front")
        var live = live()
        live[front]?["spec.replicas"] = 8
        #expect(Staleness.differences(planned: planned, live: live, digestKey: key) == [])
        live[front]?["spec.paused"] = true
        let inventory = Dictionary(uniqueKeysWithValues: SmallShop.objects.map { ($0.reference, $0) })
        let found = Staleness.differences(planned: planned, live: live, digestKey: key, inventory: inventory)
        #expect(found.map(\.description) == ["Deployment.apps/web/front changed: spec.paused"])
    }

    @Test("what came since is named apart, for a warning")
    func created() throws {
        let planned = try Planner.plan(SmallShop.input()).objects
        let references =
            Array(live().keys) + [try reference("ConfigMap/web/new"), try reference("ConfigMap/elsewhere/new")]
        let found = Staleness.created(planned: planned, live: references, namespaces: ["web", "orders"])
        #expect(found.map(\.description) == ["ConfigMap/web/new created"])
    }

    @Test("a redacted inventory and the cluster it was taken from agree when the key is the same")
    func redacted() throws {
        let clear = try planned(SmallShop.objects)
        let redacted = try planned(SmallShop.objects.map { SecretRedaction.redact($0, key: key) })
        let name = "Secret/orders/pull"
        #expect(clear[name] == redacted[name])
    }

    private func planned(_ objects: [KubeObject]) throws -> [String: Digest] {
        Dictionary(
            uniqueKeysWithValues: try Planner.plan(SmallShop.input(objects)).objects.map {
                ($0.object.description, $0.source)
            })
    }

    @Test(
        "the places where two values differ",
        arguments: [
            ("{}", "{}", []), ("{\"a\":1}", "{\"a\":2}", ["a"]), ("{\"a\":1}", "{}", ["a"]),
            ("{\"a\":[1,2]}", "{\"a\":[1,3]}", ["a[1]"]), ("{\"a\":[1,2]}", "{\"a\":[1]}", ["a"]),
            ("{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"b\":2,\"c\":2},\"d\":0}", ["a.b", "d"]),
        ])
    func paths(before: String, after: String, expected: [String]) throws {
        let paths = Staleness.differingPaths(
            try JSONValue(parsing: Array(before.utf8)), try JSONValue(parsing: Array(after.utf8)))
        #expect(paths.map(\.description) == expected)
    }
}

import HTTP
import Manifests
import Testing

@testable import SimCluster

@Suite struct PatchTests {
    private let maps = "/api/v1/namespaces/default/configmaps"
    private let applyType = "application/apply-patch+yaml"

    private func configuration(_ data: JSONObject) -> JSONValue {
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "a"], "data": .object(data)]
    }

    private func apply(
        _ bench: inout Bench, _ manager: String, _ data: JSONObject, force: Bool = false
    ) -> (status: Int, body: JSONValue) {
        bench.patch("\(maps)/a?fieldManager=\(manager)&force=\(force)", configuration(data), applyType)
    }

    @Test func applyCreatesChangesAndDropsWhatIsNoLongerSaid() {
        var bench = Bench()
        #expect(apply(&bench, "one", ["x": "1", "y": "1"]).status == 201)
        let changed = apply(&bench, "one", ["x": "2"])
        #expect(changed.status == 200)
        #expect(changed.body["data"] == ["x": "2"])
    }

    @Test func aConflictNamesTheManagerAndTheField() {
        var bench = Bench()
        _ = apply(&bench, "one", ["x": "1"])
        let refused = apply(&bench, "two", ["x": "2"])
        #expect(refused.status == 409)
        #expect(refused.body["details"]?["causes"]?[0]?["field"] == ".data.x")
        #expect(refused.body["details"]?["causes"]?[0]?["message"] == "conflict with \"one\"")
        #expect(apply(&bench, "two", ["x": "2"], force: true).body["data"] == ["x": "2"])
        // The first manager lost the field, so it may not have it back without force.
        #expect(apply(&bench, "one", ["x": "1"]).status == 409)
    }

    @Test func aSharedFieldStaysWhenOneOfItsManagersDropsIt() {
        var bench = Bench()
        _ = apply(&bench, "one", ["x": "1"])
        #expect(apply(&bench, "two", ["x": "1", "y": "2"]).status == 200)
        #expect(apply(&bench, "one", ["z": "1"]).body["data"] == ["x": "1", "y": "2", "z": "1"])
        #expect(apply(&bench, "two", ["y": "2"]).body["data"] == ["y": "2", "z": "1"])
    }

    @Test func anOrdinaryUpdateTakesTheField() {
        var bench = Bench()
        _ = apply(&bench, "one", ["x": "1"])
        #expect(bench.patch("\(maps)/a?fieldManager=hand", ["data": ["x": "9"]]).status == 200)
        let refused = apply(&bench, "one", ["x": "1"])
        #expect(refused.body["details"]?["causes"]?[0]?["message"] == "conflict with \"hand\" using v1")
    }

    @Test func applyingTheSameAgainChangesNothing() {
        var bench = Bench()
        let first = apply(&bench, "one", ["x": "1"])
        bench.wait(60)
        let second = apply(&bench, "one", ["x": "1"])
        #expect(first.body == second.body)
    }

    @Test func containersMergeByNameUnderApply() {
        var bench = Bench()
        let target = "/apis/apps/v1/namespaces/default/deployments/web"
        func deployment(_ names: String...) -> JSONValue {
            var object = Bench.workload("Deployment", "web", replicas: 1)
            object["spec.template.spec.containers" as FieldPath] = .array(
                names.map { ["name": .string($0), "image": "i:1"] })
            return object
        }
        func containers(_ body: JSONValue) -> [String] {
            (body["spec.template.spec.containers" as FieldPath]?.array ?? []).compactMap { $0["name"]?.string }
        }
        #expect(bench.patch("\(target)?fieldManager=one", deployment("a", "b"), applyType).status == 201)
        #expect(
            containers(bench.patch("\(target)?fieldManager=two", deployment("c"), applyType).body) == ["a", "b", "c"])
        #expect(containers(bench.patch("\(target)?fieldManager=one", deployment("a"), applyType).body) == ["a", "c"])
    }

    @Test func aDryRunAnswersAndDoesNothing() {
        var bench = Bench()
        let before = bench.world
        #expect(
            bench.send(
                .post, "\(maps)?dryRun=All", ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "dry"]]
            ).status == 201)
        #expect(bench.world.contentDigest == before.contentDigest)
        #expect(bench.world.resourceVersion == before.resourceVersion)
    }

    private static let patches: [(String, JSONValue, Int)] = [
        ("application/json-patch+json", [["op": "test", "path": "/data/a", "value": "2"]], 422),
        ("application/json-patch+json", [["op": "replace", "path": "/data/a", "value": "2"]], 200),
        ("application/merge-patch+json", ["data": ["a": .null]], 200),
        ("application/json", ["data": [:]], 415),
        ("application/strategic-merge-patch+json", ["metadata": ["name": "b"]], 400),
    ]

    @Test(arguments: patches)
    func patchesAreTakenByTheirMediaType(type: String, body: JSONValue, status: Int) {
        var bench = Bench()
        _ = bench.makeConfigMap("a")
        #expect(bench.patch("\(maps)/a", body, type).status == status)
    }

    @Test func staleWritesAreRefusedAndUnchangedOnesKeepTheirRevision() {
        var bench = Bench()
        let made = bench.makeConfigMap("a")
        #expect(bench.send(.put, "\(maps)/a", made).body == made)
        var changed = made
        changed["data.a" as FieldPath] = "2"
        #expect(bench.send(.put, "\(maps)/a", changed).status == 200)
        let stale = bench.send(.put, "\(maps)/a", made)
        #expect(stale.status == 409)
        #expect(stale.body["reason"] == "Conflict")
        #expect(bench.send(.post, maps, ["metadata": ["name": "a"]]).body["reason"] == "AlreadyExists")
    }
}

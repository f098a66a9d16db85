import HTTP
import Manifests
import Testing

@testable import SimCluster

@Suite struct DeletionTests {
    private let maps = "/api/v1/namespaces/default/configmaps"

    @Test func aFinalizerHoldsTheObjectUntilItIsTakenAway() {
        var bench = Bench()
        _ = bench.makeConfigMap("held", metadata: ["finalizers": ["example.com/hold"]])
        #expect(bench.send(.delete, "\(maps)/held").body["metadata"]?["deletionTimestamp"] != nil)
        #expect(bench.send(.get, "\(maps)/held").status == 200)
        #expect(
            bench.patch("\(maps)/held", ["metadata": ["finalizers": ["example.com/hold", "example.com/new"]]]).status
                == 422)
        #expect(bench.patch("\(maps)/held", ["metadata": ["finalizers": .null]]).status == 200)
        #expect(bench.send(.get, "\(maps)/held").status == 404)
    }

    private static let preconditions: [(JSONObject, Int)] = [
        (["uid": "11111111-2222-3333-4444-555555555555"], 409), (["resourceVersion": "1"], 409), ([:], 200),
    ]

    @Test(arguments: preconditions)
    func preconditionsAreHeld(preconditions: JSONObject, status: Int) {
        var bench = Bench()
        _ = bench.makeConfigMap("a")
        let answer = bench.send(
            .delete, "\(maps)/a",
            ["apiVersion": "v1", "kind": "DeleteOptions", "preconditions": .object(preconditions)])
        #expect(answer.status == status)
        #expect(bench.send(.get, "\(maps)/a").status == (status == 200 ? 404 : 200))
    }

    @Test(arguments: ["Background", "Foreground", "Orphan"])
    func dependentsGoWithTheirOwnerUnlessOrphaned(policy: String) {
        var bench = Bench()
        let owner = bench.makeConfigMap("owner")
        _ = bench.makeConfigMap(
            "dependent",
            metadata: [
                "ownerReferences": [
                    [
                        "apiVersion": "v1", "kind": "ConfigMap", "name": "owner",
                        "uid": owner["metadata"]?["uid"] ?? "", "blockOwnerDeletion": true,
                    ]
                ]
            ])
        #expect(
            bench.send(
                .delete, "\(maps)/owner",
                ["apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": .string(policy)]
            ).status == 200)
        bench.wait(1)
        #expect(bench.send(.get, "\(maps)/owner").status == 404)
        let dependent = bench.send(.get, "\(maps)/dependent")
        #expect(dependent.status == (policy == "Orphan" ? 200 : 404))
        #expect(dependent.body["metadata"]?["ownerReferences"] == nil)
    }

    @Test func aDependentOfAnAbsentOwnerIsCollected() {
        var bench = Bench()
        _ = bench.makeConfigMap(
            "stray",
            metadata: [
                "ownerReferences": [
                    [
                        "apiVersion": "v1", "kind": "ConfigMap", "name": "nobody",
                        "uid": "11111111-2222-3333-4444-555555555555",
                    ]
                ]
            ])
        bench.wait(1)
        #expect(bench.send(.get, "\(maps)/stray").status == 404)
    }

    @Test func aNamespaceTakesItsContentsWithItAndRefusesNewOnesMeanwhile() {
        var bench = Bench()
        let namespace: JSONValue = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"]]
        #expect(bench.send(.post, "/api/v1/namespaces", namespace).status == 201)
        let inner = "/api/v1/namespaces/shop/configmaps"
        let map: JSONValue = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": "held", "finalizers": ["example.com/hold"]],
        ]
        #expect(bench.send(.post, inner, map).status == 201)
        #expect(bench.send(.delete, "/api/v1/namespaces/shop").body["status"]?["phase"] == "Terminating")
        let refused = bench.send(.post, inner, ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "late"]])
        #expect(refused.status == 403)
        #expect(refused.body["details"]?["causes"]?[0]?["reason"] == "NamespaceTerminating")
        #expect(bench.send(.get, "/api/v1/namespaces/shop").status == 200)
        #expect(bench.patch("\(inner)/held", ["metadata": ["finalizers": .null]]).status == 200)
        #expect(bench.send(.get, "/api/v1/namespaces/shop").status == 404)
        #expect(bench.send(.get, "\(inner)/kube-root-ca.crt").status == 404)
    }

    @Test func aNewNamespaceGetsItsAccountAndCertificate() {
        var bench = Bench()
        let namespace: JSONValue = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"]]
        #expect(
            bench.send(.post, "/api/v1/namespaces", namespace).body["metadata"]?["labels"]?[
                "kubernetes.io/metadata.name"]
                == "shop")
        #expect(bench.send(.get, "/api/v1/namespaces/shop/serviceaccounts/default").status == 200)
        #expect(bench.send(.get, "/api/v1/namespaces/shop/configmaps/kube-root-ca.crt").status == 200)
        #expect(bench.send(.post, "/api/v1/namespaces/nosuch/configmaps", ["metadata": ["name": "a"]]).status == 404)
    }

    @Test func aCollectionIsDeletedByLabel() {
        var bench = Bench()
        for index in 0..<4 { _ = bench.makeConfigMap("c\(index)", labels: ["half": index < 2 ? "a" : "b"]) }
        let gone = bench.send(.delete, "\(maps)?labelSelector=half=a")
        #expect(gone.body["items"]?.array?.count == 2)
        #expect(bench.send(.get, "\(maps)?labelSelector=half").body["items"]?.array?.count == 2)
    }
}

import HTTP
import Manifests
import Testing

@testable import SimCluster

@Suite struct FirstSteps {
    @Test func aConfigMapIsMadeReadChangedAndDeleted() {
        var bench = Bench()
        let made = bench.send(
            .post, "/api/v1/namespaces/default/configmaps",
            ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "a"], "data": ["x": "1"]])
        #expect(made.status == 201)
        #expect(made.body["metadata"]?["uid"]?.string?.count == 36)
        let read = bench.send(.get, "/api/v1/namespaces/default/configmaps/a")
        #expect(read.body == made.body)
        var changed = made.body
        changed["data.x" as FieldPath] = "2"
        let put = bench.send(.put, "/api/v1/namespaces/default/configmaps/a", changed)
        #expect(put.status == 200)
        #expect(bench.send(.put, "/api/v1/namespaces/default/configmaps/a", changed).status == 409)
        #expect(bench.send(.delete, "/api/v1/namespaces/default/configmaps/a").body["status"] == "Success")
        #expect(bench.send(.get, "/api/v1/namespaces/default/configmaps/a").status == 404)
    }

    @Test func aDeploymentBecomesReadyInVirtualTime() {
        var bench = Bench()
        let deployment: JSONValue = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
            "spec": [
                "replicas": 2, "selector": ["matchLabels": ["app": "web"]],
                "template": [
                    "metadata": ["labels": ["app": "web"]], "spec": ["containers": [["name": "c", "image": "i:1"]]],
                ],
            ],
        ]
        #expect(bench.send(.post, "/apis/apps/v1/namespaces/default/deployments", deployment).status == 201)
        let path = "/apis/apps/v1/namespaces/default/deployments/web"
        #expect(bench.send(.get, path).body["status"]?["readyReplicas"] == nil)
        bench.world.advance(to: bench.world.now + 5)
        #expect(bench.send(.get, path).body["status"]?["readyReplicas"] == 2)
    }
}

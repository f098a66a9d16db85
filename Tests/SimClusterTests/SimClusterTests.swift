import HTTP
import Manifests
import Testing

@testable import SimCluster

/// A world with short ways to talk to it.
struct Bench {
    var world: SimWorld

    init(_ minor: Int = 36, seed: UInt64 = 1) {
        world = SimWorld(
            version: KubernetesVersion(minor: minor), name: "test", seed: seed, now: 1_700_000_000)
    }

    /// Sends a request and returns status and body.
    mutating func send(
        _ method: HTTPRequest.Method, _ target: String, _ body: JSONValue? = nil, type: String = "application/json",
        accept: String? = nil
    ) -> (status: Int, body: JSONValue) {
        let response = raw(method, target, body, type: type, accept: accept)
        return (response.status, (try? JSONValue(parsing: response.body)) ?? .null)
    }

    /// Sends a request and returns the answer as it is.
    mutating func raw(
        _ method: HTTPRequest.Method, _ target: String, _ body: JSONValue? = nil, type: String = "application/json",
        accept: String? = nil
    ) -> HTTPResponse {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        var query: [(name: String, value: String)] = []
        for item in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            query.append((name: pair[0], value: pair.count > 1 ? pair[1] : ""))
        }
        var request = HTTPRequest(method, parts[0], query: query, body: body?.canonicalBytes)
        request.headers["User-Agent"] = "tester/1.0"
        if body != nil { request.headers["Content-Type"] = type }
        if let accept { request.headers["Accept"] = accept }
        return world.handle(request)
    }
}

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

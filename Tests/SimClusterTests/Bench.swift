import HTTP
import Manifests

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

extension Bench {
    /// Lets so many seconds pass.
    mutating func wait(_ seconds: Int) { world.advance(to: world.now + seconds) }

    /// Makes a ConfigMap in namespace default and returns it.
    mutating func makeConfigMap(
        _ name: String, labels: JSONObject = [:], data: JSONObject = ["a": "1"], metadata: JSONObject = [:]
    ) -> JSONValue {
        var fields: JSONObject = ["name": .string(name)]
        if !labels.isEmpty { fields["labels"] = .object(labels) }
        for field in metadata { fields[field.key] = field.value }
        let answer = send(
            .post, "/api/v1/namespaces/default/configmaps",
            ["apiVersion": "v1", "kind": "ConfigMap", "metadata": .object(fields), "data": .object(data)])
        precondition(answer.status == 201, "\(answer)")
        return answer.body
    }

    /// Sends a patch of the given media type.
    mutating func patch(
        _ target: String, _ body: JSONValue, _ type: String = "application/merge-patch+json"
    ) -> (status: Int, body: JSONValue) {
        send(.patch, target, body, type: type)
    }

    /// A workload with one container, as manifests have it.
    static func workload(
        _ kind: String, _ name: String, replicas: Int64? = nil, annotations: JSONObject = [:]
    ) -> JSONValue {
        var spec: JSONObject = [
            "selector": ["matchLabels": ["app": .string(name)]],
            "template": [
                "metadata": ["labels": ["app": .string(name)]],
                "spec": ["containers": [["name": "c", "image": "i:1"]]],
            ],
        ]
        if let replicas { spec["replicas"] = .integer(replicas) }
        if kind == "StatefulSet" { spec["serviceName"] = .string(name) }
        return [
            "apiVersion": "apps/v1", "kind": .string(kind),
            "metadata": ["name": .string(name), "annotations": .object(annotations)], "spec": .object(spec),
        ]
    }

    /// A CronJob.
    static func cronJob(_ name: String, schedule: String, suspend: Bool) -> JSONValue {
        [
            "apiVersion": "batch/v1", "kind": "CronJob", "metadata": ["name": .string(name)],
            "spec": [
                "schedule": .string(schedule), "suspend": .bool(suspend),
                "jobTemplate": [
                    "spec": [
                        "template": [
                            "spec": ["restartPolicy": "Never", "containers": [["name": "c", "image": "i:1"]]]
                        ]
                    ]
                ],
            ],
        ]
    }
}

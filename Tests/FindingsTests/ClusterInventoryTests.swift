import Findings
import HTTP
import KubeAPI
import Manifests
import Testing

/// An API server that knows a handful of answers; everything else is forbidden.
struct CannedServer: Transport {
    var answers: [String: JSONValue]
    var statuses: [String: Int] = [:]

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard statuses[request.path] != -1 else { throw TransportError(.notSent, "connection refused") }
        if let answer = answers[request.path] {
            return HTTPResponse(
                status: 200, headers: ["Content-Type": "application/json"], body: answer.canonicalBytes)
        }
        return HTTPResponse(status: statuses[request.path] ?? 403)
    }

    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPStream {
        throw TransportError(.invalid, "no watching here")
    }

    static func resources(_ groupVersion: String, _ resources: [(String, String, Bool)]) -> JSONValue {
        [
            "kind": "APIResourceList", "groupVersion": .string(groupVersion),
            "resources": .array(
                resources.map {
                    [
                        "name": .string($0.0), "kind": .string($0.1), "namespaced": .bool($0.2),
                        "verbs": ["get", "list", "create"],
                    ]
                }),
        ]
    }

    static func list(_ kind: String, _ apiVersion: String, _ items: [JSONValue]) -> JSONValue {
        [
            "kind": .string(kind), "apiVersion": .string(apiVersion), "metadata": ["resourceVersion": "7"],
            "items": .array(items),
        ]
    }

    /// 1.20 in small: Ingress in two groups, CronJob at one version, a Secret, and widgets nobody may list.
    static func small() -> CannedServer {
        let ingress: JSONValue = ["metadata": ["name": "web", "namespace": "shop", "uid": "u-ingress"], "spec": [:]]
        let group = { (name: String, versions: [String]) -> JSONValue in
            let all = versions.map { ["groupVersion": .string("\(name)/\($0)"), "version": .string($0)] as JSONValue }
            return ["name": .string(name), "versions": .array(all), "preferredVersion": all.first ?? .null]
        }
        return CannedServer(answers: [
            "/version": ["major": "1", "minor": "20", "gitVersion": "v1.20.2"],
            "/api": ["kind": "APIVersions", "versions": ["v1"]],
            "/apis": [
                "kind": "APIGroupList",
                "groups": [
                    group("extensions", ["v1beta1"]), group("networking.k8s.io", ["v1beta1", "v1"]),
                    group("example.com", ["v1"]),
                ],
            ],
            "/api/v1": resources(
                "v1",
                [
                    ("secrets", "Secret", true), ("namespaces", "Namespace", false),
                    ("componentstatuses", "ComponentStatus", false),
                ]),
            "/apis/extensions/v1beta1": resources("extensions/v1beta1", [("ingresses", "Ingress", true)]),
            "/apis/networking.k8s.io/v1beta1": resources("networking.k8s.io/v1beta1", [("ingresses", "Ingress", true)]),
            "/apis/networking.k8s.io/v1": resources("networking.k8s.io/v1", [("ingresses", "Ingress", true)]),
            "/apis/example.com/v1": resources("example.com/v1", [("widgets", "Widget", true)]),
            "/api/v1/namespaces": list("NamespaceList", "v1", [["metadata": ["name": "shop", "uid": "u-shop"]]]),
            "/api/v1/namespaces/kube-system": [
                "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "kube-system", "uid": "u-cluster"],
            ],
            "/api/v1/secrets": list(
                "SecretList", "v1",
                [
                    [
                        "metadata": ["name": "password", "namespace": "shop", "uid": "u-secret"],
                        "data": ["password": "aHVudGVyMg=="], "type": "Opaque",
                    ]
                ]),
            "/apis/networking.k8s.io/v1/ingresses": list("IngressList", "networking.k8s.io/v1", [ingress]),
            "/apis/networking.k8s.io/v1beta1/ingresses": list("IngressList", "networking.k8s.io/v1beta1", [ingress]),
            "/apis/extensions/v1beta1/ingresses": list("IngressList", "extensions/v1beta1", [ingress]),
        ])
    }
}

@Suite("Reading a cluster's inventory")
struct ClusterInventoryTests {
    static func take(
        _ server: sending some Transport, target: Int? = 36, secrets: SecretHandling = .redacted(key: [1, 2, 3])
    ) async throws(KubeError) -> Inventory {
        try await InventorySource.cluster(
            KubeClient(transport: server), name: "blue", takenAt: "2026-11-20T08:00:00Z",
            target: target.map { KubernetesVersion(minor: $0) }, secrets: secrets)
    }

    @Test("reads every object once, at the version the target serves too")
    func once() async throws {
        let inventory = try await Self.take(CannedServer.small())
        #expect(inventory.cluster.uid == "u-cluster" && inventory.cluster.version == KubernetesVersion(minor: 20))
        #expect(
            inventory.objects.map { "\($0.object.gvk) \($0.object.name)" } == [
                "v1 Namespace shop", "v1 Secret password", "networking.k8s.io/v1 Ingress web",
            ])
    }

    @Test("takes the server's preferred version where no target is given")
    func preferred() async throws {
        let inventory = try await Self.take(CannedServer.small(), target: nil)
        #expect(inventory.objects.contains { $0.object.gvk.description == "networking.k8s.io/v1beta1 Ingress" })
    }

    @Test("names what may not be listed, and leaves out what is not stored")
    func notSeen() async throws {
        let inventory = try await Self.take(CannedServer.small())
        #expect(inventory.notSeen.count == 1)
        #expect(inventory.notSeen.first?.hasPrefix("example.com/v1 Widget: may not be listed") == true)
    }

    @Test("redacts Secrets by key unless asked not to")
    func secrets() async throws {
        let redacted = try await Self.take(CannedServer.small())
        let text = redacted.objects.map { $0.object.json.canonicalText }.joined()
        #expect(!text.contains("aHVudGVyMg==") && text.contains("hmac-sha256:"))
        #expect(redacted.digestKeyID != nil)
        let whole = try await Self.take(CannedServer.small(), secrets: .whole)
        #expect(whole.objects.contains { $0.object["data.password"]?.string == "aHVudGVyMg==" })
        #expect(whole.digestKeyID == nil)
        let other = SecretHandling.redacted(key: [9]).keyID
        #expect(redacted.digestKeyID != other)
    }

    @Test("fails when the server is lost in between, rather than leaving things out")
    func lost() async throws {
        var server = CannedServer.small()
        server.statuses["/api/v1/secrets"] = -1
        server.answers["/api/v1/secrets"] = nil
        let client = KubeClient(transport: server)
        await #expect(throws: KubeError.self) {
            try await InventorySource.cluster(
                client, name: "blue", takenAt: "", target: nil, secrets: .redacted(key: [1]))
        }
    }

    @Test("gives the same digest twice")
    func digest() async throws {
        let first = try await Self.take(CannedServer.small())
        let second = try await Self.take(CannedServer.small())
        #expect(first.digest == second.digest)
    }
}

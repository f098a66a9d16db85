import CurlTransport
import FoundationEssentials
import HTTP
import KubeAPI
import Manifests
import SimCluster
import Testing

/// One API server that the suite runs against.
struct Server: Sendable, CustomTestStringConvertible {
    /// Named in ``Exceptions``.
    enum Name: String, Sendable, CaseIterable {
        case simulator120 = "the simulator 1.20 in process"
        case simulator136 = "the simulator 1.36 in process"
        case listener120 = "kirikae-sim 1.20 over HTTP"
        case listener136 = "kirikae-sim 1.36 over HTTP"
        case nginx = "nginx in front of kirikae-sim 1.36: TLS, HTTP/2"
        case real120 = "Kubernetes 1.20.2"
        case real120Token = "Kubernetes 1.20.2, by token"
        case real120Removed = "Kubernetes 1.20.2 without what 1.22 removed"
        case lite136 = "the API server of the 1.36 libraries"
    }

    let name: Name
    let version: KubernetesVersion
    let client: KubeClient
    /// The address of its etcd, where it has one that nobody else uses.
    var store: String?
    var testDescription: String { name.rawValue }

    /// All that can be had where `Tests/Conformance/with-servers` started them; none otherwise.
    static let all: [Server] = {
        guard Started.isHere else { return [] }
        var servers: [Server] = []
        for (name, version) in [(Name.simulator120, "1.20"), (.simulator136, "1.36")] {
            guard let version = KubernetesVersion(version) else { continue }
            let world = SimWorld(version: version, name: name.rawValue, seed: 7, now: 1_763_000_000)
            let began = ContinuousClock.now
            let transport = SimTransport(world) {
                1_763_000_000 + Int((ContinuousClock.now - began).components.seconds)
            }
            servers.append(Server(name: name, version: version, client: KubeClient(transport: transport)))
        }
        let started: [(Name, String, String, String)] = [
            (.listener120, "SIM120", "kubeconfig", "1.20"), (.listener136, "SIM136", "kubeconfig", "1.36"),
            (.nginx, "NGINX", "kubeconfig", "1.36"), (.real120, "BLUE", "kubeconfig", "1.20"),
            (.real120Token, "BLUE", "kubeconfig-token", "1.20"), (.real120Removed, "GREEN", "kubeconfig", "1.20"),
            (.lite136, "LITE", "kubeconfig", "1.36"),
        ]
        for (name, variable, file, version) in started {
            guard let folder = Started.folder(variable), let version = KubernetesVersion(version) else { continue }
            do {
                var server = Server(name: name, version: version, client: try Started.client("\(folder)/\(file)"))
                if name == .real120Removed || name == .lite136 {
                    server.store = String(
                        decoding: try Data(contentsOf: URL(filePath: "\(folder)/store")), as: UTF8.self)
                }
                servers.append(server)
            } catch {
                Issue.record("\(name.rawValue): \(error)")
            }
        }
        return servers
    }()
}

/// What `Tests/Conformance/with-servers` has started.
enum Started {
    /// Whether real servers are here.
    static let isHere = folder("BLUE") != nil

    static func folder(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["KIRIKAE_CONFORMANCE_\(name)"]
    }

    /// A client over libcurl, as the tool makes it.
    static func client(_ kubeconfig: String) throws -> KubeClient {
        let connection = try Kubeconfig.load(path: kubeconfig, environment: [:]).connection()
        return KubeClient(
            transport: try CurlTransport(
                CurlConfiguration(
                    server: connection.server, certificateAuthority: connection.tls.certificateAuthority,
                    clientCertificate: connection.tls.clientCertificate, clientKey: connection.tls.clientKey)),
            credential: connection.credential, userAgent: "kirikae-conformance", timeout: .seconds(60),
            cluster: connection.context)
    }
}

/// One behaviour's own place on a server: a namespace of its own, and names that nobody else takes.
struct Bench: Sendable {
    let server: Server
    let namespace: String
    /// How long ``eventually(_:_:)`` waits.
    var patience = Duration.seconds(60)
    var client: KubeClient { server.client }

    /// Makes the namespace, and removes it in the end.
    static func use(
        _ server: Server, patience: Duration = .seconds(60), _ body: (Bench) async throws -> Void
    ) async throws {
        let number = UInt64.random(in: .min ... .max)
        let bench = Bench(
            server: server, namespace: "conformance-\(String(number, radix: 36))", patience: patience)
        let object: JSONValue = [
            "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(bench.namespace)],
        ]
        _ = try await server.client.create(try #require(KubeObject(object)), as: .namespaces)
        let result = await Result { () async throws -> Void in try await body(bench) }
        _ = try? await server.client.delete(.namespaces, namespace: nil, name: bench.namespace)
        try result.get()
    }

    /// An object of this namespace, from its other members.
    func object(
        _ resource: APIResource, _ name: String, labels: JSONObject = [:], _ members: JSONObject = [:]
    ) throws -> KubeObject {
        var json = members
        json["apiVersion"] = .string(resource.gvk.apiVersion)
        json["kind"] = .string(resource.gvk.kind)
        var metadata: JSONObject = ["name": .string(name)]
        if resource.namespaced { metadata["namespace"] = .string(namespace) }
        if !labels.isEmpty { metadata["labels"] = .object(labels) }
        json["metadata"] = .object(metadata)
        return try #require(KubeObject(.object(json)))
    }

    func configMap(_ name: String, labels: JSONObject = [:], _ data: JSONObject = ["a": "1"]) throws -> KubeObject {
        try object(.configMaps, name, labels: labels, ["data": .object(data)])
    }

    func deployment(_ name: String, replicas: Int64 = 1) throws -> KubeObject {
        try object(
            .deployments, name,
            [
                "spec": [
                    "replicas": .integer(replicas), "selector": ["matchLabels": ["app": .string(name)]],
                    "template": [
                        "metadata": ["labels": ["app": .string(name)]],
                        "spec": ["containers": [["name": "web", "image": "registry.example/web:1"]]],
                    ],
                ]
            ])
    }

    /// A kind that no server had before, of this place alone, with objects that may hold anything in their spec.
    func newKind() async throws -> APIResource {
        let group = "g\(namespace.dropFirst("conformance-".count)).example.com"
        let anything: JSONValue = [
            "type": "object",
            "properties": ["spec": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
        ]
        let definition = try object(
            .definitions, "widgets.\(group)",
            [
                "spec": [
                    "group": .string(group), "scope": "Namespaced",
                    "names": ["plural": "widgets", "singular": "widget", "kind": "Widget", "listKind": "WidgetList"],
                    "versions": [
                        ["name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": anything]]
                    ],
                ]
            ])
        _ = try await client.create(definition, as: .definitions)
        let gvk = GroupVersionKind(group: group, version: "v1", kind: "Widget")
        var found: APIResource?
        try await eventually("the new kind is never served") {
            found = try await client.discover().resource(for: gvk)
            guard let found else { return false }
            // A definition is established a moment before its handler is.
            do { _ = try await client.list(found, namespace: namespace) } catch let error as KubeError {
                if error.code == .notFound { return false }
                throw error
            }
            return true
        }
        return try #require(found)
    }

    /// Takes a kind away that ``newKind()`` made.
    func remove(_ resource: APIResource) async throws {
        _ = try await client.delete(
            .definitions, namespace: nil, name: "\(resource.plural).\(resource.gvk.group)")
    }

    /// Waits for something that the server does in its own time.
    func eventually(_ what: Comment, _ holds: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + patience
        while ContinuousClock.now < end {
            if try await holds() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record(what)
    }

    /// Makes the server's store forget every state before this one, as it does by itself after some minutes.
    func forget(before resourceVersion: String?) async throws {
        let store = try #require(server.store)
        let transport = try CurlTransport(CurlConfiguration(server: store))
        let body = "{\"revision\": \"\(try #require(resourceVersion))\", \"physical\": true}"
        let answer = try await transport.send(HTTPRequest(.post, "/v3/kv/compaction", body: Array(body.utf8)))
        #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
    }
}

extension Result where Failure == any Error {
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

extension APIResource {
    static let configMaps = APIResource(
        gvk: GroupVersionKind(group: "", version: "v1", kind: "ConfigMap"), plural: "configmaps", namespaced: true)
    static let secrets = APIResource(
        gvk: GroupVersionKind(group: "", version: "v1", kind: "Secret"), plural: "secrets", namespaced: true)
    static let deployments = APIResource(
        gvk: GroupVersionKind(group: "apps", version: "v1", kind: "Deployment"), plural: "deployments", namespaced: true
    )
    static let clusterRoles = APIResource(
        gvk: GroupVersionKind(group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRole"),
        plural: "clusterroles", namespaced: false)
    static let definitions = APIResource(
        gvk: GroupVersionKind(group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition"),
        plural: "customresourcedefinitions", namespaced: false)
}

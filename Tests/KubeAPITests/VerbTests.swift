import HTTP
import KubeAPI
import Manifests
import Testing

@Suite("Verbs")
struct VerbTests {
    private let echo: FakeTransport.Answer = { request in
        .json(201, request.json ?? ["kind": "ConfigMap", "apiVersion": "v1", "metadata": ["name": "x"]])
    }

    private var web: KubeObject { KubeObject(Resources.deployments.gvk, namespace: "shop", name: "web") }

    static let paths: [(resource: APIResource, namespace: String?, name: String?, subresource: String?, path: String)] =
        [
            (Resources.configMaps, "a", "b", nil, "/api/v1/namespaces/a/configmaps/b"),
            (Resources.configMaps, "a", nil, nil, "/api/v1/namespaces/a/configmaps"),
            (Resources.configMaps, nil, nil, nil, "/api/v1/configmaps"),
            (Resources.deployments, "a", "b", "scale", "/apis/apps/v1/namespaces/a/deployments/b/scale"),
            (
                Resources.clusterRoles, "ignored", "system:a/b?", nil,
                "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Aa%2Fb%3F"
            ),
        ]

    @Test(arguments: paths)
    func `a resource knows its addresses`(
        _ one: (resource: APIResource, namespace: String?, name: String?, subresource: String?, path: String)
    ) {
        #expect(
            one.resource.path(namespace: one.namespace, name: one.name, subresource: one.subresource) == one.path)
    }

    @Test func `every request says what it wants and who sends it`() async throws {
        let (client, transport) = KubeClient.fake(echo)
        _ = try await client.get(Resources.configMaps, namespace: "a", name: "b")
        let request = try #require(transport.requests.first)
        #expect(request.method == .get)
        #expect(request.headers["Accept"] == "application/json")
        #expect(request.headers["User-Agent"] == "kirikae")
        #expect(request.headers["Authorization"] == nil)
        #expect(request.timeout == .seconds(30))
    }

    @Test func `create posts to the collection, with options, and without what a server would refuse`() async throws {
        let (client, transport) = KubeClient.fake(echo)
        var object = web
        object["metadata.resourceVersion"] = "7"
        object["metadata.uid"] = "u"
        _ = try await client.create(
            object, as: Resources.deployments,
            options: WriteOptions(dryRun: true, fieldManager: "kirikae", fieldValidation: .strict))
        let request = try #require(transport.requests.first)
        #expect(
            request.target
                == "/apis/apps/v1/namespaces/shop/deployments?dryRun=All&fieldManager=kirikae&fieldValidation=Strict")
        #expect(request.method == .post)
        #expect(request.headers["Content-Type"] == "application/json")
        #expect(request.json == web.json)
    }

    @Test func `replace puts the object with its precondition`() async throws {
        let (client, transport) = KubeClient.fake(echo)
        var object = web
        object["metadata.resourceVersion"] = "7"
        _ = try await client.replace(object, as: Resources.deployments, subresource: "status")
        let request = try #require(transport.requests.first)
        #expect(request.method == .put)
        #expect(request.target == "/apis/apps/v1/namespaces/shop/deployments/web/status")
        #expect(request.json?["metadata"]?["resourceVersion"] == "7")
    }

    static let patches: [(patch: Patch, type: String, body: String)] = [
        (
            .json([
                .test("metadata.resourceVersion", "7"), .add("metadata.annotations['a/b~c']", "x"),
                .replace("spec.containers[0].image", "y"), .remove("spec.paused"),
            ]), "application/json-patch+json",
            #"[{"op":"test","path":"/metadata/resourceVersion","value":"7"},"#
                + #"{"op":"add","path":"/metadata/annotations/a~1b~0c","value":"x"},"#
                + #"{"op":"replace","path":"/spec/containers/0/image","value":"y"},"#
                + #"{"op":"remove","path":"/spec/paused"}]"#
        ),
        (.merge(["spec": ["paused": .null]]), "application/merge-patch+json", #"{"spec":{"paused":null}}"#),
        (.strategic(["spec": [:]]), "application/strategic-merge-patch+json", #"{"spec":{}}"#),
    ]

    @Test(arguments: patches)
    func `a patch says what kind of patch it is`(_ one: (patch: Patch, type: String, body: String)) async throws {
        let (client, transport) = KubeClient.fake { _ in .json(["kind": "Deployment", "apiVersion": "apps/v1"]) }
        _ = try await client.patch(one.patch, namespace: "shop", name: "web", as: Resources.deployments)
        let request = try #require(transport.requests.first)
        #expect(request.method == .patch)
        #expect(request.headers["Content-Type"] == one.type)
        #expect(request.body.map { String(decoding: $0, as: UTF8.self) } == one.body)
    }

    @Test func `apply sends the object without managedFields, with its manager, and only then with force`() async throws
    {
        let (client, transport) = KubeClient.fake(echo)
        var object = web
        object["metadata.managedFields"] = []
        _ = try await client.apply(
            object, as: Resources.deployments, fieldManager: "kirikae", force: true, dryRun: true)
        _ = try await client.apply(object, as: Resources.deployments, fieldManager: "kirikae")
        #expect(
            transport.requests.map(\.target) == [
                "/apis/apps/v1/namespaces/shop/deployments/web?dryRun=All&fieldManager=kirikae&force=true",
                "/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=kirikae",
            ])
        #expect(transport.requests.allSatisfy { $0.headers["Content-Type"] == "application/apply-patch+yaml" })
        #expect(transport.requests.allSatisfy { $0.json == web.json })
    }

    @Test func `delete carries its preconditions in the body`() async throws {
        let (client, transport) = KubeClient.fake { _ in .json(["kind": "Status", "status": "Success"]) }
        let options = DeleteOptions(
            uid: "u", resourceVersion: "7", propagation: .foreground, gracePeriodSeconds: 0, dryRun: true)
        let left = try await client.delete(Resources.deployments, namespace: "a", name: "b", options: options)
        #expect(left == nil)
        _ = try await client.delete(Resources.deployments, namespace: "a", name: "b")
        #expect(
            transport.requests[0].json == [
                "apiVersion": "v1", "kind": "DeleteOptions", "dryRun": ["All"], "gracePeriodSeconds": 0,
                "preconditions": ["resourceVersion": "7", "uid": "u"], "propagationPolicy": "Foreground",
            ])
        #expect(transport.requests[1].json == ["apiVersion": "v1", "kind": "DeleteOptions"])
    }

    @Test func `an object that waits for its finalizers is handed back`() async throws {
        let (client, _) = KubeClient.fake { _ in
            .json([
                "kind": "Namespace", "apiVersion": "v1",
                "metadata": ["name": "a", "deletionTimestamp": "2026-07-30T09:15:00Z"],
            ])
        }
        #expect(try await client.delete(.namespaces, namespace: nil, name: "a")?.name == "a")
    }

    @Test func `what cannot be addressed is not sent`() async throws {
        let (client, transport) = KubeClient.fake(echo)
        let homeless = KubeObject(Resources.deployments.gvk, name: "web")
        await #expect(throws: KubeError.self) { try await client.create(homeless, as: Resources.deployments) }
        await #expect(throws: KubeError.self) { try await client.replace(homeless, as: Resources.deployments) }
        await #expect(throws: KubeError.self) {
            try await client.get(Resources.configMaps, namespace: "a", name: "")
        }
        await #expect(throws: KubeError.self) {
            try await client.apply(web, as: Resources.deployments, fieldManager: "")
        }
        #expect(transport.requests.isEmpty)
    }

    @Test func `a list's items get the kind that servers leave out`() async throws {
        let (client, _) = KubeClient.fake { _ in
            .json([
                "kind": "ConfigMapList", "apiVersion": "v1", "metadata": ["resourceVersion": "9"],
                "items": [["metadata": ["name": "a"]], ["kind": "ConfigMap", "apiVersion": "v1"]],
            ])
        }
        let list = try await client.list(Resources.configMaps)
        #expect(list.items.map(\.gvk) == [Resources.configMaps.gvk, Resources.configMaps.gvk])
        #expect(list.resourceVersion == "9")
        #expect(list.continueToken == nil)
    }

    @Test(arguments: [#"{"kind":"ConfigMapList","items":null}"#, #"{"kind":"ConfigMapList"}"#])
    func `an empty list may be written in several ways`(_ text: String) async throws {
        let (client, _) = KubeClient.fake { _ in HTTPResponse(status: 200, body: Array(text.utf8)) }
        #expect(try await client.list(Resources.configMaps).items.isEmpty)
    }

    static let versions: [(major: String, minor: String, git: String, version: KubernetesVersion)] = [
        ("1", "24", "v1.24.17", KubernetesVersion(minor: 24)),
        ("1", "36+", "v1.36.2-eks-1a2b3c", KubernetesVersion(minor: 36)),
        ("", "", "v1.20.2", KubernetesVersion(minor: 20)),
    ]

    @Test(arguments: versions)
    func `a server tells its version`(
        _ one: (major: String, minor: String, git: String, version: KubernetesVersion)
    ) async throws {
        let (client, _) = KubeClient.fake { _ in
            .json(["major": .string(one.major), "minor": .string(one.minor), "gitVersion": .string(one.git)])
        }
        #expect(try await client.serverVersion() == ServerVersion(version: one.version, gitVersion: one.git))
    }

    @Test func `a cluster is who its kube-system is`() async throws {
        let (client, transport) = KubeClient.fake { _ in
            .json(["kind": "Namespace", "apiVersion": "v1", "metadata": ["name": "kube-system", "uid": "u-1"]])
        }
        #expect(try await client.clusterUID() == "u-1")
        #expect(transport.requests.first?.target == "/api/v1/namespaces/kube-system")
        let (without, _) = KubeClient.fake { _ in .json(["kind": "Namespace", "apiVersion": "v1"]) }
        await #expect(throws: KubeError.self) { try await without.clusterUID() }
    }
}

extension HTTPResponse {
    fileprivate static func json(_ value: JSONValue) -> HTTPResponse { .json(200, value) }
}

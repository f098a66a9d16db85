import Glibc
import HTTP
import KubeAPI
import Manifests
import Testing

/// Answers of real API servers, in the folder beside the project, where there is one.
enum Recordings {
    static let folder: String = {
        let parts = #filePath.split(separator: "/").dropLast(4)
        return "/" + parts.joined(separator: "/") + "/shared/recordings"
    }()

    static let arePresent = access(folder, R_OK) == 0

    struct Exchange: Sendable {
        var path: String
        var accept: String
        var status: Int
        var body: JSONValue
    }

    static func discovery(_ version: String) throws -> [Exchange] {
        return try lines("\(folder)/\(version)/01-discovery.jsonl").compactMap { line in
            let json = try JSONValue(parsing: line)
            guard let request = json["request"], let response = json["response"], request["method"] == "GET",
                let path = request["path"]?.string, let status = response["status"]?.integer
            else { return nil }
            return Exchange(
                path: path, accept: request["accept"]?.string ?? "", status: Int(status),
                body: response["body"] ?? .null)
        }
    }

    private static func lines(_ path: String) throws -> [[UInt8]] {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw KubeError(.other, "\(path) cannot be opened") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
    }
}

@Suite("Discovery")
struct DiscoveryTests {
    /// A client of a recorded server.
    ///
    /// It aggregates if the recorded one did and it may.
    private func recorded(_ version: String, aggregates: Bool) throws -> (KubeClient, FakeTransport) {
        let exchanges = try Recordings.discovery(version)
        return KubeClient.fake { request in
            let wantsAggregated = aggregates && request.headers["Accept"]?.contains("v=v2;") == true
            let found =
                exchanges.first {
                    wantsAggregated && $0.path == request.path && $0.accept.contains("v=v2;as=") && $0.status == 200
                        && $0.body["kind"] == "APIGroupDiscoveryList"
                } ?? exchanges.first { $0.path == request.path && $0.accept == "application/json" }
            return found.map { .json($0.status, $0.body) } ?? HTTPResponse(status: 404)
        }
    }

    @Test(
        .enabled(if: Recordings.arePresent, "no recordings beside the project"),
        arguments: ["1.20.2", "1.25.10", "1.36.3"])
    func `a real server's groups and resources are read`(_ version: String) async throws {
        let (client, transport) = try recorded(version, aggregates: true)
        let discovery = try await client.discover()
        #expect(discovery.groupVersions.first == "v1")
        #expect(discovery.unavailable.isEmpty)
        let deployment = try #require(
            discovery.resource(for: GroupVersionKind(group: "apps", version: "v1", kind: "Deployment")))
        #expect(deployment.plural == "deployments" && deployment.namespaced && deployment.allows("patch"))
        #expect(discovery.resource(for: APIResource.namespaces.gvk)?.namespaced == false)
        #expect(!discovery.resources.contains { $0.plural.contains("/") })
        let autoscalers = discovery.resources(for: GroupKind(group: "autoscaling", kind: "HorizontalPodAutoscaler"))
        let expected: [String: [String]] = [
            "1.20.2": ["v1", "v2beta2", "v2beta1"], "1.25.10": ["v2", "v1", "v2beta2"], "1.36.3": ["v2", "v1"],
        ]
        #expect(autoscalers.map(\.gvk.version) == expected[version])
        #expect((transport.requests.count == 2) == (version == "1.36.3"), "two requests where it aggregates")
    }

    @Test(.enabled(if: Recordings.arePresent, "no recordings beside the project"))
    func `both forms say the same of one server`() async throws {
        let aggregated = try await recorded("1.36.3", aggregates: true).0.discover()
        let legacy = try await recorded("1.36.3", aggregates: false).0.discover()
        #expect(aggregated.groupVersions == legacy.groupVersions)
        #expect(aggregated.digest == legacy.digest)
        #expect(aggregated.preferredVersions == legacy.preferredVersions)
        #expect(aggregated.resources == legacy.resources)
    }

    private let groups: JSONValue = [
        "kind": "APIGroupList",
        "groups": [
            [
                "name": "metrics.k8s.io",
                "versions": [["groupVersion": "metrics.k8s.io/v1beta1", "version": "v1beta1"]],
                "preferredVersion": ["version": "v1beta1"],
            ]
        ],
    ]

    @Test(arguments: [404, 500, 503])
    func `an aggregated API that is down does not take the rest with it`(_ status: Int) async throws {
        let groups = groups
        let (client, _) = KubeClient.fake { request in
            switch request.path {
            case "/api": .json(200, ["kind": "APIVersions", "versions": ["v1"]])
            case "/apis": .json(200, groups)
            case "/api/v1":
                .json(
                    200,
                    [
                        "kind": "APIResourceList",
                        "resources": [
                            ["name": "pods", "kind": "Pod", "namespaced": true, "verbs": ["list", "get"]],
                            ["name": "pods/log", "kind": "Pod", "namespaced": true, "verbs": ["get"]],
                        ],
                    ])
            default: HTTPResponse(status: status)
            }
        }
        let discovery = try await client.discover()
        #expect(discovery.resources.map(\.plural) == ["pods"])
        #expect(discovery.resources.first?.verbs == ["get", "list"])
        #expect(discovery.unavailable == ["metrics.k8s.io/v1beta1"])
        #expect(discovery.groupVersions == ["v1", "metrics.k8s.io/v1beta1"], "announced, and so part of the digest")
    }

    @Test func `stale groups of aggregated discovery are unavailable too`() async throws {
        let (client, _) = KubeClient.fake { request in
            .json(
                200,
                [
                    "kind": "APIGroupDiscoveryList",
                    "items": request.path == "/api"
                        ? []
                        : [
                            [
                                "metadata": ["name": "metrics.k8s.io"],
                                "versions": [["version": "v1beta1", "freshness": "Stale"]],
                            ]
                        ],
                ])
        }
        #expect(try await client.discover().unavailable == ["metrics.k8s.io/v1beta1"])
    }

    @Test func `a server that may not be asked is an error, not an empty cluster`() async {
        let groups = groups
        let (client, _) = KubeClient.fake { request in
            request.path == "/apis"
                ? .json(200, groups)
                : request.path == "/api"
                    ? .json(200, ["kind": "APIVersions", "versions": ["v1"]])
                    : .json(403, ["kind": "Status", "reason": "Forbidden"])
        }
        let error = await #expect(throws: KubeError.self) { try await client.discover() }
        #expect(error?.code == .forbidden)
        let (other, _) = KubeClient.fake { _ in .json(200, ["hello": "world"]) }
        await #expect(throws: KubeError.self) { try await other.discover() }
    }

    @Test func `version names are ranked as servers rank them`() {
        let ranked = ["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo1", "foo10"]
        var shuffled = ranked
        for _ in 0..<50 {
            shuffled.shuffle()
            #expect(shuffled.map { APIVersionPriority($0) }.sorted(by: >).map(\.version) == ranked)
        }
        #expect(APIVersionPriority("v1x").version == "v1x" && APIVersionPriority("v1") > APIVersionPriority("v1x"))
    }
}

import HTTP
import KubeAPI
import Manifests
import Testing

@Suite("Watches")
struct WatchTests {
    private static let text = """
        {"type":"ADDED","object":{"metadata":{"name":"ä\\n","resourceVersion":"1"}}}
        {"type":"MODIFIED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"b","resourceVersion":"2"}}}

        {"type":"DELETED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"b","resourceVersion":"3"}}}
        {"type":"BOOKMARK","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"4"}}}
        {"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}
        {"type":"ADDED","object":{"metadata":{"name":"never"}}}
        """

    private func words(_ body: String, cut: Int, breaks: Bool = false) async throws -> [String] {
        let (client, _) = KubeClient.fake { _ in
            var headers: HTTPHeaders = ["X-Cut": String(cut)]
            if breaks { headers["X-Break"] = "1" }
            return HTTPResponse(status: 200, headers: headers, body: Array(body.utf8))
        }
        var words: [String] = []
        for try await event in try await client.watch(Resources.configMaps, namespace: "a") {
            switch event {
            case .added(let object): words.append("added \(object.gvk.kind) \(object.name)")
            case .modified(let object): words.append("modified \(object.name)")
            case .deleted(let object): words.append("deleted \(object.name)")
            case .bookmark(let version): words.append("bookmark \(version)")
            case .error(let error): words.append("error \(error.code) \(error.status ?? 0)")
            }
        }
        return words
    }

    @Test(arguments: Array(1...40) + [100, 1_000, 100_000])
    func `events are the same however the bytes are cut`(_ cut: Int) async throws {
        #expect(
            try await words(Self.text, cut: cut) == [
                "added ConfigMap ä\n", "modified b", "deleted b", "bookmark 4", "error gone 410",
            ])
    }

    @Test(arguments: [
        "{", "[]", "{\"type\":\"ADDED\"}", "{\"type\":\"NEW\",\"object\":{}}", "{\"object\":{}}", "nonsense\n",
    ])
    func `what is no event ends the watch with an error`(_ text: String) async {
        await #expect(throws: KubeError.self) { try await words(text, cut: 3) }
    }

    @Test func `a broken connection throws what is known, after the events before`() async throws {
        let (client, _) = KubeClient.fake { _ in
            HTTPResponse(status: 200, headers: ["X-Break": "1"], body: Array(Self.text.utf8.prefix(100)))
        }
        var count = 0
        do {
            for try await _ in try await client.watch(Resources.configMaps) { count += 1 }
            Issue.record("the watch ended as if nothing had happened")
        } catch let error as KubeError {
            #expect(error.code == .ambiguous)
            #expect(error.description.contains("watch ConfigMap"))
        }
        #expect(count == 1)
    }

    @Test func `a refused watch is an error like any other`() async {
        let (client, _) = KubeClient.fake { _ in .json(410, ["kind": "Status", "reason": "Expired"]) }
        let error = await #expect(throws: KubeError.self) { try await client.watch(Resources.configMaps) }
        #expect(error?.code == .gone)
    }

    @Test func `a watch asks for what its options say`() async throws {
        let (client, transport) = KubeClient.fake { _ in HTTPResponse(status: 200) }
        let options = WatchOptions(resourceVersion: "7", labelSelector: "a=b", timeoutSeconds: 60)
        _ = try await client.watch(Resources.deployments, namespace: "shop", options: options)
        #expect(
            transport.requests.first?.target
                == "/apis/apps/v1/namespaces/shop/deployments?watch=true&resourceVersion=7&labelSelector=a%3Db"
                + "&allowWatchBookmarks=true&timeoutSeconds=60")
    }
}

@Suite("Following a resource")
struct FollowerTests {
    private static func event(_ type: String, _ name: String, _ version: String) -> String {
        #"{"type":"\#(type)","object":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"\#(name)","namespace":"a","resourceVersion":"\#(version)"}}}"#
            + "\n"
    }

    /// Lists `a` at 10; the first watch brings `b`, a bookmark, and its end; the second says that 20 is forgotten.
    @Test func `watches go on from bookmarks, and what is forgotten is listed anew`() async throws {
        let (client, transport) = KubeClient.fake { request in
            if request.query("watch") == nil {
                return .json(
                    200,
                    [
                        "kind": "ConfigMapList", "metadata": ["resourceVersion": "10"],
                        "items": [["metadata": ["name": "a", "namespace": "a"]]],
                    ])
            }
            let body =
                request.query("resourceVersion") == "10"
                ? Self.event("ADDED", "b", "15") + Self.event("BOOKMARK", "", "20")
                : #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"#
            return HTTPResponse(status: 200, headers: ["X-Cut": "7"], body: Array(body.utf8))
        }
        var follower = client.follow(Resources.configMaps, namespace: "a")
        var said: [String] = []
        for _ in 0..<3 {
            switch try await follower.next() {
            case .all(let objects): said.append("all \(objects.map(\.name))")
            case .added(let object): said.append("added \(object.name)")
            case .modified, .deleted: said.append("other")
            }
        }
        #expect(said == [#"all ["a"]"#, "added b", #"all ["a"]"#])
        #expect(transport.requests.map { $0.query("resourceVersion") } == [nil, "10", "20", nil])
    }
}

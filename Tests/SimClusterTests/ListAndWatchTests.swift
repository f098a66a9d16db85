import HTTP
import Manifests
import Testing

@testable import SimCluster

@Suite struct ListAndWatchTests {
    private let maps = "/api/v1/namespaces/default/configmaps"

    private func names(_ list: JSONValue) -> [String] {
        (list["items"]?.array ?? []).compactMap { $0["metadata"]?["name"]?.string }
    }

    @Test func pagesShowTheStateOfTheFirstPage() {
        var bench = Bench()
        for index in 0..<7 { _ = bench.makeConfigMap("c\(index)", labels: ["app": "x"]) }
        let first = bench.send(.get, "\(maps)?limit=3")
        #expect(names(first.body) == ["c0", "c1", "c2"])
        #expect(first.body["metadata"]?["remainingItemCount"] == 5)
        _ = bench.makeConfigMap("c3a")
        _ = bench.send(.delete, "\(maps)/c4")
        let token = first.body["metadata"]?["continue"]?.string ?? ""
        let second = bench.send(.get, "\(maps)?limit=100&continue=\(token)")
        #expect(names(second.body) == ["c3", "c4", "c5", "c6", "kube-root-ca.crt"])
        #expect(second.body["metadata"]?["resourceVersion"] == first.body["metadata"]?["resourceVersion"])
    }

    @Test(arguments: [
        ("app=x", 3), ("app in (x,y),n", 3), ("!app", 2), ("app!=x", 2), ("n>1", 1), ("n=1,app=x", 1),
        ("app notin (x)", 2),
    ])
    func labelSelectorsSelect(selector: String, count: Int) {
        var bench = Bench()
        for index in 0..<3 { _ = bench.makeConfigMap("c\(index)", labels: ["app": "x", "n": .string("\(index)")]) }
        _ = bench.makeConfigMap("plain")
        #expect(bench.send(.get, "\(maps)?labelSelector=\(selector)").body["items"]?.array?.count == count)
    }

    @Test(arguments: ["labelSelector=a=b=c", "labelSelector=!", "fieldSelector=data.a=1", "limit=x", "continue=abc"])
    func malformedQuestionsAreRefused(query: String) {
        var bench = Bench()
        let answer = bench.send(.get, "\(maps)?\(query)")
        #expect(answer.status == 400)
        #expect(answer.body["reason"] == "BadRequest")
    }

    @Test func aTableHasTheCellsThatKubectlPrints() {
        var bench = Bench()
        _ = bench.send(
            .post, "/apis/apps/v1/namespaces/default/deployments", Bench.workload("Deployment", "web", replicas: 2))
        bench.wait(5)
        let table = bench.send(
            .get, "/apis/apps/v1/namespaces/default/deployments",
            accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
        #expect(table.body["kind"] == "Table")
        #expect(table.body["rows"]?[0]?["cells"] == ["web", "2/2", 2, 2, "5s"])
    }

    @Test func aWatchTellsOfEveryChangeFromARevisionOn() async throws {
        var bench = Bench()
        _ = bench.makeConfigMap("old", labels: ["app": "x"])
        let revision = bench.send(.get, maps).body["metadata"]?["resourceVersion"]?.string ?? ""
        let transport = SimTransport(bench.world)
        var request = HTTPRequest(
            .get, maps,
            query: [
                (name: "watch", value: "true"), (name: "resourceVersion", value: revision),
                (name: "labelSelector", value: "app=x"),
            ])
        request.headers["Accept"] = "application/json"
        let stream = try await transport.stream(request)
        transport.withWorld { world in
            var inner = Bench()
            inner.world = world
            _ = inner.makeConfigMap("new", labels: ["app": "x"])
            _ = inner.makeConfigMap("other")
            _ = inner.patch("\(maps)/new", ["metadata": ["labels": ["app": "y"]]])
            _ = inner.send(.delete, "\(maps)/old")
            world = inner.world
        }
        transport.closeWatches()
        var events: [String] = []
        for try await line in stream.body {
            let event = try JSONValue(parsing: line.dropLast())
            events.append("\(event["type"]?.string ?? "") \(event["object"]?["metadata"]?["name"]?.string ?? "")")
        }
        #expect(events == ["ADDED new", "DELETED new", "DELETED old"])
    }

    @Test func aWatchFromBeforeMemoryEndsWithGone() async throws {
        let stream = try await SimTransport(Bench().world).stream(
            HTTPRequest(
                .get, maps, query: [(name: "watch", value: "true"), (name: "resourceVersion", value: "1")]))
        var lines: [JSONValue] = []
        for try await line in stream.body { lines.append(try JSONValue(parsing: line.dropLast())) }
        #expect(lines.map { $0["type"] } == ["ERROR"])
        #expect(lines.first?["object"]?["code"] == 410)
    }
}

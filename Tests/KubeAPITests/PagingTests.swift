import HTTP
import KubeAPI
import Manifests
import Testing

@Suite("Lists page by page")
struct PagingTests {
    /// A server of `count` objects that forgets a walk's state after so many pages.
    private func server(_ count: Int, forgetsAfter: Int? = nil) -> (KubeClient, FakeTransport, WarningBox) {
        let walks = WarningBox()
        let (client, transport) = KubeClient.fake { request in
            let limit = request.query("limit").flatMap { Int($0) } ?? count
            let token = request.query("continue")
            if token == nil { walks.add("walk") }
            let start = token.flatMap { Int($0) } ?? 0
            // Only the first walk takes too long.
            if let forgetsAfter, walks.messages.count == 1, start / max(1, limit) >= forgetsAfter {
                return .json(410, ["kind": "Status", "reason": "Expired", "message": "too old"])
            }
            let end = min(count, start + limit)
            var metadata: JSONObject = ["resourceVersion": .string("\(100 + walks.messages.count)")]
            if end < count {
                metadata["continue"] = .string(String(end))
                metadata["remainingItemCount"] = .integer(Int64(count - end))
            }
            let items = (start..<end).map { JSONValue.object(["metadata": ["name": .string("c\($0)")]]) }
            return .json(200, ["kind": "ConfigMapList", "metadata": .object(metadata), "items": .array(items)])
        }
        return (client, transport, walks)
    }

    @Test(arguments: [0, 1, 4, 5, 6, 10, 11])
    func `every object comes once, whatever the pages`(_ count: Int) async throws {
        let (client, transport, _) = server(count)
        let list = try await client.listAll(
            Resources.configMaps, namespace: "a", options: ListOptions(limit: 5, labelSelector: "app=x"))
        #expect(list.items.map(\.name) == (0..<count).map { "c\($0)" })
        #expect(list.continueToken == nil)
        #expect(list.remaining == nil)
        #expect(transport.requests.count == max(1, (count + 4) / 5))
        #expect(transport.requests.allSatisfy { $0.query("labelSelector") == "app=x" && $0.query("limit") == "5" })
    }

    @Test func `a page tells how to go on`() async throws {
        let (client, _, _) = server(12)
        let page = try await client.list(Resources.configMaps, options: ListOptions(limit: 5))
        #expect(page.items.count == 5)
        #expect(page.continueToken == "5")
        #expect(page.remaining == 7)
    }

    @Test func `a resourceVersion is asked for once and not beside a token`() async throws {
        let (client, transport, _) = server(12)
        _ = try await client.listAll(
            Resources.configMaps,
            options: ListOptions(limit: 5, resourceVersion: "42", resourceVersionMatch: "NotOlderThan"))
        #expect(transport.requests.map { $0.query("resourceVersion") } == ["42", nil, nil])
        #expect(transport.requests.map { $0.query("resourceVersionMatch") } == ["NotOlderThan", nil, nil])
    }

    @Test func `a walk that the server has forgotten starts again, once, and mixes nothing`() async throws {
        let (client, _, walks) = server(12, forgetsAfter: 2)
        let list = try await client.listAll(Resources.configMaps, options: ListOptions(limit: 5))
        #expect(list.items.map(\.name) == (0..<12).map { "c\($0)" })
        #expect(list.resourceVersion == "102")
        #expect(walks.messages.count == 2)
    }

    @Test func `a server that forgets always is an error in the end`() async {
        let (client, transport) = KubeClient.fake { request in
            request.query("continue") == nil
                ? .json(200, ["kind": "ConfigMapList", "metadata": ["continue": "x", "resourceVersion": "1"]])
                : .json(410, ["kind": "Status", "reason": "Expired"])
        }
        let error = await #expect(throws: KubeError.self) { try await client.listAll(Resources.configMaps) }
        #expect(error?.code == .gone)
        #expect(transport.requests.count == 4)
    }

    @Test func `a server that names the same page again is an error, not a loop`() async {
        let (client, transport) = KubeClient.fake { _ in
            .json(200, ["kind": "ConfigMapList", "metadata": ["continue": "x", "resourceVersion": "1"]])
        }
        let error = await #expect(throws: KubeError.self) { try await client.listAll(Resources.configMaps) }
        #expect(error?.code == .decoding)
        #expect(transport.requests.count == 2)
    }
}

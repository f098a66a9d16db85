import HTTP
import Manifests
import Testing

@testable import SimCluster

@Suite struct TransportTests {
    private let create = HTTPRequest(
        .post, "/api/v1/namespaces/default/configmaps", headers: ["Content-Type": "application/json"],
        body: Array(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}"#.utf8))

    private func exists(_ world: SimWorld) -> Bool {
        world[
            ObjectReference(kind: GroupKind(group: "", kind: "ConfigMap"), namespace: "default", name: "a")] != nil
    }

    @Test(arguments: [
        (SimFault.refuse, TransportError.Code.notSent, false), (.loseRequest, .ambiguous, false),
        (.loseReply, .ambiguous, true),
    ])
    func aFaultSaysWhatIsKnownAndDoesWhatItSays(fault: SimFault, code: TransportError.Code, done: Bool) async {
        let transport = SimTransport(Bench().world, faults: { _ in fault })
        let error = await #expect(throws: TransportError.self) { try await transport.send(create) }
        #expect(error?.code == code)
        #expect(exists(transport.world) == done)
    }

    @Test func aStatusFaultAnswersWithoutDoing() async throws {
        let transport = SimTransport(Bench().world, faults: { _ in .status(429, retryAfter: 7) })
        let answer = try await transport.send(create)
        #expect(answer.status == 429)
        #expect(answer.headers["Retry-After"] == "7")
        #expect(!exists(transport.world))
    }

    @Test func aHangEndsWithTheCaller() async {
        let transport = SimTransport(Bench().world, faults: { _ in .hang })
        let request = create
        let waiting = Task { try await transport.send(request) }
        waiting.cancel()
        let error = await #expect(throws: TransportError.self) { try await waiting.value }
        #expect(error?.code == .cancelled)
    }

    @Test func readingTheWorldForksIt() async throws {
        let transport = SimTransport(Bench().world)
        let fork = transport.world
        _ = try await transport.send(create)
        #expect(!exists(fork))
        #expect(exists(transport.world))
        transport.world = fork
        #expect(!exists(transport.world))
    }
}

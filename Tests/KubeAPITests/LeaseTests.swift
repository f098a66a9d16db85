import HTTP
import KubeAPI
import Manifests
import Synchronization
import Testing

/// A server that keeps one Lease, with resourceVersions.
private final class LeaseServer: Sendable {
    private struct State {
        var object: JSONValue?
        var version = 0
    }

    private let state = Mutex(State())

    func answer(_ request: HTTPRequest) -> HTTPResponse {
        state.withLock { state in
            func store(_ json: JSONValue) -> HTTPResponse {
                state.version += 1
                var json = json
                json["metadata.resourceVersion" as FieldPath] = .string(String(state.version))
                json["metadata.uid" as FieldPath] = "u"
                state.object = json
                return .json(200, json)
            }
            let current = state.object?["metadata"]?["resourceVersion"]
            switch (request.method, state.object, request.json) {
            case (.get, .some(let object), _): return .json(200, object)
            case (.post, .none, .some(let json)): return store(json)
            case (.post, .some, _): return .json(409, ["kind": "Status", "reason": "AlreadyExists"])
            case (.put, .some, .some(let json)):
                guard json["metadata"]?["resourceVersion"] == current else {
                    return .json(409, ["kind": "Status", "reason": "Conflict"])
                }
                return store(json)
            case (.delete, .some, .some(let json)):
                guard json["preconditions"]?["resourceVersion"] == current else {
                    return .json(409, ["kind": "Status", "reason": "Conflict"])
                }
                state.object = nil
                return .json(200, ["kind": "Status", "status": "Success"])
            default: return .json(404, ["kind": "Status", "reason": "NotFound"])
            }
        }
    }
}

@Suite("Leases")
struct LeaseTests {
    private func client() -> LeaseClient {
        let server = LeaseServer()
        return LeaseClient(
            client: KubeClient.fake { server.answer($0) }.client, namespace: "kube-system", name: "kirikae-shop")
    }

    private let now = MicroTime.text(secondsSince1970: 1_785_402_900)
    private func claim(_ holder: String) -> LeaseClaim { LeaseClaim(holder: holder, annotations: ["run": "r1"]) }

    @Test func `a lease is taken, renewed, given back and taken again, and counts its hands`() async throws {
        let leases = client()
        #expect(try await leases.read() == nil)
        let first = try await leases.acquire(claim("a"), over: nil, at: now)
        #expect(first.holder == "a" && first.transitions == 1 && first.duration == .seconds(60))
        #expect(first.acquireTime == now && first.renewTime == now)
        let renewed = try await leases.renew(first, at: "later", annotations: ["head": "7"])
        #expect(renewed.renewTime == "later" && renewed.acquireTime == now && renewed.transitions == 1)
        let released = try await leases.release(renewed, at: "later", annotations: ["head": nil])
        #expect(released.holder == nil && released.object["spec.holderIdentity"] == nil)
        #expect(released.annotations["run"] == "r1", "the marker outlives the holder")
        #expect(released.annotations["head"] == nil)
        let second = try await leases.acquire(claim("b"), over: try await leases.read(), at: now)
        #expect(second.holder == "b" && second.transitions == 2)
        try await leases.delete(second)
        #expect(try await leases.read() == nil)
    }

    @Test func `of two that saw the same state one wins`() async throws {
        let leases = client()
        let first = try await leases.acquire(claim("a"), over: nil, at: now)
        let late = await #expect(throws: KubeError.self) { try await leases.acquire(claim("b"), over: nil, at: now) }
        #expect(late?.code == .alreadyExists)
        let taken = try await leases.acquire(claim("b"), over: first, at: now)
        #expect(taken.transitions == 2)
        for attempt in 0..<2 {
            let error = await #expect(throws: KubeError.self) {
                _ =
                    attempt == 0
                    ? try await leases.renew(first, at: now) : try await leases.release(first, at: now)
            }
            #expect(error?.code == .conflict, "who lost it cannot write it")
        }
        await #expect(throws: KubeError.self) { try await leases.delete(first) }
    }

    @Test func `taking what is ours already changes no hands`() async throws {
        let leases = client()
        let first = try await leases.acquire(claim("a"), over: nil, at: now)
        let again = try await leases.acquire(claim("a"), over: first, at: "later")
        #expect(again.transitions == 1 && again.acquireTime == now && again.renewTime == "later")
    }

    private func lease(_ holder: String?, renewed: String, seconds: Int64? = 60, note: String = "") -> Lease? {
        var object = KubeObject(APIResource.leases.gvk, namespace: "a", name: "b")
        object["spec.holderIdentity"] = holder.map(JSONValue.string)
        object["spec.renewTime"] = .string(renewed)
        object["spec.leaseDurationSeconds"] = seconds.map(JSONValue.integer)
        object[annotation: "note"] = note
        return Lease(object)
    }

    private func at(_ seconds: Int) -> Duration { .seconds(seconds) }

    @Test func `a holder that shows no sign of life for its whole duration has lost it`() {
        var observer = LeaseObserver(holder: "me")
        func see(_ lease: Lease?, _ began: Int, _ ended: Int) -> LeaseObserver.Verdict {
            observer.observe(lease, readFrom: at(began), to: at(ended))
        }
        #expect(see(lease("a", renewed: "1"), 0, 10) == .held(holder: "a", remaining: at(60)))
        #expect(
            see(lease("a", renewed: "1", note: "x"), 40, 41) == .held(holder: "a", remaining: at(30)),
            "a note is no sign")
        #expect(see(lease("a", renewed: "1"), 70, 71) == .held(holder: "a", remaining: at(0)), "not a moment too early")
        #expect(see(lease("a", renewed: "1"), 71, 72) == .expired(holder: "a"))
        #expect(see(lease("a", renewed: "2"), 73, 80) == .held(holder: "a", remaining: at(60)), "it lives after all")
        #expect(see(lease("b", renewed: "2"), 139, 139) == .held(holder: "b", remaining: at(60)), "another holder")
        #expect(see(nil, 140, 140) == .free)
        #expect(see(lease("b", renewed: "2"), 300, 300) == .held(holder: "b", remaining: at(60)), "counted anew")
        #expect(see(lease(nil, renewed: "3"), 301, 301) == .free)
        #expect(see(lease("me", renewed: "4"), 302, 302) == .ours)
    }

    @Test func `a lease without a duration never expires`() {
        var observer = LeaseObserver(holder: "me")
        for second in [0, 1_000, 1_000_000] {
            #expect(
                observer.observe(lease("a", renewed: "1", seconds: nil), readFrom: at(second), to: at(second))
                    == .held(holder: "a", remaining: nil))
        }
    }

    static let times: [(seconds: Int64, micro: Int, text: String)] = [
        (0, 0, "1970-01-01T00:00:00.000000Z"), (951_782_400, 1, "2000-02-29T00:00:00.000001Z"),
        (1_785_402_900, 123_456, "2026-07-30T09:15:00.123456Z"), (-1, 999_999, "1969-12-31T23:59:59.999999Z"),
        (4_107_542_399, 0, "2100-02-28T23:59:59.000000Z"), (4_107_542_400, 0, "2100-03-01T00:00:00.000000Z"),
    ]

    @Test(arguments: times)
    func `times are written with six decimals`(_ one: (seconds: Int64, micro: Int, text: String)) {
        #expect(MicroTime.text(secondsSince1970: one.seconds, microseconds: one.micro) == one.text)
    }
}

import KubeAPI
import Manifests
import Testing

/// Something that every API server does for this client.
struct Behaviour: Sendable, CustomTestStringConvertible {
    let name: String
    let check: @Sendable (Bench) async throws -> Void
    var testDescription: String { name }

    init(_ name: String, _ check: @escaping @Sendable (Bench) async throws -> Void) {
        self.name = name
        self.check = check
    }

    static let all = reading + writing + lists + watches
    /// Those that disturb the others, and so come after them, one by one, where the server has a store to itself.
    static let disturbing = forgetting
}

/// The error of a request that must fail.
func failure<Value>(_ request: () async throws(KubeError) -> Value) async throws -> KubeError {
    let error: KubeError?
    do throws(KubeError) {
        _ = try await request()
        error = nil
    } catch let caught { error = caught }
    return try #require(error, "the request should have failed")
}

@Suite("Every API server", .timeLimit(.minutes(10)))
struct ConformanceTests {
    @Test(arguments: Server.all)
    func `speaks with this client as all the others do`(_ server: Server) async throws {
        await withTaskGroup(of: Void.self) { group in
            var rest = Behaviour.all[...]
            func begin(_ behaviour: Behaviour) { group.addTask { await Self.check(behaviour, server) } }
            for behaviour in rest.prefix(4) { begin(behaviour) }
            rest = rest.dropFirst(4)
            while await group.next() != nil { if let behaviour = rest.popFirst() { begin(behaviour) } }
        }
        if server.store != nil { for behaviour in Behaviour.disturbing { await Self.check(behaviour, server) } }
    }

    private static func check(_ behaviour: Behaviour, _ server: Server) async {
        let what = "\(server.name.rawValue), \(behaviour.name)"
        do {
            guard let exception = Exceptions.of(server.name, behaviour.name) else {
                try await Bench.use(server) { bench in try await behaviour.check(bench) }
                return
            }
            guard exception.isRun else { return }
            try await Bench.use(server, patience: .seconds(10)) { bench in
                // A known issue that does not occur is an error: the list of exceptions holds what is so, no more.
                await withKnownIssue(Comment(rawValue: "\(what): \(exception.reason)")) {
                    try await behaviour.check(bench)
                }
            }
        } catch {
            Issue.record(error, Comment(rawValue: what))
        }
    }

    @Test func `exceptions name behaviours that there are`() {
        let all = Behaviour.all + Behaviour.disturbing
        let names = Set(all.map(\.name))
        #expect(names.count == all.count)
        for exception in Exceptions.all { #expect(names.contains(exception.behaviour), "\(exception.behaviour)") }
    }
}

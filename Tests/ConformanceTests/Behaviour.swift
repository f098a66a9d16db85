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
            func begin(_ behaviour: Behaviour) {
                group.addTask {
                    do {
                        try await Bench.use(server) { bench in try await Self.check(behaviour, bench) }
                    } catch {
                        Issue.record(error, "\(server.name.rawValue): \(behaviour.name)")
                    }
                }
            }
            for behaviour in rest.prefix(4) { begin(behaviour) }
            rest = rest.dropFirst(4)
            while await group.next() != nil { if let behaviour = rest.popFirst() { begin(behaviour) } }
        }
    }

    private static func check(_ behaviour: Behaviour, _ bench: Bench) async throws {
        guard let exception = Exceptions.of(bench.server.name, behaviour.name) else {
            try await behaviour.check(bench)
            return
        }
        guard exception.isRun else { return }
        // A known issue that does not occur is an error: the list of exceptions holds what is so, no more.
        await withKnownIssue(Comment(rawValue: "\(bench.server.name.rawValue), \(behaviour.name): \(exception.reason)"))
        {
            try await behaviour.check(bench)
        }
    }

    @Test func `exceptions name behaviours that there are`() {
        let names = Set(Behaviour.all.map(\.name))
        #expect(names.count == Behaviour.all.count)
        for exception in Exceptions.all { #expect(names.contains(exception.behaviour), "\(exception.behaviour)") }
    }
}

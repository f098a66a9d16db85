import Manifests
import Testing

@testable import Routing

/// A back end as the conformance suite sees it: how to make one with a world behind it, and how others change that world.
protocol RouterBench: Sendable {
    associatedtype Subject: Router
    /// A router whose route stands at all blue.
    func router() -> Subject
    /// Somebody else changes the own route behind the router's back.
    func disturb() throws
    /// Everything the back end holds, to see whether anything was written.
    func contents() throws -> [UInt8]
    /// Settings that must be refused.
    static var invalidSettings: [JSONValue] { get }
}

/// What every back end has to do, whatever is behind it.
struct RouterConformance<Bench: RouterBench> {
    let makeBench: @Sendable () throws -> Bench

    func runAll() async throws {
        try await readsWhatStands()
        try await setsAndVerifies()
        try await refusesAfterDisturbanceAndWritesNothing()
        try await isIdempotent()
        try await restoresExactly()
        try await oneOfManyWins()
        refusesInvalidSettings()
    }

    func readsWhatStands() async throws {
        let router = try makeBench().router()
        let state = try await router.read()
        #expect(state.weights == .allBlue)
        #expect(try await router.read() == state, "reading changes nothing, not even the etag")
    }

    func setsAndVerifies() async throws {
        let router = try makeBench().router()
        var state = try await router.read()
        for share in [1, 10, 50, 100] {
            let weights = try #require(Weights(green: share))
            try await router.set(weights, expecting: state)
            let next = try await router.read()
            #expect(next.weights == weights)
            #expect(next.etag != state.etag)
            let verification = try await router.verify(weights)
            if case .unverifiable = verification {} else { #expect(verification == .verified) }
            #expect(try await router.verify(.allBlue) != .verified)
            state = next
        }
    }

    func refusesAfterDisturbanceAndWritesNothing() async throws {
        let bench = try makeBench()
        let router = bench.router()
        let state = try await router.read()
        try bench.disturb()
        let before = try bench.contents()
        for attempt in 0..<2 {
            let error = await #expect(throws: RoutingError.self) {
                if attempt == 0 {
                    try await router.set(.allGreen, expecting: state)
                } else {
                    var saved = state
                    saved.raw["blue"] = 70
                    saved.raw["green"] = 30
                    try await router.restore(saved, expecting: state)
                }
            }
            #expect(error?.code == .conflict)
            #expect(try bench.contents() == before)
        }
    }

    func isIdempotent() async throws {
        let bench = try makeBench()
        let router = bench.router()
        let state = try await router.read()
        let weights = try #require(Weights(green: 10))
        try await router.set(weights, expecting: state)
        let after = try bench.contents()
        // The reply was lost; the caller asks again with what it knew then.
        try await router.set(weights, expecting: state)
        #expect(try bench.contents() == after)
    }

    func restoresExactly() async throws {
        let bench = try makeBench()
        let router = bench.router()
        let saved = try await router.read()
        try await router.set(try #require(Weights(green: 50)), expecting: saved)
        try await router.restore(saved, expecting: try await router.read())
        #expect(try await router.read() == saved)
        try await router.restore(saved, expecting: saved)
        #expect(try await router.read() == saved)
    }

    /// Many writers that all saw the same state want different weights.
    func oneOfManyWins() async throws {
        let bench = try makeBench()
        let state = try await bench.router().read()
        let outcomes = await withTaskGroup(of: (share: Int, code: RoutingError.Code?).self) { group in
            for share in 1...16 {
                group.addTask {
                    let router = bench.router()
                    guard let weights = Weights(green: share) else { return (share, .refused) }
                    do throws(RoutingError) {
                        try await router.set(weights, expecting: state)
                        return (share, nil)
                    } catch {
                        return (share, error.code)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let winners = outcomes.filter { $0.code == nil }
        #expect(winners.count == 1)
        #expect(outcomes.filter { $0.code == .conflict }.count == outcomes.count - 1)
        #expect(try await bench.router().read().weights.green == winners.first?.share)
    }

    func refusesInvalidSettings() {
        for settings in Bench.invalidSettings {
            let error = #expect(throws: RoutingError.self) {
                try RouterRegistry.router(kind: Bench.Subject.kind, settings: settings, folder: "")
            }
            #expect(error?.code == .invalidConfiguration, "\(settings)")
        }
    }
}

import Manifests
import Testing

@testable import Routing

/// What every back end has to do, whatever is behind it, also on its bad days.
struct RouterConformance<Bench: RouterBench> {
    let makeBench: @Sendable () async throws -> Bench

    func runAll() async throws {
        try await readsWhatStands()
        try await setsAndVerifies()
        try await refusesAfterMeddling()
        try await isIdempotent()
        try await restoresExactly()
        try await oneOfManyWins()
        try await survivesRestart()
        try await noticesWhoFightsBack()
        try await writesNothingWhereItCannotReach()
        try await doesNotKnowWhatTimedOut()
        try await isNotTakenInByALie()
        refusesInvalidSettings()
    }

    func readsWhatStands() async throws {
        let bench = try await makeBench()
        let router = try bench.router()
        let state = try await router.read()
        #expect(state.weights == .allBlue)
        #expect(try await bench.truth() == .allBlue)
        #expect(try await router.read() == state, "reading changes nothing, not even the etag")
    }

    func setsAndVerifies() async throws {
        let bench = try await makeBench()
        let router = try bench.router()
        var state = try await router.read()
        for share in [1, 10, 50, 100] {
            let weights = try #require(Weights(green: share))
            #expect(try !router.plan(weights).isEmpty)
            try await router.set(weights, expecting: state)
            let next = try await router.read()
            #expect(next.weights == weights)
            #expect(next.etag != state.etag)
            #expect(try await bench.truth() == weights)
            try await expectVerified(router, weights)
            #expect(try await router.verify(.allBlue) != .verified)
            state = next
        }
        let open = try await router.openConnections()
        #expect((open != nil) == router.capabilities.countsConnections)
    }

    func refusesAfterMeddling() async throws {
        let bench = try await makeBench()
        let router = try bench.router()
        let saved = try await router.read()
        try await router.set(try share(10), expecting: saved)
        let state = try await router.read()
        try await bench.meddle(try share(20))
        for attempt in 0..<2 {
            let error = await #expect(throws: RoutingError.self) {
                if attempt == 0 {
                    try await router.set(.allGreen, expecting: state)
                } else {
                    try await router.restore(saved, expecting: state)
                }
            }
            #expect(error?.code == .conflict)
            #expect(error?.effect == .notApplied)
            #expect(try await bench.truth().green == 20, "somebody else's value stays")
        }
        // Told what stands there now, it may.
        try await router.set(.allGreen, expecting: try await router.read())
        #expect(try await bench.truth() == .allGreen)
    }

    func isIdempotent() async throws {
        let bench = try await makeBench()
        let router = try bench.router()
        let state = try await router.read()
        try await router.set(try share(10), expecting: state)
        let after = try await router.read()
        // The reply was lost; the caller asks again with what it knew then.
        try await router.set(try share(10), expecting: state)
        #expect(try await router.read() == after)
    }

    func restoresExactly() async throws {
        let bench = try await makeBench()
        let router = try bench.router()
        let saved = try await router.read()
        try await router.set(try share(50), expecting: saved)
        try await router.restore(saved, expecting: try await router.read())
        // The etag may be a count of changes; what it stands for must be the same.
        let restored = try await router.read()
        #expect(restored.weights == saved.weights && restored.raw == saved.raw)
        #expect(try await bench.truth() == .allBlue)
        try await router.restore(saved, expecting: restored)
        #expect(try await router.read() == restored)
    }

    /// Many writers that all saw the same state want different weights.
    func oneOfManyWins() async throws {
        let bench = try await makeBench()
        let state = try await bench.router().read()
        let outcomes = try await withThrowingTaskGroup(of: (share: Int, code: RoutingError.Code?).self) { group in
            for share in 1...6 {
                group.addTask {
                    let router = try bench.router()
                    let weights = try self.share(share)
                    do throws(RoutingError) {
                        try await router.set(weights, expecting: state)
                        return (share, nil)
                    } catch {
                        return (share, error.code)
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let winners = outcomes.filter { $0.code == nil }
        #expect(winners.count == 1, "\(outcomes)")
        #expect(outcomes.filter { $0.code == .conflict }.count == outcomes.count - 1, "\(outcomes)")
        #expect(try await bench.truth().green == winners.first?.share)
    }

    func survivesRestart() async throws {
        let bench = try await makeBench()
        let router = try bench.router()
        let before = try await router.read()
        try await router.set(try share(50), expecting: before)
        guard try await bench.restart() else { return }
        // Kept, or forgotten and said so: never one thing told and another done.
        let now = try await router.read()
        #expect(now.weights.green == 50)
        #expect(try await bench.truth() == now.weights)
        try await router.set(.allGreen, expecting: now)
        try await expectVerified(router, .allGreen)
        try await router.restore(before, expecting: try await router.read())
        #expect(try await bench.truth() == .allBlue)
    }

    func noticesWhoFightsBack() async throws {
        let bench = try await makeBench()
        let router = try bench.router()
        var stale = try await router.read()
        for round in 0..<2 {
            try await router.set(try share(10), expecting: stale)
            let ours = try await router.read()
            try await bench.meddle(try share(30 + round))
            #expect(try await router.verify(try share(10)) != .verified)
            let error = await #expect(throws: RoutingError.self) { try await router.set(.allGreen, expecting: ours) }
            #expect(error?.code == .conflict)
            stale = try await router.read()
            #expect(stale.weights.green == 30 + round)
        }
        try await router.set(.allBlue, expecting: stale)
        #expect(try await bench.truth() == .allBlue, "the way back stays open")
    }

    func writesNothingWhereItCannotReach() async throws {
        let bench = try await makeBench()
        let state = try await bench.router().read()
        guard let router = try bench.router(.unreachable) else { return }
        let reading = await #expect(throws: RoutingError.self) { try await router.read() }
        #expect(reading?.code == .unreachable)
        let writing = await #expect(throws: RoutingError.self) { try await router.set(.allGreen, expecting: state) }
        #expect(writing?.code == .unreachable)
        #expect(writing?.effect == .notApplied)
        #expect(try await bench.truth() == .allBlue)
    }

    func doesNotKnowWhatTimedOut() async throws {
        let bench = try await makeBench()
        guard let router = try bench.router(.timesOutAfterApplying) else { return }
        let state = try await router.read()
        let error = await #expect(throws: RoutingError.self) { try await router.set(try share(10), expecting: state) }
        #expect(error?.effect == .unknown)
        // The caller looks, and asks again with what it knew before.
        let sound = try bench.router()
        #expect(try await sound.read().weights.green == 10)
        try await sound.set(try share(10), expecting: state)
        try await expectVerified(sound, try share(10))
        #expect(try await bench.truth().green == 10)
    }

    func isNotTakenInByALie() async throws {
        let bench = try await makeBench()
        guard let router = try bench.router(.lies) else { return }
        let state = try await router.read()
        do throws(RoutingError) { try await router.set(.allGreen, expecting: state) } catch {
            // Found out already: then it does not claim to know.
            #expect(error.effect == .unknown)
        }
        #expect(try await router.verify(.allGreen) != .verified)
        #expect(try await bench.truth() == .allBlue)
    }

    func refusesInvalidSettings() {
        for (settings, place) in Bench.invalidSettings {
            let error = #expect(throws: RoutingError.self) {
                try RouterRegistry.router(kind: Bench.Subject.kind, settings: settings, ports: RouterPorts(folder: ""))
            }
            #expect(error?.code == .invalidConfiguration, "\(settings)")
            #expect(error?.place?.description == place, "\(settings): \(String(describing: error))")
        }
    }

    private func share(_ green: Int) throws -> Weights { try #require(Weights(green: green)) }

    /// Verified, at the latest after a while: what a reload replaces answers a moment longer.
    private func expectVerified(_ router: Bench.Subject, _ weights: Weights) async throws {
        var last = RouteVerification.pending("never asked")
        for _ in 0..<200 {
            last = try await router.verify(weights)
            guard case .pending = last else { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        if case .unverifiable = last { return }
        #expect(last == .verified)
    }
}

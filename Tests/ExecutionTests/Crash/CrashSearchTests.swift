import Manifests
import Planning
import Testing

@testable import Execution

/// Ends the process at every call of every port, goes on with new processes until the run
/// is over, and compares the world with that of a run that nothing happened to.
@Suite("A process that ends at any instruction")
struct CrashSearchTests {
    /// What is done to the run, each with its own way of going on after a crash.
    enum Course: String, CaseIterable, Sendable {
        case forward
        case backToCutover
        case backToStart
        case waveBack
        case forwardThenBack
        /// After the crash nobody goes forward again: what is in doubt must be undone too.
        case giveUp
        /// Green answers badly at the probe gate, so that the run goes back by itself.
        case gateReturns
    }

    @Test("leaves a run that ends as if nothing had happened", arguments: Course.allCases)
    func everyCrashPoint(course: Course) async throws {
        let (calls, expected) = try await Self.undisturbed(course)
        #expect(calls > 25)
        var failures: [String] = []
        for call in 0..<calls {
            // Before call n is the same instant as after call n - 1, as far as the world can tell.
            let moment = call == 0 ? Faults.Moment.before : .after
            if let failure = try await Self.disturbed(course, call, moment, expected, .none) {
                failures.append(failure)
            }
        }
        #expect(failures.isEmpty, "\(failures.count) of \(calls): \(failures.prefix(3).joined(separator: "\n"))")
    }

    @Test("leaves a run that ends as if nothing had happened, also when two processes end")
    func pairsOfCrashes() async throws {
        let (calls, expected) = try await Self.undisturbed(.forward)
        var failures: [String] = []
        for first in stride(from: 0, to: calls, by: 7) {
            for second in stride(from: 0, to: calls - first, by: 19) {
                let scene = try Scene()
                scene.faults.restart(crashAt: first, .after)
                _ = await Self.act(.forward, scene)
                scene.faults.restart(crashAt: second, .before)
                scene.store.crash(tornBytes: first % 7)
                _ = await Self.goOn(.forward, scene)
                scene.store.crash(tornBytes: second % 5)
                scene.faults.restart()
                let outcome = await Self.goOn(.forward, scene)
                if outcome.kind != .succeeded || scene.world != expected {
                    failures.append("crash at \(first), then \(second): \(outcome.kind) \(outcome.message)")
                }
            }
        }
        #expect(failures.isEmpty, "\(failures.count): \(failures.prefix(3).joined(separator: "\n"))")
    }

    @Test(
        "and the machine that it ran on is lost, goes on from the mirror as if nothing had happened",
        arguments: [Course.forward, .backToCutover, .forwardThenBack, .giveUp])
    func everyLoss(course: Course) async throws {
        let (calls, expected) = try await Self.undisturbed(course, mirrored: true)
        var failures: [String] = []
        for call in 0..<calls {
            let moment = call == 0 ? Faults.Moment.before : .after
            if let failure = try await Self.disturbed(course, call, moment, expected, .none, isLost: true) {
                failures.append(failure)
            }
        }
        #expect(failures.isEmpty, "\(failures.count) of \(calls): \(failures.prefix(3).joined(separator: "\n"))")
    }

    /// The test of the test: each deliberate mistake must be noticed.
    @Test(
        "is noticed to go wrong when the engine makes a mistake",
        arguments: [
            (EngineMutation.undoOnlyVerified, Course.giveUp), (.recaptureOnResume, .forwardThenBack),
            (.effectBeforeIntent, .forward), (.trustIntent, .forward), (.returnWithoutWaking, .gateReturns),
        ])
    func mutants(mutation: EngineMutation, course: Course) async throws {
        let (calls, expected) = try await Self.undisturbed(course)
        var caught = 0
        for call in 0..<calls where caught == 0 {
            if try await Self.disturbed(course, call, .after, expected, mutation) != nil { caught += 1 }
        }
        #expect(caught > 0)
    }

    static func undisturbed(
        _ course: Course, mirrored: Bool = false
    ) async throws -> (calls: Int, world: Scene.World) {
        var scene = try Scene()
        if mirrored { scene.mirror = TestMirror(scene.faults) }
        try await prepare(course, scene)
        scene.faults.restart()
        let outcome = await act(course, scene)
        #expect(outcome.kind == end(course), "\(outcome.message)")
        #expect(scene.faults.violations.isEmpty)
        return (scene.faults.calls, scene.world)
    }

    /// What went wrong; nil when nothing did.
    static func disturbed(
        _ course: Course, _ call: Int, _ moment: Faults.Moment, _ expected: Scene.World, _ mutation: EngineMutation,
        isLost: Bool = false
    ) async throws -> String? {
        var scene = try Scene()
        if isLost { scene.mirror = TestMirror(scene.faults) }
        scene.mutation = mutation
        try await prepare(course, scene)
        scene.faults.restart(crashAt: call, moment)
        _ = await act(course, scene)
        guard scene.faults.hasCrashed else { return "call \(call) was not reached" }
        scene.store.crash(tornBytes: call % 9)
        scene.faults.restart()
        if isLost { _ = try await scene.loseMachine() }
        let outcome = await goOn(course, scene)
        if let violation = scene.faults.violations.first { return "crash \(moment) call \(call): \(violation)" }
        if outcome.kind != end(course) { return "crash \(moment) call \(call): \(outcome.kind) \(outcome.message)" }
        // A machine that is lost before anything was mirrored has begun nothing: the plan is begun anew, as another run.
        let isSame =
            isLost ? Self.timeless(scene.world) == Self.timeless(expected) : scene.world == expected
        if !isSame { return "crash \(moment) call \(call): another world" }
        return nil
    }

    private static func timeless(_ world: Scene.World) -> Scene.World {
        var world = world
        world.green = world.green.mapValues { object in
            var object = object
            object[StepKey.annotationPath] = nil
            return object
        }
        return world
    }

    /// Brings the run to where the course begins.
    private static func prepare(_ course: Course, _ scene: Scene) async throws {
        if course == .gateReturns { scene.prober.set(badPercent: 100) }
        guard [.backToCutover, .backToStart, .waveBack].contains(course) else { return }
        var first = scene
        first.signals = SignalCounter()
        first.mutation = .none
        let stop = StopAt(.stepVerified, step: "back.010-apply", first.signals)
        _ = await first.runner(observer: stop).apply(scene.document)
    }

    private static func act(_ course: Course, _ scene: Scene) async -> RunOutcome {
        let run = (try? scene.run) ?? ""
        switch course {
        case .forward, .gateReturns: return await scene.runner.apply(scene.document)
        case .forwardThenBack, .giveUp:
            _ = await scene.runner.apply(scene.document)
            return await turnBack(scene)
        case .backToCutover:
            return await scene.runner.rollback(run, to: .checkpoint("before-cutover-front"), scene.document)
        case .backToStart: return await scene.runner.rollback(run, to: .checkpoint("start"), scene.document)
        case .waveBack: return await scene.runner.rollback(run, to: .wave("front"), scene.document)
        }
    }

    /// What an operator types after a crash.
    private static func goOn(_ course: Course, _ scene: Scene) async -> RunOutcome {
        let run = (try? scene.run) ?? ""
        guard let state = try? scene.store.runs().last?.state else { return await act(course, scene) }
        switch course {
        case .forward: return await scene.runner.resume(run, scene.document)
        case .gateReturns:
            if case .paused = state.phase { return Runner.outcome(.paused(at: "", owed: 0), state) }
            return await scene.runner.resume(run, scene.document)
        case .forwardThenBack:
            if state.rollback == nil, !state.phase.isTerminal { _ = await scene.runner.resume(run, scene.document) }
            return await turnBack(scene)
        case .giveUp:
            if state.rollback == nil, state.checkpoints.isEmpty {
                // Nothing was written yet, and the tool says so.
                return Runner.outcome(.rolledBack, state)
            }
            return await turnBack(scene)
        case .backToCutover, .backToStart, .waveBack:
            if case .paused = state.phase { return Runner.outcome(.paused(at: "", owed: 0), state) }
            return state.rollback == nil
                ? await act(course, scene) : await scene.runner.resume(run, scene.document)
        }
    }

    private static func turnBack(_ scene: Scene) async -> RunOutcome {
        await scene.runner.rollback((try? scene.run) ?? "", to: .checkpoint("start"), scene.document)
    }

    private static func end(_ course: Course) -> RunOutcome.Kind {
        switch course {
        case .forward: .succeeded
        case .backToStart, .forwardThenBack, .giveUp: .rolledBack
        case .backToCutover, .waveBack, .gateReturns: .paused
        }
    }
}

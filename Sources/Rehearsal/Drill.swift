public import Execution
import HTTP
import KubeAPI
public import Manifests
import Planning
import Routing
import SimCluster

/// Rehearses a plan: the plan's own bytes through the same engine, on two embedded clusters.
///
/// Blue is made from the inventory that the plan was made from; green is empty and serves the plan's target version.
/// Routes are balancers in memory whatever the plan names, so a drill never moves real traffic. Time is virtual.
public struct Drill: Sendable {
    /// A way back to rehearse: having reached one checkpoint, return to another, then go forward again.
    public struct WayBackRehearsal: Sendable, Hashable {
        public var from: String
        public var to: String

        public init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    let document: PlanDocument
    let blueObjects: [KubeObject]
    let seed: UInt64
    /// Somebody who meddles after each journal record; for tests of what a drill notices.
    var meddler: (@Sendable (JournalRecord, DrillStage) -> Void)?

    /// A drill of that plan.
    ///
    /// Nothing runs yet.
    ///
    /// - Parameters:
    ///   - blueObjects: the inventory's objects, Secrets redacted or whole.
    ///   - seed: the same seed gives the same journal, byte for byte.
    public init(document: PlanDocument, blueObjects: [KubeObject], seed: UInt64) {
        self.document = document
        self.blueObjects = blueObjects
        self.seed = seed
    }

    /// The first cutover's way back: from the end of the first wave that has one to the checkpoint before it.
    public var defaultWayBack: WayBackRehearsal? {
        for wave in document.plan.waves {
            let checkpoints = wave.steps.compactMap(\.checkpointName)
            guard wave.steps.contains(where: { if case .route = $0.action { true } else { false } }),
                let from = checkpoints.last, let to = checkpoints.first, from != to
            else { continue }
            return WayBackRehearsal(from: from, to: to)
        }
        return nil
    }

    /// The checkpoints of the plan, in order.
    public var checkpoints: [String] { document.plan.steps.compactMap { $0.step.checkpointName } }

    /// Every cut that can be returned to, each with the cut after it.
    public var everyWayBack: [WayBackRehearsal] {
        zip(checkpoints.dropFirst(), checkpoints).map { WayBackRehearsal(from: $0, to: $1) }
    }

    /// Runs the plan to its end, with the given ways back on the way.
    ///
    /// - Parameters:
    ///   - waysBack: in the order in which their `from` checkpoints are reached.
    ///   - failingGates: ids of gates that find green failing once, before anything else is rehearsed.
    ///   - store: where the journal goes; in memory, or in a folder that can be looked at afterwards.
    ///   - observer: told of every journal record.
    public func run(
        waysBack: [WayBackRehearsal], failingGates: [String] = [], store: any RunStore,
        observer: any RunObserver = SilentObserver()
    ) async throws -> DrillReport {
        let stage = try DrillStage(document: document, blueObjects: blueObjects, seed: seed, meddler: meddler)
        var report = DrillReport(plan: document.plan.name, planDigest: document.digest, seed: seed)
        report.before = stage.contents()
        var run: String?
        for gate in failingGates {
            stage.prober.fail([gate])
            let failed = try await stage.go(forward: run, until: nil, store: store, observer: observer)
            stage.prober.fail([])
            run = failed.run
            guard let target = returnTarget(of: gate), failed.kind == .paused, stage.reached(target) else {
                // A gate that halts is a rehearsed end too; the run goes on from there.
                if failed.kind == .halted, failed.state?.halt?.code == "gate-failed" { continue }
                report.outcome = failed
                report.problems.append(
                    "gate \(gate) was to fail, and the run ended as \(failed.kind): \(failed.message)")
                return await stage.finish(report, store: store)
            }
            report.returns.append(
                DrillReport.Return(
                    wayBack: WayBackRehearsal(from: gate, to: target), outcome: failed.kind,
                    milliseconds: try Self.lastReturn(of: failed.run, in: store),
                    expected: stage.snapshot(at: target), found: stage.contents(), weights: stage.weights()))
        }
        for wayBack in waysBack {
            let forward = try await stage.go(forward: run, until: wayBack.from, store: store, observer: observer)
            run = forward.run
            guard let begun = run, stage.reached(wayBack.from) else {
                report.outcome = forward
                report.problems.append("the run never reached checkpoint \(wayBack.from): \(forward.message)")
                return await stage.finish(report, store: store)
            }
            let atTarget = stage.snapshot(at: wayBack.to)
            let began = stage.clock.wallMilliseconds
            let back = await stage.rollback(begun, to: wayBack.to, store: store, observer: observer)
            report.returns.append(
                DrillReport.Return(
                    wayBack: wayBack, outcome: back.kind,
                    milliseconds: stage.clock.wallMilliseconds - began,
                    expected: atTarget, found: stage.contents(), weights: stage.weights()))
            guard back.kind == .paused || back.kind == .rolledBack else {
                report.outcome = back
                report.problems.append("the way back to \(wayBack.to) ended as \(back.kind): \(back.message)")
                return await stage.finish(report, store: store)
            }
            // Behind the very first checkpoint nothing is left of the run, and the plan begins anew.
            if back.kind == .rolledBack { run = nil }
        }
        report.outcome = try await stage.go(forward: run, until: nil, store: store, observer: observer)
        return await stage.finish(report, store: store)
    }

    /// The gates of the plan that measure, in order.
    public var measuringGates: [String] {
        document.plan.steps.compactMap { _, step in
            if case .gate(let gate) = step.action, gate.gate == .probe { step.id } else { nil }
        }
    }

    private func returnTarget(of gate: String) -> String? {
        for (_, step) in document.plan.steps where step.id == gate {
            if case .gate(let action) = step.action { return action.returnTo }
        }
        return nil
    }

    private static func lastReturn(of run: String?, in store: any RunStore) throws(JournalError) -> Int64 {
        guard let run else { return 0 }
        return ReturnTime.all(in: try store.read(run).records).last?.wholeMilliseconds ?? 0
    }
}

import Execution
import HTTP
import KubeAPI
import Manifests
import Planning
import Routing
import SimCluster

/// The two embedded clusters, the balancers and the clock of one drill.
final class DrillStage: Sendable {
    let document: PlanDocument
    let blue: SimTransport
    let green: SimTransport
    let clock: DrillClock
    let routers: [String: SimRouter]
    let watch: DrillWatch
    let prober: SimProber
    private let random: any RandomSource
    private let meddler: (@Sendable (JournalRecord, DrillStage) -> Void)?

    /// Sets the stage: blue from the inventory, an empty green, all traffic on blue.
    init(
        document: PlanDocument, blueObjects: [KubeObject], seed: UInt64,
        meddler: (@Sendable (JournalRecord, DrillStage) -> Void)? = nil
    ) throws {
        self.meddler = meddler
        self.document = document
        let plan = document.plan
        let start = VirtualTime.seconds(plan.takenAt) ?? 0
        var world = SimWorld(
            version: plan.blue.version, name: plan.blue.name, uid: plan.blue.uid, seed: seed, now: start)
        // The Lease of a run of this migration may have been on blue when the inventory was taken. It is a lock of then.
        let lease = ObjectReference(
            kind: GroupKind(group: "coordination.k8s.io", kind: "Lease"), namespace: RunPorts.leaseNamespace,
            name: RunPorts.leaseName(plan.name))
        let problems = world.load(blueObjects.filter { $0.reference != lease })
        guard problems.isEmpty else {
            throw DrillError("blue cannot be rebuilt from the inventory: \(problems[0])")
        }
        blue = SimTransport(world)
        green = SimTransport(
            SimWorld(
                version: plan.green.version, name: plan.green.name, uid: plan.green.uid, seed: seed &+ 1, now: start))
        clock = DrillClock(startingAt: start, clusters: [blue, green])
        routers = Dictionary(uniqueKeysWithValues: plan.routes.map { ($0.name, SimRouter()) })
        random = SeededRandom(seed: seed)
        prober = SimProber(document: document, blue: blue, green: green, seed: seed)
        watch = DrillWatch(document: document, blue: blue, green: green, routers: routers)
    }

    /// Runs forward: begins the plan, or goes on with a run; stops once `checkpoint` is reached.
    func go(
        forward run: String?, until checkpoint: String?, store: any RunStore, observer: any RunObserver
    ) async throws -> RunOutcome {
        // Reached means reached now, not before some way back.
        if let checkpoint { watch.forget(checkpoint) }
        let signals = SignalCounter()
        let runner = Runner(ports: ports(store, observer, signals, until: checkpoint), tool: document.plan.tool)
        if let run { return await runner.resume(run, document) }
        return await runner.apply(document)
    }

    /// Goes back.
    func rollback(
        _ run: String, to checkpoint: String, store: any RunStore, observer: any RunObserver
    ) async -> RunOutcome {
        await Runner(ports: ports(store, observer, SignalCounter(), until: nil), tool: document.plan.tool)
            .rollback(run, to: .checkpoint(checkpoint), document)
    }

    /// Whether that checkpoint was recorded since the last command to go forward.
    func reached(_ checkpoint: String) -> Bool { watch.hasReached(checkpoint) }

    /// What both clusters held when that checkpoint was recorded.
    func snapshot(at checkpoint: String) -> DrillReport.Contents { watch.snapshot(at: checkpoint) ?? contents() }

    /// What both clusters hold now.
    func contents() -> DrillReport.Contents { watch.contents() }

    /// Where traffic is now, by route.
    func weights() -> [String: Weights] { routers.mapValues(\.weights) }

    /// Adds what can only be said at the end.
    func finish(_ report: DrillReport, store: any RunStore) async -> DrillReport {
        var report = report
        report.after = contents()
        report.run = report.outcome?.run ?? report.run
        report.histories = routers.mapValues(\.history)
        report.problems += watch.problems
        report.blueAtEnd = blue.world.objects
        report.greenAtEnd = green.world.objects
        if let run = report.run {
            do throws(JournalError) {
                let contents = try store.read(run)
                report.records = contents.records.count
                report.measurements = GateMeasurement.all(in: contents.records)
                report.times = ReturnTime.all(in: contents.records)
            } catch {
                report.problems.append("the journal does not verify: \(error.message)")
            }
        }
        return report
    }

    private func ports(
        _ store: any RunStore, _ observer: any RunObserver, _ signals: SignalCounter, until checkpoint: String?
    ) -> RunPorts {
        var ports = RunPorts(
            store: store, blue: KubeClient(transport: blue, cluster: document.plan.blue.name),
            green: KubeClient(transport: green, cluster: document.plan.green.name), migration: document.plan.name,
            routers: routers, clock: clock, random: random, signals: signals, approver: DrillApprover(),
            observer: DrillObserver(
                watch: watch, next: observer, stopAt: checkpoint, signals: signals,
                meddle: { [weak self] record in self.map { $0.meddler?(record, $0) } }),
            actor: "drill@localhost#0", place: "drill")
        ports.isRehearsal = true
        ports.worksInTurn = true
        ports.prober = prober
        return ports
    }
}

/// Why a drill cannot begin.
public struct DrillError: Error, Sendable, CustomStringConvertible {
    /// In words, with what to do.
    public var description: String

    init(_ description: String) { self.description = description }
}

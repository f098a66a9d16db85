import Execution
import Manifests
import Planning
import Routing
import SimCluster
import Synchronization

/// Looks at both clusters after every journal record and remembers what must not have been.
final class DrillWatch: Sendable {
    private struct State {
        /// Worlds are values: keeping one costs nothing until it is asked what it held.
        var snapshots: [String: (blue: SimWorld, green: SimWorld)] = [:]
        var problems: [String] = []
    }

    private let document: PlanDocument
    private let blue: SimTransport
    private let green: SimTransport
    private let routers: [String: SimRouter]
    /// Objects of which only one side may be awake.
    private let exclusive: [FieldChange]
    private let state = Mutex(State())

    init(document: PlanDocument, blue: SimTransport, green: SimTransport, routers: [String: SimRouter]) {
        self.document = document
        self.blue = blue
        self.green = green
        self.routers = routers
        exclusive = document.plan.steps.flatMap { entry -> [FieldChange] in
            guard case .setFields(let action) = entry.step.action, action.side == .blue,
                entry.step.undoPhase == .wakeBlue
            else { return [] }
            return action.changes
        }
    }

    /// Whether that checkpoint was recorded since it was forgotten.
    func hasReached(_ checkpoint: String) -> Bool { state.withLock { $0.snapshots[checkpoint] != nil } }

    /// What both clusters held when that checkpoint was recorded last.
    func snapshot(at checkpoint: String) -> DrillReport.Contents? {
        state.withLock { $0.snapshots[checkpoint] }.map { contents(blue: $0.blue, green: $0.green) }
    }

    /// Forgets that a checkpoint was ever reached.
    func forget(_ checkpoint: String) { state.withLock { $0.snapshots[checkpoint] = nil } }

    /// What was seen and must not be, each thing once.
    var problems: [String] { state.withLock { $0.problems } }

    /// What both clusters hold now.
    func contents() -> DrillReport.Contents { contents(blue: blue.world, green: green.world) }

    private func contents(blue: SimWorld, green: SimWorld) -> DrillReport.Contents {
        let lease = RunPorts.leaseName(document.plan.name)
        return DrillReport.Contents(
            blue: ClusterContent(blue.objects, withoutLease: lease),
            green: ClusterContent(green.objects, withoutLease: lease))
    }

    /// Takes in one record.
    func look(at record: JournalRecord) {
        if let name = record.checkpointName {
            let worlds = (blue: blue.world, green: green.world)
            state.withLock { $0.snapshots[name] = worlds }
        }
        checkExclusiveWorkloads()
    }

    /// Invariant: what must not run twice is awake on one side at most.
    private func checkExclusiveWorkloads() {
        let (blue, green) = (blue.world, green.world)
        for change in exclusive {
            guard let field = change.fields.first(where: { Self.isSwitch($0.path) }) else { continue }
            let awake = { (world: SimWorld) in
                guard let object = world[change.object] else { return false }
                return Self.isAwake(object, field.path)
            }
            if awake(blue), awake(green) { note("\(change.object) ran on both clusters at once") }
        }
    }

    private func note(_ problem: String) {
        state.withLock { state in
            if !state.problems.contains(problem) { state.problems.append(problem) }
        }
    }

    private static func isSwitch(_ path: FieldPath) -> Bool {
        path == "spec.replicas" || path == "spec.suspend"
    }

    /// Whether the object acts: replicas above 0, or not suspended.
    static func isAwake(_ object: KubeObject, _ path: FieldPath) -> Bool {
        path == "spec.suspend" ? object[path]?.bool != true : (object[path]?.integer ?? 1) > 0
    }
}

/// Hands each record to the watch and then on, and asks the run to stop where the drill wants to turn round.
struct DrillObserver: RunObserver {
    let watch: DrillWatch
    let next: any RunObserver
    let stopAt: String?
    let signals: SignalCounter
    let meddle: @Sendable (JournalRecord) -> Void

    func recorded(_ record: JournalRecord, progress: RunProgress) {
        meddle(record)
        watch.look(at: record)
        next.recorded(record, progress: progress)
        if let stopAt, record.checkpointName == stopAt { signals.receive("drill") }
    }

    func waiting(_ what: String, progress: RunProgress) { next.waiting(what, progress: progress) }
}

extension JournalRecord {
    /// The checkpoint that this record cuts; nil for any other record.
    var checkpointName: String? { entry.type == .checkpoint ? entry.text("checkpoint") : nil }
}

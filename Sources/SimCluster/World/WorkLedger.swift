import HashTreeCollections
public import Manifests

/// One start of work: a CronJob that fired, or a Job that began.
public struct JobRun: Sendable, Hashable {
    /// The CronJob, or the Job itself when no CronJob stands behind it.
    public var workload: ObjectReference
    /// Its uid, so that one deleted and made anew counts as another.
    public var uid: String
    /// The moment the schedule asked for; the start for Jobs.
    ///
    /// Seconds since 1970.
    public var scheduledAt: Int
    /// When it began.
    public var startedAt: Int
}

/// A workload that went to sleep or woke up.
public struct ActivityChange: Sendable, Hashable {
    /// The Deployment, StatefulSet, DaemonSet, ReplicaSet or CronJob.
    public var workload: ObjectReference
    /// Seconds since 1970.
    public var at: Int
    /// Whether it may act from then on: replicas above 0, or not suspended.
    ///
    /// False too once it is gone.
    public var awake: Bool
}

/// What ran and what was awake, from the world's beginning: the proof that nothing ran twice.
struct WorkLedger: Sendable {
    // Persistent trees, so that a fork does not copy history.
    private var runLog: TreeDictionary<Int, JobRun> = [:]
    private var activityLog: TreeDictionary<Int, ActivityChange> = [:]

    /// In the order in which they began.
    var runs: [JobRun] { (0..<runLog.count).compactMap { runLog[$0] } }
    /// In the order in which they happened.
    var activity: [ActivityChange] { (0..<activityLog.count).compactMap { activityLog[$0] } }

    mutating func record(_ run: JobRun) { runLog[runLog.count] = run }
    mutating func record(_ change: ActivityChange) { activityLog[activityLog.count] = change }
}

extension SimWorld {
    /// Every start of a CronJob or Job so far, in order.
    public var jobRuns: [JobRun] { ledger.runs }

    /// Every falling asleep and waking up of a workload so far, in order.
    ///
    /// Loading an awake one counts as waking.
    public var activity: [ActivityChange] { ledger.activity }

    /// Whether an object does work of its own when left alone; nil for kinds that never do.
    static func isAwake(_ object: KubeObject) -> Bool? {
        switch object.gvk.kind {
        case "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController":
            (object["spec.replicas"]?.integer ?? 1) > 0
        case "DaemonSet": true
        case "CronJob": object["spec.suspend"]?.bool != true
        default: nil
        }
    }

    mutating func recordActivity(_ key: StorageKey, old: KubeObject?, new: KubeObject?) {
        let before = old.flatMap(Self.isAwake) ?? false
        let after = new.flatMap(Self.isAwake) ?? false
        guard before != after else { return }
        let reference = ObjectReference(
            kind: key.kind, namespace: key.namespace.isEmpty ? nil : key.namespace, name: key.name)
        ledger.record(ActivityChange(workload: reference, at: now, awake: after))
    }
}

import Manifests

/// How workloads sleep: the field, and the value under which they do nothing.
///
/// DaemonSets have no such field. They are copied as they are and run on green's nodes at once: node agents have to be
/// there before anything else, and a node selector that matches nothing would hide from people why nothing runs. Jobs
/// and naked Pods have none either; they are held.
struct Standby: Sendable {
    /// Where the switch is.
    let path: FieldPath
    /// The value that means asleep.
    let asleep: JSONValue
    /// What an absent field means.
    let defaultValue: JSONValue
    /// The annotation that remembers blue's value when blue is put to sleep.
    let memory: String

    /// How objects of a kind sleep, nil for those that cannot.
    static func of(_ kind: GroupKind) -> Standby? {
        switch kind {
        case .apps("Deployment"), .apps("StatefulSet"), .apps("ReplicaSet"), .core("ReplicationController"),
            GroupKind(group: "extensions", kind: "Deployment"), GroupKind(group: "extensions", kind: "ReplicaSet"):
            Standby(path: "spec.replicas", asleep: 0, defaultValue: 1, memory: OwnMarks.originalReplicas)
        case .batch("CronJob"):
            Standby(path: "spec.suspend", asleep: true, defaultValue: false, memory: OwnMarks.originalSuspend)
        default: nil
        }
    }

    /// Whether the object sleeps as it is.
    func isAsleep(_ object: KubeObject) -> Bool { object[path] == asleep }

    /// The change that puts `object` to sleep on green; `from` is what it wakes up to, the default filled in.
    func sleep(_ object: KubeObject) -> FieldChange.Field {
        FieldChange.Field(path: path, from: object[path] ?? defaultValue, to: asleep)
    }

    /// The changes that put `object` to sleep on blue: the switch, and an annotation with the value it had, so that
    /// blue can be woken by someone who has nothing but kubectl.
    func quiet(_ object: KubeObject) -> [FieldChange.Field] {
        [
            FieldChange.Field(
                path: FieldPath([.member("metadata"), .member("annotations"), .member(memory)]), from: nil,
                to: .string((object[path] ?? defaultValue).canonicalText)),
            FieldChange.Field(path: path, from: object[path], to: asleep),
        ]
    }
}

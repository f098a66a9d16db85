public import Manifests

/// Objects on green that stand where the plan wants to put one of its own.
public enum Collisions {
    /// What stands there.
    public enum Finding: Sendable, Hashable {
        /// Nothing, or an object of this very migration: the engine looks at it when its turn comes.
        case none
        /// Every field we would set has that value already.
        case same
        /// Something else, which must not be overwritten.
        case foreign
    }

    /// Compares what stands on green with what would be put there.
    ///
    /// - Parameters:
    ///   - existing: the object on green, at the version of `desired`.
    ///   - desired: what the plan would apply, as it is when awake.
    ///   - migration: the migration's name: objects that carry it are ours.
    public static func judge(existing: KubeObject?, desired: JSONValue?, migration: String) -> Finding {
        guard let existing else { return .none }
        if existing.labels[OwnMarks.migrationLabel]?.string == migration { return .none }
        guard var desired, let object = KubeObject(desired) else { return .foreign }
        // Two running copies are no coincidence to build on, however alike they look.
        guard Standby.of(object.gvk.groupKind) == nil else { return .foreign }
        let label = FieldPath([.member("metadata"), .member("labels"), .member(OwnMarks.migrationLabel)])
        desired[label] = nil
        if desired["metadata.labels" as FieldPath]?.object?.isEmpty ?? false {
            desired["metadata.labels" as FieldPath] = nil
        }
        return covers(existing.json, desired) ? .same : .foreign
    }

    /// Planned objects that something foreign on green stands in the way of, in the order of the references.
    ///
    /// Also for the preflight of a run, with what green holds then.
    public static func foreign(
        planned: [PlannedObject], existing: [ObjectReference: KubeObject], migration: String
    ) -> [ObjectReference] {
        planned.filter { line in
            guard line.disposition != .skip, !line.mergesIntoExisting else { return false }
            return judge(existing: existing[line.greenReference], desired: line.desired, migration: migration)
                == .foreign
        }
        .map(\.object).sorted()
    }

    /// Whether every field of `wanted` has that value in `present`; list elements by position.
    static func covers(_ present: JSONValue, _ wanted: JSONValue) -> Bool {
        switch (present, wanted) {
        case (.object(let present), .object(let wanted)):
            wanted.allSatisfy { member in present[member.key].map { covers($0, member.value) } ?? false }
        case (.array(let present), .array(let wanted)):
            present.count == wanted.count && zip(present, wanted).allSatisfy { covers($0, $1) }
        default: present == wanted
        }
    }
}

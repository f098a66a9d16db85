/// How far a rollback goes.
public enum RollbackTarget: Sendable, Hashable, CustomStringConvertible {
    /// Exactly the cut that a checkpoint recorded.
    case checkpoint(String)
    /// One wave and every wave that depends on it, and nothing else.
    case wave(String)

    public var description: String {
        switch self {
        case .checkpoint(let name): "checkpoint \(name)"
        case .wave(let name): "wave \(name)"
        }
    }
}

/// A rollback that was begun.
public struct Rollback: Sendable, Hashable {
    public var target: RollbackTarget
    /// What the target takes back.
    public var scope: Scope
    /// What earlier rollbacks, begun and not ended, take back beyond it.
    ///
    /// A way back that was begun is gone to its end: one to a nearer place does not forget what is still owed farther
    /// back.
    public internal(set) var carried: [Scope] = []
    /// Whether another's value may be overwritten, by step.
    public var overwriteForeign: Set<String>
    /// Whether the target is the first checkpoint, so that nothing is left of the run at its end.
    public var isComplete: Bool

    /// Part of a run's records.
    public struct Scope: Sendable, Hashable {
        /// Records up to this one stay in force; nil for a rollback by wave.
        public var cut: Int?
        /// The waves whose operations are undone.
        ///
        /// All of them for a rollback to a checkpoint.
        public var waves: Set<String>

        func covers(wave: String, sequence: Int) -> Bool {
            waves.contains(wave) && cut.map { sequence > $0 } ?? true
        }

        /// Whether everything that the other takes back is taken back by this one too.
        func contains(_ other: Scope) -> Bool {
            guard other.waves.isSubset(of: waves) else { return false }
            guard let cut else { return true }
            return other.cut.map { $0 >= cut } ?? false
        }
    }

    /// Whether an effect with that intent belongs to what is undone.
    func covers(_ operation: OperationState) -> Bool { covers(wave: operation.wave, sequence: operation.sequence) }

    /// Whether a record of that wave is no longer in force.
    func covers(wave: String, sequence: Int) -> Bool {
        scope.covers(wave: wave, sequence: sequence)
            || carried.contains { $0.covers(wave: wave, sequence: sequence) }
    }

    /// Whether anything of that wave may be taken back.
    func touches(wave: String) -> Bool { scope.waves.contains(wave) || carried.contains { $0.waves.contains(wave) } }

    /// This rollback, begun while `earlier` is not at its end.
    ///
    /// Where the earlier one goes farther back on the same way, its target stays the target.
    func carrying(_ earlier: Rollback?) -> Rollback {
        guard let earlier else { return self }
        var joint = self
        joint.overwriteForeign.formUnion(earlier.overwriteForeign)
        joint.isComplete = isComplete || earlier.isComplete
        if earlier.scope.contains(scope), earlier.scope != scope {
            joint.target = earlier.target
            joint.scope = earlier.scope
        }
        joint.carried = ([scope, earlier.scope] + carried + earlier.carried).reduce(into: []) { kept, scope in
            guard !joint.scope.contains(scope), !kept.contains(where: { $0.contains(scope) }) else { return }
            kept.removeAll(where: scope.contains)
            kept.append(scope)
        }
        return joint
    }
}

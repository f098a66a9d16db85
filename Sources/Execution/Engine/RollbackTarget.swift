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
    /// Records up to this one stay in force; nil for a rollback by wave.
    public var cut: Int?
    /// The waves whose operations are undone.
    ///
    /// All of them for a rollback to a checkpoint.
    public var waves: Set<String>
    /// Whether another's value may be overwritten, by step.
    public var overwriteForeign: Set<String>
    /// Whether the target is the first checkpoint, so that nothing is left of the run at its end.
    public var isComplete: Bool

    /// Whether an effect with that intent belongs to what is undone.
    func covers(_ operation: OperationState) -> Bool {
        guard waves.contains(operation.wave) else { return false }
        return cut.map { operation.sequence > $0 } ?? true
    }
}

public import Manifests
public import Planning

/// Names one operation: a step of the plan and what it works on.
///
/// A step with several objects has one each.
public struct OperationID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The step's id in the plan.
    public var step: String
    public var target: Target

    /// What an operation works on.
    public enum Target: Sendable, Hashable, Comparable {
        case object(ObjectReference)
        case route(String)
        /// The step as a whole: waiting, a gate, a checkpoint.
        case whole
    }

    public init(step: String, target: Target) {
        self.step = step
        self.target = target
    }

    /// `front.020-apply Deployment.apps/shop/web`.
    public var description: String {
        switch target {
        case .object(let object): "\(step) \(object)"
        case .route(let route): "\(step) route \(route)"
        case .whole: step
        }
    }

    public static func < (lhs: Self, rhs: Self) -> Bool { (lhs.step, lhs.target) < (rhs.step, rhs.target) }

    /// The object, when it works on one.
    public var object: ObjectReference? { if case .object(let object) = target { object } else { nil } }
}

/// One operation with the place in the plan that it comes from.
public struct PlannedOperation: Sendable, Hashable {
    public var id: OperationID
    public var step: Step
    public var wave: String

    /// All operations of a plan in the order in which they run.
    public static func all(of plan: Plan) -> [PlannedOperation] {
        plan.waves.flatMap { wave in
            wave.steps.flatMap { step in
                targets(of: step.action).map {
                    PlannedOperation(id: OperationID(step: step.id, target: $0), step: step, wave: wave.name)
                }
            }
        }
    }

    /// Which side it writes to; nil for routes and for operations without an effect.
    public var writesTo: Side? {
        switch step.action {
        case .apply: .green
        case .setFields(let action): action.side
        case .route, .waitReady, .verify, .measure, .gate, .checkpoint: nil
        }
    }

    /// Whether two operations of one step may be in flight together.
    ///
    /// The objects of a step are carried out in their order, because a namespace comes before what lies in it; objects
    /// of one kind do not need each other.
    static func mayOverlap(_ first: Self, _ other: Self) -> Bool {
        if first.id == other.id { return true }
        guard first.step.id == other.step.id, let one = first.id.object, let two = other.id.object else { return false }
        return one.kind == two.kind
    }

    private static func targets(of action: StepAction) -> [OperationID.Target] {
        switch action {
        case .apply(let action): action.objects.map { .object($0) }
        case .setFields(let action): action.changes.map { .object($0.object) }
        case .route(let action): [.route(action.route)]
        case .waitReady, .verify, .measure, .gate, .checkpoint: [.whole]
        }
    }
}

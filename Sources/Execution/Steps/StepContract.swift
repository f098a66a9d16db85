import Manifests
import Planning
import Routing

/// The one contract of every kind of step, for one operation of it.
///
/// Each kind is a file in this folder and a line in ``StepKinds``.
///
/// No method waits or retries, and none needs memory of this process: plan, before-image and the world are enough.
/// So each may be called again by another process after a crash at any instruction.
protocol StepContract: Sendable {
    /// Reads what must be kept before anything is written. Never writes.
    func capture(_ context: StepContext) async throws(StepFailure) -> Capture

    /// Brings about the goal; for an operation that already reached it, does nothing. Looks again right before it
    /// writes, and carries a precondition with the write, so that what it saw is what it replaces.
    func effect(_ context: StepContext, image: JSONValue, key: String) async throws(StepFailure) -> Effected

    /// Looks where between before-image and goal the world stands. Never writes.
    ///
    /// Where before and after are the same, the answer is `before` for an undo and `after` otherwise.
    func observe(
        _ context: StepContext, image: JSONValue?, receipt: JSONObject, isUndo: Bool
    )
        async throws(StepFailure) -> Observation

    /// Writes the before-image back. With `overwriteForeign` also over somebody else's value.
    func undo(
        _ context: StepContext, image: JSONValue, receipt: JSONObject, overwriteForeign: Bool)
        async throws(StepFailure)
}

/// What an effect left behind.
struct Effected: Sendable {
    /// What finds it again, such as the UID of a created object.
    var receipt: JSONObject = [:]
    /// What stands there now, where the answer to the write shows it; nobody has to look again then.
    var seen: Observation?
}

/// What ``StepContract/capture(_:)`` found.
enum Capture: Sendable, Hashable {
    /// The world is as the plan expects; this is what undo will write back.
    case ready(image: JSONValue, seen: Digest?)
    /// The goal is there already, by another hand.
    case already(Observation)
    /// Something else stands there.
    case foreign(Observation)
}

// Steps that only look have nothing to capture, to do or to undo.
extension StepContract {
    func capture(_ context: StepContext) async throws(StepFailure) -> Capture {
        throw StepFailure(.permanent, "this step changes nothing, so there is nothing to keep")
    }

    func effect(_ context: StepContext, image: JSONValue, key: String) async throws(StepFailure) -> Effected {
        Effected()
    }

    func undo(
        _ context: StepContext, image: JSONValue, receipt: JSONObject, overwriteForeign: Bool
    )
        async throws(StepFailure)
    {}
}

/// What steps work with.
struct StepContext: Sendable {
    var run: String
    var planName: String
    var clusters: [Side: any ClusterAPI]
    var routers: [String: any Router]
    /// By reference.
    var objects: [ObjectReference: PlannedObject]
    /// What other steps of the plan set on objects of green, in plan order.
    var fieldsOnGreen: [ObjectReference: [FieldsOfStep]]
    /// What each wave waits for on green.
    var awaitedOnGreen: [String: [ObjectReference]]
    /// Every value that the plan gives a route: on the way back none of them is anybody else's.
    var ownWeights: [String: Set<Weights>]
    /// Which of the changes in ``fieldsOnGreen`` are in force; filled for comparisons only.
    var standing: Set<OperationID>

    /// Fields that one step sets.
    struct FieldsOfStep: Sendable {
        var step: String
        var fields: [FieldChange.Field]
    }

    /// The cluster of that side.
    func cluster(_ side: Side) throws(StepFailure) -> any ClusterAPI {
        guard let cluster = clusters[side] else { throw StepFailure(.permanent, "no connection to \(side.rawValue)") }
        return cluster
    }

    /// What becomes of that object.
    func planned(_ object: ObjectReference) throws(StepFailure) -> PlannedObject {
        guard let planned = objects[object] else {
            throw StepFailure(.permanent, "\(object) does not stand in the plan's objects file")
        }
        return planned
    }
}

/// The registry of step kinds.
enum StepKinds {
    /// The contract that carries an operation out; nil for gates, measurements and checkpoints, which the engine does itself.
    static func contract(for operation: PlannedOperation, _ context: StepContext) -> (any StepContract)? {
        switch operation.step.action {
        case .apply: operation.id.object.map { apply($0, operation.step.id, context) }
        case .setFields(let action):
            action.changes.first { $0.object == operation.id.object }.map {
                SetFieldsStep(side: action.side, change: $0, phase: operation.step.undoPhase)
            }
        case .route(let action): RouteStep(action: action, behind: context.awaitedOnGreen[operation.wave] ?? [])
        case .waitReady(let action): WaitReadyStep(action: action)
        case .verify(let action): VerifyStep(action: action)
        case .measure, .gate, .checkpoint: nil
        }
    }

    private static func apply(_ object: ObjectReference, _ step: String, _ context: StepContext) -> any StepContract {
        context.objects[object]?.mergesIntoExisting == true
            ? MergeStep(object: object, step: step) : ApplyStep(object: object, step: step)
    }
}

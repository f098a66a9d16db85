import Manifests
import Planning

/// What is to be created on green.
enum DesiredObject {
    /// From the plan's objects file; Secrets, whose data stands in no plan, from blue at this moment.
    static func read(
        _ object: ObjectReference, _ planned: PlannedObject, _ context: StepContext
    )
        async throws(StepFailure) -> KubeObject
    {
        if let desired = planned.desired {
            guard let desired = KubeObject(desired) else {
                throw StepFailure(.permanent, "\(object): the plan's object has no apiVersion or kind")
            }
            return desired
        }
        guard object.kind == GroupKind(group: "", kind: "Secret") else {
            throw StepFailure(.permanent, "\(object): the plan does not say what to create")
        }
        guard let source = try await context.cluster(.blue).read(object, apiVersion: planned.readAs) else {
            throw StepFailure(.permanent, "\(object) is not on blue any more")
        }
        return CopyRules.desiredSecret(from: source, migration: context.planName)
    }
}

import Manifests
import Planning

/// Compares objects on green with what the plan applied, and with what later steps set on them.
///
/// Changes nothing.
struct VerifyStep: StepContract {
    let action: VerifyObjects

    func observe(
        _ context: StepContext, image: JSONValue?, receipt: JSONObject, isUndo: Bool
    )
        async throws(StepFailure) -> Observation
    {
        var differences: [JSONValue] = []
        var planned: [ObjectReference: (object: ObjectReference, line: PlannedObject)] = [:]
        var wanted: [ManyObjects.Wanted] = []
        for object in action.objects {
            let line = try context.planned(object)
            planned[line.greenReference] = (object, line)
            wanted.append(ManyObjects.Wanted(object: line.greenReference, apiVersion: line.writeAs))
        }
        try await ManyObjects(cluster: context.cluster(.green)).read(wanted) { (one, live) async throws(StepFailure) in
            guard let (object, line) = planned[one.object] else { return }
            differences += try await self.differences(object, line, live, context)
        }
        guard differences.isEmpty else { return Observation(.foreign, difference: .array(differences)) }
        return Observation(.after, digest: Digest(of: .array(action.objects.map { .string($0.description) })))
    }

    private func differences(
        _ object: ObjectReference, _ planned: PlannedObject, _ live: KubeObject?, _ context: StepContext
    ) async throws(StepFailure) -> [JSONValue] {
        guard let live else { return [ThreeWay.remark(object, "is not on green")] }
        guard
            planned.mergesIntoExisting
                || live[annotation: StepKey.annotation].flatMap({ StepKey($0) })?.run == context.run
        else {
            return [ApplyStep.collision(live)]
        }
        var wanted = try await DesiredObject.read(object, planned, context).json
        for step in context.fieldsOnGreen[object] ?? []
        where context.standing.contains(OperationID(step: step.step, target: .object(object))) {
            for field in step.fields { wanted[field.path] = field.to }
        }
        return FieldComparison.differences(wanted: wanted, live: live.json).map {
            ThreeWay.entry(object, $0.path, before: nil, ours: $0.wanted, now: $0.live)
        }
    }
}

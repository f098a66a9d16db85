import Manifests
import Planning

/// Sets the planned fields on an object that green makes of its own accord, such as a ServiceAccount `default`.
///
/// What stood there before is no conflict: it is the before-image, and undo puts it back instead of deleting the object.
/// Where green has no such object, it is created and deleted like any other.
struct MergeStep: StepContract {
    let object: ObjectReference
    let step: String

    private var creation: ApplyStep { ApplyStep(object: object, step: step) }

    func capture(_ context: StepContext) async throws(StepFailure) -> Capture {
        let planned = try context.planned(object)
        guard let live = try await read(context, planned) else {
            if object.kind == GroupKind(group: "", kind: "ServiceAccount"), object.name == "default" {
                // Green's own controller is about to make it; creating it first would be a race with that.
                throw StepFailure(.notSent, "waiting until green has made \(object)")
            }
            return try await creation.capture(context)
        }
        return .ready(image: setting(live, planned).image(of: live), seen: nil)
    }

    func effect(_ context: StepContext, image: JSONValue, key: String) async throws(StepFailure) -> Effected {
        if isCreation(image) { return try await creation.effect(context, image: image, key: key) }
        return try await setting(image, context).effect(context, image: image, key: key)
    }

    func observe(
        _ context: StepContext, image: JSONValue?, receipt: JSONObject, isUndo: Bool
    )
        async throws(StepFailure) -> Observation
    {
        guard let image, !isCreation(image) else {
            return try await creation.observe(context, image: image, receipt: receipt, isUndo: isUndo)
        }
        return try await setting(image, context).observe(context, image: image, receipt: receipt, isUndo: isUndo)
    }

    func undo(
        _ context: StepContext, image: JSONValue, receipt: JSONObject, overwriteForeign: Bool
    )
        async throws(StepFailure)
    {
        if isCreation(image) {
            return try await creation.undo(context, image: image, receipt: receipt, overwriteForeign: overwriteForeign)
        }
        try await setting(image, context).undo(
            context, image: image, receipt: receipt, overwriteForeign: overwriteForeign)
    }

    private func isCreation(_ image: JSONValue) -> Bool { image["absent"]?.bool == true }

    private func read(_ context: StepContext, _ planned: PlannedObject) async throws(StepFailure) -> KubeObject? {
        try await context.cluster(.green).read(planned.greenReference, apiVersion: planned.writeAs)
    }

    /// The planned fields as a setting of fields, from what `live` holds.
    private func setting(_ live: KubeObject, _ planned: PlannedObject) -> SetFieldsStep {
        SetFieldsStep(
            side: .green,
            change: FieldChange(
                object: planned.greenReference, apiVersion: planned.writeAs ?? planned.readAs,
                fields: Self.leaves(of: planned.desired ?? [:]).map {
                    FieldChange.Field(path: $0.path, from: live.json[$0.path], to: $0.value)
                }))
    }

    private func setting(_ image: JSONValue, _ context: StepContext) throws(StepFailure) -> SetFieldsStep {
        let planned = try context.planned(object)
        return SetFieldsStep(
            side: .green,
            change: FieldChange(
                object: planned.greenReference, apiVersion: planned.writeAs ?? planned.readAs,
                fields: Self.leaves(of: planned.desired ?? [:]).map {
                    FieldChange.Field(path: $0.path, from: nil, to: $0.value)
                }))
    }

    /// The values that the plan sets, lists as a whole, without what names the object.
    static func leaves(of value: JSONValue, at path: FieldPath = FieldPath()) -> [(path: FieldPath, value: JSONValue)] {
        if ["apiVersion", "kind", "metadata.name", "metadata.namespace"].contains(path) { return [] }
        guard case .object(let members) = value else { return [(path, value)] }
        if members.isEmpty { return [] }
        return members.flatMap { leaves(of: $0.value, at: path.member($0.key)) }
    }
}

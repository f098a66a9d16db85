import Manifests
import Planning

/// Creates one object on green.
///
/// It is created by POST and not by server-side apply: between looking and writing somebody else may make an object of
/// that name, and apply would merge into theirs, which the undo would then delete as ours. POST refuses instead.
/// The annotation ``StepKey/annotation`` tells ours from others', whatever happened to this process in between.
struct ApplyStep: StepContract {
    let object: ObjectReference
    let step: String

    /// Nothing is read: the creation itself refuses when something of that name exists.
    func capture(_ context: StepContext) async throws(StepFailure) -> Capture {
        _ = try context.planned(object)
        return .ready(image: Self.absent, seen: nil)
    }

    /// The before-image of everything that is created; the same bytes for all, so that they are kept once.
    static let absent: JSONValue = ["absent": true]

    func effect(_ context: StepContext, image: JSONValue, key: String) async throws(StepFailure) -> Effected {
        let planned = try context.planned(object)
        let desired = try await DesiredObject.read(object, planned, context)
        var marked = desired
        marked[annotation: StepKey.annotation] = key
        marked[FieldPath([.member("metadata"), .member("labels"), .member(StepKey.label)])] =
            .string(context.planName)
        let stands: KubeObject
        do throws(StepFailure) { stands = try await context.cluster(.green).create(marked) } catch {
            guard error.kind == .conflict, let live = try await read(context, planned) else { throw error }
            guard isOurs(live, context) else {
                throw StepFailure(.conflict, "\(object) exists on green and was not created by this run")
            }
            if live["metadata.deletionTimestamp"] != nil {
                throw StepFailure(.server, "\(object) is still being deleted")
            }
            stands = live
        }
        let receipt = Self.receipt(stands, desired, context, object)
        return Effected(receipt: receipt, seen: Observation(.after, receipt: receipt))
    }

    func observe(
        _ context: StepContext, image: JSONValue?, receipt: JSONObject, isUndo: Bool
    )
        async throws(StepFailure) -> Observation
    {
        let planned = try context.planned(object)
        guard let live = try await read(context, planned) else { return Observation(.before) }
        guard isOurs(live, context), receipt["uid"]?.string ?? live.uid == live.uid else {
            // Ours is gone; what stands there is another's. On the way back that is what we wanted.
            return isUndo
                ? Observation(.before) : Observation(.foreign, difference: [Self.collision(live)])
        }
        if live["metadata.deletionTimestamp"] != nil {
            return Observation(
                .after, receipt: ["uid": .string(live.uid ?? "")], pending: "\(object) is being deleted")
        }
        guard isUndo else {
            return Observation(.after, receipt: try await self.receipt(live, context, planned))
        }
        if let difference = try await editsOfOthers(live, receipt, context, planned) {
            return Observation(.foreign, receipt: ["uid": .string(live.uid ?? "")], difference: difference)
        }
        return Observation(.after, receipt: ["uid": .string(live.uid ?? "")])
    }

    func undo(
        _ context: StepContext, image: JSONValue, receipt: JSONObject, overwriteForeign: Bool
    )
        async throws(StepFailure)
    {
        let planned = try context.planned(object)
        guard let live = try await read(context, planned), isOurs(live, context), let uid = live.uid,
            receipt["uid"]?.string ?? uid == uid
        else { return }
        // Somebody may edit it between this look and the deletion: then it is looked at again. A Namespace's version
        // changes with nothing that a person cares about, and what lies in it is judged before.
        let isNamespace = object.kind == GroupKind(group: "", kind: "Namespace")
        try await context.cluster(.green).delete(
            planned.greenReference, apiVersion: planned.writeAs, uid: uid,
            resourceVersion: isNamespace || overwriteForeign ? nil : live.resourceVersion)
    }

    /// What identifies the created object, and how the server spelt what we gave it.
    private func receipt(
        _ live: KubeObject, _ context: StepContext, _ planned: PlannedObject
    )
        async throws(StepFailure) -> JSONObject
    {
        guard planned.desired != nil else { return ["uid": .string(live.uid ?? "")] }
        return Self.receipt(live, try await DesiredObject.read(object, planned, context), context, object)
    }

    private static func receipt(
        _ live: KubeObject, _ desired: KubeObject, _ context: StepContext, _ object: ObjectReference
    ) -> JSONObject {
        var receipt: JSONObject = ["uid": .string(live.uid ?? "")]
        // A digest of a Secret's data could be guessed from; UIDs suffice for it.
        if object.kind != GroupKind(group: "", kind: "Secret") {
            receipt["fields"] = .string(ownFields(live, desired, context, object).description)
        }
        return receipt
    }

    /// What others changed in the fields we wrote; nil when nothing.
    private func editsOfOthers(
        _ live: KubeObject, _ receipt: JSONObject, _ context: StepContext, _ planned: PlannedObject
    ) async throws(StepFailure) -> JSONValue? {
        if object.kind == GroupKind(group: "", kind: "Namespace"),
            let others = try await NamespaceOccupants.notOurs(in: object.name, context)
        {
            return others
        }
        guard planned.desired != nil, let written = receipt["fields"]?.string else { return nil }
        let desired = try await DesiredObject.read(object, planned, context)
        guard Self.ownFields(live, desired, context, object).description != written else { return nil }
        let differences = FieldComparison.differences(
            wanted: Self.withoutFieldsOfOtherSteps(desired.json, context, object),
            live: Self.withoutFieldsOfOtherSteps(live.json, context, object))
        guard !differences.isEmpty else { return nil }
        return .array(
            differences.map { ThreeWay.entry(object, $0.path, before: nil, ours: $0.wanted, now: $0.live) })
    }

    /// Over the fields that we wrote, as the server spells them, without those that other steps of the plan set.
    private static func ownFields(
        _ live: KubeObject, _ desired: KubeObject, _ context: StepContext, _ object: ObjectReference
    ) -> Digest {
        Digest(
            of: FieldComparison.projection(
                of: withoutFieldsOfOtherSteps(live.json, context, object),
                onto: withoutFieldsOfOtherSteps(desired.json, context, object)))
    }

    private static func withoutFieldsOfOtherSteps(
        _ json: JSONValue, _ context: StepContext, _ object: ObjectReference
    ) -> JSONValue {
        var json = json
        for field in (context.fieldsOnGreen[object] ?? []).flatMap(\.fields) where json[field.path] != nil {
            json[field.path] = nil
        }
        return json
    }

    private func read(_ context: StepContext, _ planned: PlannedObject) async throws(StepFailure) -> KubeObject? {
        try await context.cluster(.green).read(planned.greenReference, apiVersion: planned.writeAs)
    }

    private func isOurs(_ live: KubeObject, _ context: StepContext) -> Bool {
        guard let key = live[annotation: StepKey.annotation].flatMap({ StepKey($0) }) else { return false }
        return key.run == context.run && key.step == step
    }

    /// Says whose it is, as far as the object tells.
    static func collision(_ live: KubeObject) -> JSONValue {
        let owner = live[annotation: StepKey.annotation].map { "created by step \($0)" } ?? "not created by kirikae"
        return ThreeWay.remark(live.reference, "exists on green already (uid \(live.uid ?? "?"), \(owner))")
    }
}

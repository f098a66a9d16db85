import Manifests
import Planning

/// Sets fields of one object that exists: quiet, wake, scale, annotate.
///
/// Works on either side.
///
/// Only the planned fields are compared and written. The before-image holds their values and the object's UID, so
/// that undo writes back exactly these, on exactly that object.
struct SetFieldsStep: StepContract {
    let side: Side
    let change: FieldChange
    /// When the step is undone.
    var phase = UndoPhase.reverse

    func capture(_ context: StepContext) async throws(StepFailure) -> Capture {
        guard let object = try await read(context) else {
            return .foreign(
                Observation(.foreign, difference: [ThreeWay.remark(change.object, "is not there any more")]))
        }
        let planned = change.fields.map(\.from)
        let observation = try await judge(object, before: planned, isUndo: false, context)
        switch observation.answer {
        case .before: return .ready(image: image(of: object), seen: observation.digest)
        case .after: return .already(observation)
        case .between, .foreign:
            // Nothing of ours was written yet, so a half-set object is somebody else's too.
            return .foreign(foreign(object, before: planned))
        }
    }

    func effect(_ context: StepContext, image: JSONValue, key: String) async throws(StepFailure) -> Effected {
        try await write(context, image: image) { object in
            for field in change.fields { object[field.path] = field.to }
        }
        return Effected()
    }

    func observe(
        _ context: StepContext, image: JSONValue?, receipt: JSONObject, isUndo: Bool
    )
        async throws(StepFailure) -> Observation
    {
        guard let object = try await read(context) else {
            // What is not on green any more does nothing there: that is all that going back wants of it.
            if isUndo, side == .green { return Observation(.before) }
            return Observation(
                .foreign, difference: [ThreeWay.remark(change.object, "is not there any more")], isGone: true)
        }
        guard let image else {
            return try await judge(object, before: change.fields.map(\.from), isUndo: isUndo, context)
        }
        var observation = try await judge(object, before: values(image), isUndo: isUndo, context)
        if image["uid"]?.string != object.uid, !isUndo || observation.answer != .before {
            return Observation(
                .foreign, difference: [ThreeWay.remark(change.object, "was deleted and made again by somebody else")])
        }
        let enough = image["ready"]?.integer ?? .max
        if isUndo, observation.answer == .before, side == .blue || phase == .quiesceGreen,
            let missing = Readiness.missing(object, enough: enough)
        {
            // Traffic must not return to a blue that is still coming up, nor blue's exclusive work begin before
            // green's has ended. But what was not ready before anything was touched will not become so now.
            observation.pending = "\(change.object): \(missing)"
        }
        return observation
    }

    func undo(
        _ context: StepContext, image: JSONValue, receipt: JSONObject, overwriteForeign: Bool
    )
        async throws(StepFailure)
    {
        let before = values(image)
        let absentParents = Set(image["absentParents"]?.array?.compactMap(\.string) ?? [])
        try await write(context, image: image, overwriteForeign: overwriteForeign) { object in
            for (field, value) in zip(change.fields, before) {
                object[field.path] = value
                // A map that came into being with our first entry goes with our last one.
                let parent = FieldPath(Array(field.path.elements.dropLast()))
                if absentParents.contains(parent.description), object[parent]?.object?.isEmpty == true {
                    object[parent] = nil
                }
            }
        }
    }

    /// Reads, checks that what stands there is ours to change, and writes with the resourceVersion that was read.
    private func write(
        _ context: StepContext, image: JSONValue, overwriteForeign: Bool = false, _ edit: (inout JSONValue) -> Void
    ) async throws(StepFailure) {
        guard let object = try await read(context) else {
            if overwriteForeign { return }
            throw StepFailure(.conflict, "\(change.object) is not there any more")
        }
        if !overwriteForeign {
            let isSame = image["uid"]?.string == object.uid
            guard isSame, try await judge(object, before: values(image), isUndo: false, context).answer != .foreign
            else {
                throw StepFailure(.conflict, "\(change.object) was changed by somebody else")
            }
        }
        var edited = object.json
        edit(&edited)
        guard var patch = MergePatch.difference(from: object.json, to: edited) else { return }
        patch["metadata.resourceVersion" as FieldPath] = object.resourceVersion.map(JSONValue.string)
        _ = try await context.cluster(side).merge(patch, into: change.object, apiVersion: change.apiVersion)
    }

    private func read(_ context: StepContext) async throws(StepFailure) -> KubeObject? {
        try await context.cluster(side).read(change.object, apiVersion: change.apiVersion)
    }

    /// Compares; a count of replicas that an autoscaler chose for a workload that is awake passes for ours.
    private func judge(
        _ object: KubeObject, before: [JSONValue?], isUndo: Bool, _ context: StepContext
    ) async throws(StepFailure) -> Observation {
        let found = compare(object, before: before, isUndo: isUndo)
        guard found.answer == .foreign, object["spec.replicas"]?.integer ?? 0 > 0,
            let index = change.fields.firstIndex(where: { $0.path == "spec.replicas" }),
            (before[index] == 0) != (change.fields[index].to == 0),
            try await Autoscaling.aims(at: object, in: try context.cluster(side))
        else { return found }
        var settled = object
        settled["spec.replicas"] = before[index] == 0 ? change.fields[index].to : before[index]
        return compare(settled, before: before, isUndo: isUndo)
    }

    private func compare(_ object: KubeObject, before: [JSONValue?], isUndo: Bool) -> Observation {
        var isBefore = true
        var isAfter = true
        var isOurs = true
        var seen: [JSONValue] = []
        for (field, before) in zip(change.fields, before) {
            let now = object.json[field.path]
            let matchesBefore = FieldComparison.same(now, before)
            let matchesAfter = FieldComparison.same(now, field.to)
            isBefore = isBefore && matchesBefore
            isAfter = isAfter && matchesAfter
            isOurs = isOurs && (matchesBefore || matchesAfter)
            seen.append(["path": .string(field.path.description), "value": now ?? .null])
        }
        // A digest of a Secret's data could be guessed from.
        let digest = BeforeImages.isSecret(change.object) ? nil : Digest(of: .array(seen))
        if isUndo ? isBefore : isAfter { return Observation(isUndo ? .before : .after, digest: digest) }
        if isBefore || isAfter { return Observation(isBefore ? .before : .after, digest: digest) }
        if isOurs { return Observation(.between, digest: digest) }
        return foreign(object, before: before)
    }

    private func foreign(_ object: KubeObject, before: [JSONValue?]) -> Observation {
        let differences = zip(change.fields, before).map { field, before in
            ThreeWay.entry(change.object, field.path, before: before, ours: field.to, now: object.json[field.path])
        }
        return Observation(.foreign, difference: .array(differences))
    }

    /// What undo will write back.
    func image(of object: KubeObject) -> JSONValue {
        var absentParents: [JSONValue] = []
        let fields: [JSONValue] = change.fields.map { field in
            let parent = FieldPath(Array(field.path.elements.dropLast()))
            if !parent.elements.isEmpty, object.json[parent] == nil {
                absentParents.append(.string(parent.description))
            }
            var members: JSONObject = ["path": .string(field.path.description)]
            members["value"] = object.json[field.path]
            return .object(members)
        }
        var image: JSONObject = [
            "object": .string(change.object.description), "uid": .string(object.uid ?? ""),
            "fields": .array(fields), "absentParents": .array(absentParents),
        ]
        if side == .blue, Readiness.missing(object) != nil {
            image["ready"] = .integer(object["status.readyReplicas"]?.integer ?? 0)
        }
        return .object(image)
    }

    private func values(_ image: JSONValue) -> [JSONValue?] {
        change.fields.map { field in
            image["fields"]?.array?.first { $0["path"]?.string == field.path.description }?["value"]
        }
    }
}

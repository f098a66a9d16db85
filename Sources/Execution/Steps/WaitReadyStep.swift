import Manifests
import Planning

/// Waits until objects are ready.
///
/// Changes nothing.
struct WaitReadyStep: StepContract {
    let action: WaitReady

    func observe(
        _ context: StepContext, image: JSONValue?, receipt: JSONObject, isUndo: Bool
    )
        async throws(StepFailure) -> Observation
    {
        let cluster = try context.cluster(action.side)
        var missing: [String] = []
        var wanted: [ManyObjects.Wanted] = []
        var names: [ObjectReference: ObjectReference] = [:]
        for object in action.objects {
            let planned = context.objects[object]
            let name = action.side == .green ? planned?.greenReference ?? object : object
            names[name] = object
            wanted.append(
                ManyObjects.Wanted(
                    object: name, apiVersion: action.side == .green ? planned?.writeAs : planned?.readAs))
        }
        try await ManyObjects(cluster: cluster).read(wanted) { (one, found) async throws(StepFailure) in
            let object = names[one.object] ?? one.object
            guard var live = found else {
                missing.append("\(object): not there")
                return
            }
            // An autoscaler may ask for more than the plan does; what the plan wakes is enough.
            if action.side == .green, let wanted = context.objects[object]?.wokenReplicas,
                live["spec.replicas"]?.integer ?? 0 > wanted
            {
                live["spec.replicas"] = .integer(wanted)
            }
            if let what = Readiness.missing(live) { missing.append("\(object): \(what)") }
        }
        guard !missing.isEmpty else { return Observation(.after) }
        let more = missing.count > 3 ? " and \(missing.count - 3) more" : ""
        return Observation(.between, pending: missing.prefix(3).joined(separator: "; ") + more)
    }
}

extension PlannedObject {
    /// How many replicas the plan wakes it to.
    fileprivate var wokenReplicas: Int64? { standby.first { $0.path == "spec.replicas" }?.from?.integer }
}

import Manifests

/// The floors of blue's autoscalers that are held while traffic moves away.
///
/// Without traffic an autoscaler shrinks blue, and traffic that comes back would meet what is left of it. So
/// `minReplicas` is raised to what runs now, with the old value in an annotation, until blue is retired or the step is
/// undone. Exclusive workloads need none: they sleep, and an autoscaler rests while its target is at 0.
enum BlueFloor {
    /// One change per autoscaler of a stateless workload that may shrink.
    static func changes(for objects: [Judgement]) -> [FieldChange] {
        var replicas: [ScaleTarget: Int64] = [:]
        for object in objects where object.wake == .stateless {
            replicas[ScaleTarget(object.source)] = object.source["spec.replicas"]?.integer ?? 1
        }
        return objects.compactMap { judgement -> FieldChange? in
            let source = judgement.source
            guard judgement.isApplied, let target = ScaleTarget(ofAutoscaler: source), let replicas = replicas[target],
                replicas > source["spec.minReplicas"]?.integer ?? 1,
                replicas <= source["spec.maxReplicas"]?.integer ?? .max
            else { return nil }
            let memory = FieldPath([.member("metadata"), .member("annotations"), .member(OwnMarks.originalMinReplicas)])
            return FieldChange(
                object: judgement.line.object, apiVersion: judgement.line.readAs,
                fields: [
                    .init(path: memory, from: nil, to: .string(source["spec.minReplicas"]?.canonicalText ?? "")),
                    .init(path: "spec.minReplicas", from: source["spec.minReplicas"], to: .integer(replicas)),
                ])
        }
        .sorted { $0.object < $1.object }
    }
}

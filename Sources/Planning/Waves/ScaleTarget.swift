import Manifests

/// A workload by the name under which autoscalers know it: they name kinds, not groups.
struct ScaleTarget: Sendable, Hashable {
    let namespace: String
    let kind: String
    let name: String

    /// The workload itself.
    init(_ workload: KubeObject) {
        namespace = workload.namespace ?? ""
        kind = workload.gvk.kind
        name = workload.name
    }

    /// What an autoscaler scales; nil for other objects.
    init?(ofAutoscaler object: KubeObject) {
        guard object.gvk.kind == "HorizontalPodAutoscaler", let kind = object["spec.scaleTargetRef.kind"]?.string,
            let name = object["spec.scaleTargetRef.name"]?.string
        else { return nil }
        namespace = object.namespace ?? ""
        self.kind = kind
        self.name = name
    }

    /// Everything that autoscalers among the objects scale.
    static func all(in objects: [KubeObject]) -> Set<ScaleTarget> {
        Set(objects.compactMap { ScaleTarget(ofAutoscaler: $0) })
    }
}

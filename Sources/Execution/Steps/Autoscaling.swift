import Manifests
import Planning

/// Whether an autoscaler decides how many replicas a workload has.
///
/// Where one does, another count than ours is its work and nobody's edit: it must not stop a way back.
enum Autoscaling {
    private static let kind = GroupKind(group: "autoscaling", kind: "HorizontalPodAutoscaler")

    /// Whether an autoscaler of that cluster aims at the object.
    static func aims(at object: KubeObject, in cluster: any ClusterAPI) async throws(StepFailure) -> Bool {
        let autoscalers: [KubeObject]
        do throws(StepFailure) {
            autoscalers = try await cluster.list(kind, namespace: object.namespace, apiVersion: nil)
        } catch {
            if error.isUnknownKind { return false }
            throw error
        }
        return autoscalers.contains {
            $0["spec.scaleTargetRef.kind"]?.string == object.gvk.kind
                && $0["spec.scaleTargetRef.name"]?.string == object.name
        }
    }
}

import Manifests
import Planning

/// Looks into a namespace before it is deleted: with it everything inside would go, also what others put there.
enum NamespaceOccupants {
    /// What the cluster itself puts into every namespace.
    private static let ofTheCluster: Set<String> = [
        "ConfigMap/kube-root-ca.crt", "ConfigMap/openshift-service-ca.crt", "ServiceAccount/default",
        "RoleBinding/system:image-pullers",
    ]
    /// Kinds that only follow from others.
    private static let derived: Set<String> = [
        "Event", "Event.events.k8s.io", "Endpoints", "EndpointSlice.discovery.k8s.io", "PodMetrics.metrics.k8s.io",
        "Lease.coordination.k8s.io", "ControllerRevision.apps",
    ]

    /// Objects in the namespace that this run did not create and that nobody of ours owns; nil when there are none.
    static func notOurs(in namespace: String, _ context: StepContext) async throws(StepFailure) -> JSONValue? {
        let green = try context.cluster(.green)
        var found: [JSONValue] = []
        for kind in try await green.namespacedKinds() where !derived.contains(kind.description) {
            for object in try await green.list(kind, namespace: namespace, apiVersion: nil)
            where isSomebodyElses(object, context) {
                found.append(
                    ThreeWay.remark(
                        object.reference, "is not of this run and would be deleted with namespace \(namespace)"))
            }
        }
        return found.isEmpty ? nil : .array(found)
    }

    private static func isSomebodyElses(_ object: KubeObject, _ context: StepContext) -> Bool {
        if object["metadata.ownerReferences"]?.array?.isEmpty == false { return false }
        if ofTheCluster.contains("\(object.gvk.kind)/\(object.name)") { return false }
        if object.gvk.kind == "Secret", object.json["type"]?.string == "kubernetes.io/service-account-token" {
            return false
        }
        if object.gvk.kind == "PersistentVolumeClaim", isClaimOfOurs(object, context) { return false }
        let key = object[annotation: StepKey.annotation].flatMap { StepKey($0) }
        return key?.run != context.run
    }

    /// Claims of a StatefulSet are made by its controller, without an owner, as `<template>-<set>-<ordinal>`.
    private static func isClaimOfOurs(_ claim: KubeObject, _ context: StepContext) -> Bool {
        context.objects.values.contains { planned in
            guard planned.object.kind.kind == "StatefulSet", planned.object.namespace == claim.namespace else {
                return false
            }
            let templates = planned.desired?["spec"]?["volumeClaimTemplates"]?.array ?? []
            return templates.contains { template in
                let prefix = "\(template["metadata"]?["name"]?.string ?? "")-\(planned.object.name)-"
                return claim.name.hasPrefix(prefix) && Int(claim.name.dropFirst(prefix.count)) != nil
            }
        }
    }
}

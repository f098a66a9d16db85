import Catalog
import Manifests

/// Where pods are described in an object.
enum PodSpecs {
    /// Every PodSpec of an object with its place, as the catalog's mounts tell.
    static func all(in object: KubeObject, facts: CatalogFacts) -> [(spec: JSONValue, path: FieldPath)] {
        facts.mounts(in: object.gvk).filter { $0.name == "PodSpec" }.flatMap { mount in
            mount.path.places(in: object.json).map { ($0.value, $0.path) }
        }
    }

    /// Whether a controller of the cluster itself made the object out of something that is checked itself, or the server
    /// keeps it, so that green makes its own.
    static func isMadeByController(_ object: KubeObject) -> Bool {
        switch (object.gvk.group, object.gvk.kind) {
        case ("apps", "ControllerRevision"), ("apps", "ReplicaSet"), ("batch", "Job"), ("", "Pod"):
            return (object["metadata.ownerReferences"]?.array ?? []).contains { owner in
                let group = GroupVersionKind(apiVersion: owner["apiVersion"]?.string ?? "", kind: "").group
                return owner["controller"]?.bool == true && ["", "apps", "batch"].contains(group)
            }
        case ("rbac.authorization.k8s.io", _):
            return object.labels["kubernetes.io/bootstrapping"]?.string == "rbac-defaults"
        case ("discovery.k8s.io", "EndpointSlice"):
            return object.labels["endpointslice.kubernetes.io/managed-by"]?.string?.hasSuffix(".k8s.io") ?? false
        case ("flowcontrol.apiserver.k8s.io", _):
            return object[annotation: "apf.kubernetes.io/autoupdate-spec"] == "true"
        case ("", "Event"), ("events.k8s.io", "Event"): return true
        default: return false
        }
    }

    /// Whether a kubelet reads the Pod from a file: its mirror says so, or where it lies, or it is a part of the
    /// control plane on the network of its host.
    static func isStaticPod(_ subject: CheckSubject) -> Bool {
        let object = subject.object
        guard object.gvk.group == "", object.gvk.kind == "Pod" else { return false }
        if object[annotation: "kubernetes.io/config.mirror"] != nil { return true }
        if object[annotation: "kubernetes.io/config.source"] == "file" { return true }
        if let file = subject.location(of: "kind")?.file, file.contains("etc/kubernetes/manifests/") { return true }
        guard object["spec.hostNetwork"]?.bool == true, let spec = object["spec"] else { return false }
        let controlPlane: Set<String> = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"]
        return ComponentInvocation.containers(of: spec, at: "spec").contains { controlPlane.contains($0.component) }
    }
}

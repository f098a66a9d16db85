import Catalog
import Manifests

/// Where pods are described in an object.
enum PodSpecs {
    /// Every PodSpec of an object with its place, as the catalog's mounts tell.
    static func all(in object: KubeObject, facts: CatalogFacts) -> [(spec: JSONValue, path: FieldPath)] {
        facts.podSpecs(in: object).map { ($0.value, $0.path) }
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

import Findings
import Manifests
import Testing

@Suite("Objects that the control plane makes")
struct SystemOwnedTests {
    static let ofControlPlane = [
        // As 1.20 makes it: without the annotation.
        "{apiVersion: flowcontrol.apiserver.k8s.io/v1beta1, kind: FlowSchema, metadata: {name: system-nodes}}",
        "{apiVersion: discovery.k8s.io/v1beta1, kind: EndpointSlice, metadata: {name: a, namespace: s, "
            + "labels: {endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io}}}",
        "{apiVersion: flowcontrol.apiserver.k8s.io/v1beta1, kind: FlowSchema, metadata: {name: catch-all, "
            + "annotations: {apf.kubernetes.io/autoupdate-spec: 'true'}}}",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: admin, "
            + "labels: {kubernetes.io/bootstrapping: rbac-defaults}}, "
            + "rules: [{apiGroups: [extensions], resources: [ingresses], verbs: [get]}]}",
        "{apiVersion: storage.k8s.io/v1beta1, kind: CSINode, metadata: {name: n}}",
        "{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: j, namespace: s, ownerReferences: "
            + "[{apiVersion: apps/v1, kind: Deployment, name: c, uid: u, controller: true}], managedFields: "
            + "[{manager: m, apiVersion: extensions/v1beta1}]}}",
    ]

    /// The same kinds, made by somebody.
    static let ofSomebody = [
        "{apiVersion: flowcontrol.apiserver.k8s.io/v1beta1, kind: FlowSchema, metadata: {name: mine}}",
        "{apiVersion: discovery.k8s.io/v1beta1, kind: EndpointSlice, metadata: {name: a, namespace: s}}",
        "{apiVersion: flowcontrol.apiserver.k8s.io/v1beta1, kind: FlowSchema, metadata: {name: catch-all, "
            + "annotations: {apf.kubernetes.io/autoupdate-spec: 'false'}}}",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: mine}, "
            + "rules: [{apiGroups: [extensions], resources: [ingresses], verbs: [get]}]}",
    ]

    @Test("are no finding, and are counted", arguments: ofControlPlane)
    func areCounted(_ text: String) {
        let result = CheckRun(target: KubernetesVersion(minor: 36)).run(Fixtures.inventory(text, minor: 20))
        #expect(result.findings.map(\.message) == [])
        #expect(result.accounting.ofControlPlane > 0)
    }

    @Test("are findings where somebody made them himself", arguments: ofSomebody)
    func areFound(_ text: String) {
        let result = CheckRun(target: KubernetesVersion(minor: 36)).run(Fixtures.inventory(text, minor: 20))
        #expect(!result.findings.isEmpty && result.accounting.ofControlPlane == 0)
    }

    @Test("are findings in a file, where nobody makes them anew", arguments: ofControlPlane)
    func files(_ text: String) {
        let report = ManifestLoader().load(bytes: Array(text.utf8), file: "a.yaml")
        #expect(!CheckRun(target: KubernetesVersion(minor: 36)).run(report).findings.isEmpty)
    }
}

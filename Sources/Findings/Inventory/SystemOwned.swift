import Manifests

/// Objects of a running cluster that its own control plane makes, and makes again on green.
///
/// Nobody applies them from a manifest, so the version they were read at is no concern of anybody. The only place that
/// knows them.
enum SystemOwned {
    /// The flow schemas and priority levels that every API server makes.
    private static let bootstrapped: Set<String> = [
        "exempt", "catch-all", "global-default", "service-accounts", "kube-controller-manager", "kube-scheduler",
        "kube-system-service-accounts", "system-leader-election", "workload-leader-election", "endpoint-controller",
        "probes", "system-nodes", "system-node-high", "node-high", "leader-election", "system", "workload-high",
        "workload-low",
    ]

    /// Who makes the object; nil when it is somebody's own.
    static func owner(of object: KubeObject) -> String? {
        let label = { (name: String) in object.labels[name]?.string }
        switch (object.gvk.group, object.gvk.kind) {
        case ("", "ConfigMap") where object.name == "kube-root-ca.crt": return "the root CA publisher"
        case ("", "ConfigMap"):
            let ofServer = [
                "extension-apiserver-authentication", "kube-apiserver-legacy-service-account-token-tracking",
            ]
            return object.namespace == "kube-system" && ofServer.contains(object.name) ? "kube-apiserver" : nil
        case ("", "Event"), ("events.k8s.io", "Event"): return "whoever reports events"
        case ("", "Endpoints") where object[annotation: "endpoints.kubernetes.io/last-change-trigger-time"] != nil:
            return "the endpoints controller"
        case ("", "Node"), ("storage.k8s.io", "CSINode"): return "the kubelet"
        case ("discovery.k8s.io", "EndpointSlice"):
            return label("endpointslice.kubernetes.io/managed-by").flatMap { $0.hasSuffix(".k8s.io") ? $0 : nil }
        case ("flowcontrol.apiserver.k8s.io", _):
            // Bootstrapped objects follow the server; the annotation is `false` where somebody took one over. Servers
            // before 1.23 do not write it.
            guard let follows = object[annotation: "apf.kubernetes.io/autoupdate-spec"] else {
                return bootstrapped.contains(object.name) ? "kube-apiserver" : nil
            }
            return follows == "true" ? "kube-apiserver" : nil
        case ("rbac.authorization.k8s.io", _):
            return label("kubernetes.io/bootstrapping") == "rbac-defaults" ? "kube-apiserver" : nil
        case ("apiregistration.k8s.io", "APIService"):
            return label("kube-aggregator.kubernetes.io/automanaged") != nil ? "the aggregator" : nil
        case ("coordination.k8s.io", "Lease"):
            return ["kube-node-lease", "kube-system"].contains(object.namespace ?? "") ? "the control plane" : nil
        case ("networking.k8s.io", "IPAddress"):
            return label("ipaddress.kubernetes.io/managed-by") == "ipallocator.k8s.io" ? "the IP allocator" : nil
        case ("networking.k8s.io", "ServiceCIDR"): return object.name == "kubernetes" ? "kube-apiserver" : nil
        case ("storage.k8s.io", "VolumeAttachment"): return "the attach controller"
        case ("storage.k8s.io", "CSIStorageCapacity"): return "the CSI provisioner"
        case ("apps", "ControllerRevision"), ("apps", "ReplicaSet"), ("batch", "Job"), ("", "Pod"):
            // Made by a controller out of something that is checked itself; an operator's objects are not so.
            let owners = (object["metadata.ownerReferences"]?.array ?? []).filter { $0["controller"]?.bool == true }
            let groups = owners.compactMap {
                GroupVersionKind(apiVersion: $0["apiVersion"]?.string ?? "", kind: "").group
            }
            return groups.contains { ["", "apps", "batch"].contains($0) } ? "the controller of its owner" : nil
        default: return nil
        }
    }

    /// Whether all that stands in the object comes from something that is examined itself, or from the server, so that
    /// not even its fields are anybody's concern, in a file as little as in a cluster.
    ///
    /// A node's labels and its runtime are somebody's, though no manifest makes the node.
    static func isMadeAnew(_ object: KubeObject) -> Bool {
        switch (object.gvk.group, object.gvk.kind) {
        case ("rbac.authorization.k8s.io", _), ("flowcontrol.apiserver.k8s.io", _), ("discovery.k8s.io", _),
            ("apps", "ControllerRevision"), ("apps", "ReplicaSet"), ("batch", "Job"), ("", "Pod"), ("", "Event"),
            ("events.k8s.io", "Event"):
            owner(of: object) != nil
        default: false
        }
    }

    /// Whether a finding is about nothing but the version at which such an object was read.
    ///
    /// What the catalog knows of fields and behaviour holds for them too (a node's labels), and so does what a server
    /// says of itself.
    static func isNoConcern(_ finding: Finding, in object: KubeObject) -> Bool {
        finding.fact == nil && finding.place != .server && owner(of: object) != nil
    }
}

import Manifests

extension SimWorld {
    /// Makes what every new cluster has.
    mutating func bootstrap(kubeSystemUID: String?) {
        for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
            var namespace = KubeObject(Self.core("Namespace"), name: name)
            if name == "kube-system", let kubeSystemUID { namespace["metadata.uid"] = .string(kubeSystemUID) }
            seed(namespace)
        }
        var service = KubeObject(Self.core("Service"), namespace: "default", name: "kubernetes")
        service["metadata.labels"] = ["component": "apiserver", "provider": "kubernetes"]
        service["spec"] = [
            "clusterIP": "10.96.0.1",
            "ports": [["name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443]],
        ]
        seed(service)
        for (name, value, text) in [
            ("system-cluster-critical", 2_000_000_000, "system critical pods that must run in the cluster"),
            ("system-node-critical", 2_000_001_000, "system critical pods that must not be moved from their node"),
        ] as [(String, Int64, String)] {
            var priority = KubeObject(
                GroupVersionKind(group: "scheduling.k8s.io", version: "v1", kind: "PriorityClass"), name: name)
            priority.setMembers(["value": .integer(value), "description": .string("Used for \(text).")])
            seed(priority)
        }
        bootstrapRoles()
    }

    private mutating func bootstrapRoles() {
        let bootstrapping: JSONValue = ["kubernetes.io/bootstrapping": "rbac-defaults"]
        let group = "rbac.authorization.k8s.io"
        for (name, verbs) in [
            ("admin", ["*"]), ("cluster-admin", ["*"]), ("edit", ["*"]), ("view", ["get", "list", "watch"]),
        ] {
            var role = KubeObject(GroupVersionKind(group: group, version: "v1", kind: "ClusterRole"), name: name)
            role["metadata.labels"] = bootstrapping
            role["metadata.annotations"] = ["rbac.authorization.kubernetes.io/autoupdate": "true"]
            role.setMembers([
                "rules": [
                    ["apiGroups": ["*"], "resources": ["*"], "verbs": .array(verbs.map(JSONValue.string))]
                ]
            ])
            seed(role)
        }
        var binding = KubeObject(
            GroupVersionKind(group: group, version: "v1", kind: "ClusterRoleBinding"), name: "cluster-admin")
        binding["metadata.labels"] = bootstrapping
        binding["metadata.annotations"] = ["rbac.authorization.kubernetes.io/autoupdate": "true"]
        binding.setMembers([
            "roleRef": ["apiGroup": .string(group), "kind": "ClusterRole", "name": "cluster-admin"],
            "subjects": [["apiGroup": .string(group), "kind": "Group", "name": "system:masters"]],
        ])
        seed(binding)
    }

    /// Stores an object with the defaults that the server gives, without a request.
    private mutating func seed(_ object: KubeObject) {
        guard let resource = apis.resource(for: object.gvk) else { return }
        var object = object
        Defaults.apply(to: &object, at: version)
        prepareForCreate(&object, resource, keepingIdentity: true)
        commit(object, at: key(of: object, resource), resource)
    }

    static func core(_ kind: String) -> GroupVersionKind { GroupVersionKind(group: "", version: "v1", kind: kind) }
}

extension KubeObject {
    /// Sets members beside `metadata`.
    mutating func setMembers(_ members: JSONObject) {
        for member in members { self[FieldPath([.member(member.key)])] = member.value }
    }
}

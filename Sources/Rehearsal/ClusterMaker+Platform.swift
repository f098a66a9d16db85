import Manifests

extension ClusterMaker {
    /// What every cluster has, and what all applications share.
    mutating func platform() {
        for name in ["kube-system", "kube-public", "kube-node-lease", "default"] {
            let uid = clusterUID
            add("v1", "Namespace", nil, name) {
                if name == "kube-system" { $0["metadata.uid"] = .string(uid) }
                $0["spec.finalizers"] = ["kubernetes"]
            }
        }
        add("v1", "ConfigMap", "kube-system", "coredns") { $0["data"] = ["Corefile": ".:53 {\n}\n"] }
        add(served("StorageClass", ["storage.k8s.io/v1beta1", "storage.k8s.io/v1"]), "StorageClass", nil, "standard") {
            $0["provisioner"] = "csi.example.com"
            $0["metadata.annotations"] = ["storageclass.kubernetes.io/is-default-class": "true"]
        }
        let priority = served("PriorityClass", ["scheduling.k8s.io/v1beta1", "scheduling.k8s.io/v1"])
        let isDefault = random.chance(20)
        add(priority, "PriorityClass", nil, "important") {
            $0["value"] = 1000
            $0["description"] = "for what earns money"
            if isDefault { $0["globalDefault"] = true }
        }
        if random.chance(30) {
            add(served("RuntimeClass", ["node.k8s.io/v1beta1", "node.k8s.io/v1"]), "RuntimeClass", nil, "sandbox") {
                $0["handler"] = "runsc"
            }
        }
        if random.chance(50) {
            let version = served("IngressClass", ["networking.k8s.io/v1beta1", "networking.k8s.io/v1"])
            add(version, "IngressClass", nil, "edge") { $0["spec"] = ["controller": "example.com/edge"] }
        }
        if random.chance(30), serves("policy/v1beta1", "PodSecurityPolicy") {
            add("policy/v1beta1", "PodSecurityPolicy", nil, "restricted") {
                $0["spec"] = [
                    "privileged": false, "seLinux": ["rule": "RunAsAny"], "runAsUser": ["rule": "MustRunAsNonRoot"],
                    "supplementalGroups": ["rule": "RunAsAny"], "fsGroup": ["rule": "RunAsAny"], "volumes": ["*"],
                ]
            }
        }
        let rbac = served("ClusterRole", ["rbac.authorization.k8s.io/v1beta1", "rbac.authorization.k8s.io/v1"])
        // Names of this kind may hold what no other name may.
        add(rbac, "ClusterRole", nil, "team:viewers@example.com") {
            $0["rules"] = [["apiGroups": ["", "apps"], "resources": ["*"], "verbs": ["get", "list", "watch"]]]
        }
        add(rbac, "ClusterRole", nil, "system:node-extra") { $0["rules"] = [] }
        add(rbac, "ClusterRoleBinding", nil, "team:viewers@example.com") {
            $0["roleRef"] = [
                "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "team:viewers@example.com",
            ]
            $0["subjects"] = [["apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "viewers"]]
        }
        add("v1", "ConfigMap", "default", "by-hand") { $0["data"] = ["left": "here"] }
        definitions()
    }

    mutating func access(_ namespace: String) {
        let pull = random.chance(30)
        add("v1", "ServiceAccount", namespace, "default") {
            if pull { $0["imagePullSecrets"] = [["name": "registry"]] }
        }
        add("v1", "ConfigMap", namespace, "kube-root-ca.crt") { $0["data"] = ["ca.crt": "-"] }
        if version.minor < 24 {
            let uid = objects[objects.count - 2].uid ?? ""
            add("v1", "Secret", namespace, "default-token-x7q2v") {
                $0["type"] = "kubernetes.io/service-account-token"
                $0["metadata.annotations"] = [
                    "kubernetes.io/service-account.name": "default", "kubernetes.io/service-account.uid": .string(uid),
                ]
                $0["data"] = ["token": "dG9rZW4=", "ca.crt": "LQ==", "namespace": "eA=="]
            }
        }
        if random.chance(30) {
            let rbac = served("Role", ["rbac.authorization.k8s.io/v1beta1", "rbac.authorization.k8s.io/v1"])
            add(rbac, "Role", namespace, "app:reader") {
                $0["rules"] = [["apiGroups": [""], "resources": ["pods"], "verbs": ["get"]]]
            }
            add("v1", "ServiceAccount", namespace, "robot") { $0["automountServiceAccountToken"] = false }
            add(rbac, "RoleBinding", namespace, "app:reader") {
                $0["roleRef"] = ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "app:reader"]
                $0["subjects"] = [["kind": "ServiceAccount", "name": "robot", "namespace": .string(namespace)]]
            }
        }
    }

    mutating func limits(_ namespace: String) {
        if random.chance(40) {
            add("v1", "ResourceQuota", namespace, "quota") {
                $0["spec"] = ["hard": ["pods": "100", "requests.storage": "0.5Ti", "limits.cpu": "64000m"]]
            }
        }
        if random.chance(30) {
            add("v1", "LimitRange", namespace, "limits") {
                $0["spec"] = [
                    "limits": [
                        [
                            "type": "Container", "default": ["cpu": "0.5", "memory": "128974848"],
                            "defaultRequest": ["cpu": "100m", "memory": "123Mi"],
                        ]
                    ]
                ]
            }
        }
    }

    mutating func config(_ namespace: String) {
        let immutable = random.chance(30)
        add("v1", "ConfigMap", namespace, "odd.values_are-fine".replacing("_", with: "-")) {
            $0["data"] = [
                "mode": "no", "number": "007", "empty": "", "text": "a: b\n\tc \n\n", "unicode": "é\u{301}😀\u{2028}",
                "json": "{\"a\": [1, 2.50, null]}", "_under.score-": "~",
            ]
            $0["binaryData"] = ["blob": "AAEC/w=="]
            if immutable { $0["immutable"] = true }
        }
        add("v1", "Secret", namespace, "registry") {
            $0["type"] = "kubernetes.io/dockerconfigjson"
            $0["data"] = [".dockerconfigjson": "eyJhdXRocyI6e319"]
        }
        if random.chance(30) {
            add("v1", "Secret", namespace, "tls.example.com") {
                $0["type"] = "kubernetes.io/tls"
                $0["data"] = ["tls.crt": "LS0t", "tls.key": "LS0t"]
            }
        }
        if random.chance(30) { add("v1", "Secret", namespace, "nothing-in-it") { $0["type"] = "Opaque" } }
    }
}

import Manifests

extension SkipRules {
    /// What green's control plane, or its provider, makes of its own accord.
    static let generated: [SkipRule] = [
        SkipRule("generated-endpoints") { object, context in
            switch object.gvk.groupKind {
            case GroupKind(group: "discovery.k8s.io", kind: "EndpointSlice"):
                return object.labels["endpointslice.kubernetes.io/managed-by"]?.string?.hasSuffix(".k8s.io") ?? false
            case .core("Endpoints"):
                let addresses = (object.json["subsets"]?.array ?? []).flatMap { $0["addresses"]?.array ?? [] }
                return context.servicesWithSelector.contains("\(object.namespace ?? "")/\(object.name)")
                    || addresses.contains { $0["targetRef"] != nil }
            default: return false
            }
        },
        SkipRule("leader-election") { object, _ in
            object[annotation: "control-plane.alpha.kubernetes.io/leader"] != nil
        },
        SkipRule("generated-configmap") { object, _ in
            object.gvk.groupKind == .core("ConfigMap")
                && ["kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert"].contains(object.name)
        },
        SkipRule("api-server-service") { object, _ in
            [.core("Service"), .core("Endpoints"), GroupKind(group: "discovery.k8s.io", kind: "EndpointSlice")]
                .contains(object.gvk.groupKind) && object.namespace == "default" && object.name == "kubernetes"
        },
        SkipRule("generated-account") { object, _ in
            object.gvk.groupKind == .core("ServiceAccount") && object.name == "default" && !saysSomething(object)
        },
        SkipRule("generated-namespace") { object, _ in
            object.gvk.groupKind == .core("Namespace") && object.name == "default" && !saysSomething(object)
        },
        SkipRule("rbac-bootstrap") { object, _ in
            object.gvk.group == "rbac.authorization.k8s.io"
                && (object.labels["kubernetes.io/bootstrapping"]?.string == "rbac-defaults"
                    || object.name.hasPrefix("system:"))
        },
        SkipRule("system-priority") { object, _ in
            object.gvk.groupKind == GroupKind(group: "scheduling.k8s.io", kind: "PriorityClass")
                && object.name.hasPrefix("system-")
        },
        SkipRule("flow-control-default") { object, _ in
            guard object.gvk.group == "flowcontrol.apiserver.k8s.io" else { return false }
            // Servers before 1.22 made the same objects without saying so; since then "false" marks one that people own.
            guard let keptByServer = object[annotation: "apf.kubernetes.io/autoupdate-spec"] else {
                return flowControlDefaults.contains(object.name)
            }
            return keptByServer == "true"
        },
        SkipRule("apiservice-automanaged") { object, _ in
            object.gvk.groupKind == GroupKind(group: "apiregistration.k8s.io", kind: "APIService")
                && object.labels["kube-aggregator.kubernetes.io/automanaged"] != nil
        },
        SkipRule("provider-quota") { object, _ in
            object.gvk.groupKind == .core("ResourceQuota") && object.name == "gke-resource-quotas"
        },
        SkipRule("provisioned-volume") { object, _ in
            object.gvk.groupKind == .core("PersistentVolume")
                && object[annotation: "pv.kubernetes.io/provisioned-by"] != nil
        },
    ]

    /// Credentials of blue's control plane and records of Helm.
    static let credentials: [SkipRule] = [
        SkipRule("service-account-token") { object, context in
            guard object.gvk.groupKind == .core("Secret"), let type = object.json["type"]?.string else { return false }
            if type == "kubernetes.io/dockercfg" {
                // OpenShift makes these; one made by hand carries no account.
                return object[annotation: "openshift.io/internal-registry-auth-token.service-account"] != nil
            }
            guard type == "kubernetes.io/service-account-token" else { return false }
            return context.accountSecrets.contains("\(object.namespace ?? "")/\(object.name)")
                || GeneratedName.isToken(
                    object.name, of: object[annotation: "kubernetes.io/service-account.name"])
        },
        SkipRule("bootstrap-token") { object, _ in
            object.gvk.groupKind == .core("Secret")
                && object.json["type"]?.string == "bootstrap.kubernetes.io/token"
        },
        // They name API versions that green may not serve, and nothing on green reads them but Helm.
        SkipRule("helm-release") { object, _ in
            object.gvk.groupKind == .core("Secret") && object.json["type"]?.string == "helm.sh/release.v1"
        },
        // The journal of a run, not of the application: it stays where it was put.
        SkipRule("kirikae-mirror") { object, _ in
            object.gvk.groupKind == .core("Secret") && object.json["type"]?.string == OwnMarks.mirrorType
        },
    ]

    /// Whether someone gave a generated object more than its controller does.
    static func saysSomething(_ object: KubeObject) -> Bool {
        let portable = CopyRules.portable(object).object
        guard portable.labels.isEmpty, portable.annotations.isEmpty else { return true }
        return portable.json.object?.keys.contains { !["apiVersion", "kind", "metadata", "spec"].contains($0) } ?? false
    }

    /// What API servers make by themselves for priority and fairness, from 1.18 to 1.37: the mandatory and the suggested
    /// FlowSchemas and PriorityLevelConfigurations.
    private static let flowControlDefaults: Set<String> = [
        "exempt", "catch-all", "system", "system-nodes", "system-node-high", "node-high", "leader-election",
        "system-leader-election", "workload-leader-election", "endpoint-controller", "workload-high", "workload-low",
        "kube-controller-manager", "kube-scheduler", "kube-system-service-accounts", "service-accounts",
        "global-default", "probes", "backstop",
    ]
}

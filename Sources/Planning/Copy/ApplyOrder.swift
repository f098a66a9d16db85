import Manifests

/// In which part of its wave an object is applied.
///
/// The raw value is the number in the ids of the steps.
enum ApplyPhase: Int, Sendable, CaseIterable, Comparable {
    case definitions = 10
    case namespaces = 20
    case classes = 30
    case access = 40
    case limits = 50
    case config = 60
    case storage = 70
    case services = 80
    case networkPolicies = 90
    case workloads = 100
    case scaling = 110
    case customResources = 120
    /// What intercepts or extends the API: only once what answers it is awake.
    case interceptors = 160

    static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The step's slug behind the number.
    var slug: String {
        switch self {
        case .definitions: "apply-definitions"
        case .namespaces: "apply-namespaces"
        case .classes: "apply-classes"
        case .access: "apply-access"
        case .limits: "apply-limits"
        case .config: "apply-config"
        case .storage: "apply-storage"
        case .services: "apply-services"
        case .networkPolicies: "apply-network-policies"
        case .workloads: "apply-workloads"
        case .scaling: "apply-scaling"
        case .customResources: "apply-custom-resources"
        case .interceptors: "apply-interceptors"
        }
    }

    /// What the step does, for people.
    var title: String {
        switch self {
        case .definitions: "Define the custom resources"
        case .namespaces: "Create the namespaces"
        case .classes: "Create priority, storage, runtime and ingress classes"
        case .access: "Create service accounts, roles and bindings"
        case .limits: "Set limits and quotas, before anything counts against them"
        case .config: "Copy Secrets and ConfigMaps"
        case .storage: "Create volume claims; they are empty, data is not moved"
        case .services: "Create Services"
        case .networkPolicies: "Create network policies"
        case .workloads: "Create workloads asleep"
        case .scaling: "Create autoscalers (they rest while their target is at 0) and disruption budgets"
        case .customResources: "Create custom resources"
        case .interceptors: "Register webhooks and extension APIs, after what answers them"
        }
    }
}

/// The order in which kinds are applied: each row a phase, within a phase from left to right.
///
/// Kinds that no row names are custom resources.
enum ApplyOrder {
    /// The table.
    ///
    /// Differences from Velero's, with reasons: quotas before workloads, or the first Pods slip past them; webhooks
    /// last, or they refuse what they shall guard; Endpoints before Services, or the controller makes its own.
    static let table: [(phase: ApplyPhase, kinds: [GroupKind])] = [
        (.definitions, [GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition")]),
        (.namespaces, [.core("Namespace")]),
        (
            .classes,
            [
                GroupKind(group: "scheduling.k8s.io", kind: "PriorityClass"),
                GroupKind(group: "storage.k8s.io", kind: "CSIDriver"),
                GroupKind(group: "storage.k8s.io", kind: "StorageClass"),
                GroupKind(group: "storage.k8s.io", kind: "VolumeAttributesClass"),
                GroupKind(group: "snapshot.storage.k8s.io", kind: "VolumeSnapshotClass"),
                GroupKind(group: "node.k8s.io", kind: "RuntimeClass"),
                GroupKind(group: "networking.k8s.io", kind: "IngressClass"),
                GroupKind(group: "gateway.networking.k8s.io", kind: "GatewayClass"),
                GroupKind(group: "resource.k8s.io", kind: "DeviceClass"),
                GroupKind(group: "flowcontrol.apiserver.k8s.io", kind: "PriorityLevelConfiguration"),
                GroupKind(group: "flowcontrol.apiserver.k8s.io", kind: "FlowSchema"),
            ]
        ),
        (
            .access,
            [
                GroupKind(group: "policy", kind: "PodSecurityPolicy"), .core("ServiceAccount"), .rbac("ClusterRole"),
                .rbac("Role"), .rbac("ClusterRoleBinding"),
                .rbac("RoleBinding"),
            ]
        ),
        (.limits, [.core("LimitRange"), .core("ResourceQuota")]),
        (.config, [.core("Secret"), .core("ConfigMap"), .core("PodTemplate")]),
        (.storage, [.core("PersistentVolume"), .core("PersistentVolumeClaim")]),
        (
            .services,
            [.core("Endpoints"), GroupKind(group: "discovery.k8s.io", kind: "EndpointSlice"), .core("Service")]
        ),
        (
            .networkPolicies,
            [
                GroupKind(group: "networking.k8s.io", kind: "NetworkPolicy"),
                GroupKind(group: "extensions", kind: "NetworkPolicy"),
            ]
        ),
        (
            .workloads,
            [
                .apps("DaemonSet"), GroupKind(group: "extensions", kind: "DaemonSet"), .apps("StatefulSet"),
                .apps("Deployment"), GroupKind(group: "extensions", kind: "Deployment"), .apps("ReplicaSet"),
                GroupKind(group: "extensions", kind: "ReplicaSet"), .core("ReplicationController"),
                .batch("CronJob"), .batch("Job"), .core("Pod"),
            ]
        ),
        (
            .scaling,
            [
                GroupKind(group: "policy", kind: "PodDisruptionBudget"),
                GroupKind(group: "autoscaling", kind: "HorizontalPodAutoscaler"),
            ]
        ),
        (
            .interceptors,
            [
                GroupKind(group: "apiregistration.k8s.io", kind: "APIService"),
                GroupKind(group: "admissionregistration.k8s.io", kind: "ValidatingAdmissionPolicy"),
                GroupKind(group: "admissionregistration.k8s.io", kind: "ValidatingAdmissionPolicyBinding"),
                GroupKind(group: "admissionregistration.k8s.io", kind: "MutatingAdmissionPolicy"),
                GroupKind(group: "admissionregistration.k8s.io", kind: "MutatingAdmissionPolicyBinding"),
                GroupKind(group: "admissionregistration.k8s.io", kind: "ValidatingWebhookConfiguration"),
                GroupKind(group: "admissionregistration.k8s.io", kind: "MutatingWebhookConfiguration"),
            ]
        ),
    ]

    private static let positions: [GroupKind: (phase: ApplyPhase, rank: Int)] = Dictionary(
        uniqueKeysWithValues: table.flatMap { row in
            row.kinds.enumerated().map { ($0.element, (phase: row.phase, rank: $0.offset)) }
        })

    /// The phase of a kind, and its place within.
    static func position(of kind: GroupKind) -> (phase: ApplyPhase, rank: Int) {
        positions[kind] ?? (phase: .customResources, rank: 0)
    }
}

import Manifests

/// One rule about objects that would act as soon as they stand on green.
struct HoldRule: Sendable {
    /// Why, as a stable code.
    let code: String
    /// Whether the wave's gate is enough; otherwise someone has to decide about each one.
    let behindGate: Bool
    /// What someone has to know about it.
    let remark: String
    /// Whether the object is one of them.
    let matches: @Sendable (KubeObject) -> Bool

    init(
        _ code: String, behindGate: Bool, _ remark: String, matches: @escaping @Sendable (KubeObject) -> Bool
    ) {
        self.code = code
        self.behindGate = behindGate
        self.remark = remark
        self.matches = matches
    }
}

/// What is not applied with the rest, one line each; the first rule that matches gives the reason.
enum HoldRules {
    static let all: [HoldRule] = [
        HoldRule(
            ReasonCode.sideEffect, behindGate: true, "claims names, addresses or certificates outside the cluster"
        ) {
            outward.contains($0.gvk.groupKind)
                || ($0.gvk.groupKind == .core("Service") && $0["spec.type"]?.string == "LoadBalancer")
        },
        HoldRule(ReasonCode.actsByItself, behindGate: true, "starts work by itself as soon as it exists") {
            selfActing.contains($0.gvk.groupKind)
        },
        HoldRule("cloud-resource", behindGate: false, "two clusters would manage one cloud resource") {
            let group = $0.gvk.group
            return cloudSuffixes.contains { group == $0 || group.hasSuffix(".\($0)") }
        },
        HoldRule("gitops", behindGate: false, "deploys from Git; point it at green in Git instead") {
            gitOps.contains($0.gvk.groupKind)
        },
        HoldRule("job-unfinished", behindGate: false, "would run a second time") { $0.gvk.groupKind == .batch("Job") },
        HoldRule("naked-pod", behindGate: false, "a Pod cannot sleep") { $0.gvk.groupKind == .core("Pod") },
        HoldRule("static-volume", behindGate: false, "two clusters would use one disk") {
            $0.gvk.groupKind == .core("PersistentVolume")
        },
    ]

    /// The rule that holds an object, nil when none does.
    static func rule(for object: KubeObject) -> HoldRule? { all.first { $0.matches(object) } }

    private static let outward: Set<GroupKind> = [
        GroupKind(group: "networking.k8s.io", kind: "Ingress"), GroupKind(group: "extensions", kind: "Ingress"),
        GroupKind(group: "route.openshift.io", kind: "Route"),
        GroupKind(group: "externaldns.k8s.io", kind: "DNSEndpoint"),
        GroupKind(group: "cert-manager.io", kind: "Certificate"),
        GroupKind(group: "elbv2.k8s.aws", kind: "TargetGroupBinding"),
        GroupKind(group: "gateway.networking.k8s.io", kind: "Gateway"),
        GroupKind(group: "gateway.networking.k8s.io", kind: "HTTPRoute"),
        GroupKind(group: "gateway.networking.k8s.io", kind: "GRPCRoute"),
        GroupKind(group: "gateway.networking.k8s.io", kind: "TLSRoute"),
        GroupKind(group: "gateway.networking.k8s.io", kind: "TCPRoute"),
        GroupKind(group: "gateway.networking.k8s.io", kind: "UDPRoute"),
    ]

    private static let selfActing: Set<GroupKind> = [
        GroupKind(group: "keda.sh", kind: "ScaledObject"), GroupKind(group: "keda.sh", kind: "ScaledJob"),
        GroupKind(group: "argoproj.io", kind: "CronWorkflow"), GroupKind(group: "argoproj.io", kind: "Workflow"),
        GroupKind(group: "argoproj.io", kind: "Sensor"), GroupKind(group: "argoproj.io", kind: "EventSource"),
        GroupKind(group: "triggers.tekton.dev", kind: "EventListener"),
        GroupKind(group: "tekton.dev", kind: "PipelineRun"), GroupKind(group: "tekton.dev", kind: "TaskRun"),
    ]

    private static let cloudSuffixes = [
        "crossplane.io", "upbound.io", "services.k8s.aws", "cnrm.cloud.google.com", "cluster.x-k8s.io",
        "azure.com",
    ]

    private static let gitOps: Set<GroupKind> = [
        GroupKind(group: "argoproj.io", kind: "Application"), GroupKind(group: "argoproj.io", kind: "ApplicationSet"),
        GroupKind(group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization"),
        GroupKind(group: "helm.toolkit.fluxcd.io", kind: "HelmRelease"),
    ]
}

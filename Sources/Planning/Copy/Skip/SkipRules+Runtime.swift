import Manifests

extension SkipRules {
    /// Records of what happens on blue, by kind or by group.
    static let runtime: [SkipRule] = [
        SkipRule("event", kinds: [.core("Event"), GroupKind(group: "events.k8s.io", kind: "Event")]),
        SkipRule("node", kinds: [.core("Node")]),
        SkipRule(
            "lease",
            kinds: [
                GroupKind(group: "coordination.k8s.io", kind: "Lease"),
                GroupKind(group: "coordination.k8s.io", kind: "LeaseCandidate"),
            ]),
        SkipRule(
            "node-storage",
            kinds: [
                GroupKind(group: "storage.k8s.io", kind: "CSINode"),
                GroupKind(group: "storage.k8s.io", kind: "VolumeAttachment"),
                GroupKind(group: "storage.k8s.io", kind: "CSIStorageCapacity"),
                GroupKind(group: "resource.k8s.io", kind: "ResourceSlice"),
            ]),
        SkipRule(
            "assigned-by-cluster",
            kinds: [
                GroupKind(group: "networking.k8s.io", kind: "IPAddress"),
                GroupKind(group: "networking.k8s.io", kind: "ServiceCIDR"),
                GroupKind(group: "internal.apiserver.k8s.io", kind: "StorageVersion"),
            ]),
        SkipRule("virtual", kinds: [.core("ComponentStatus"), .core("Binding")]),
        SkipRule("virtual", groups: ["authentication.k8s.io", "authorization.k8s.io"]),
        SkipRule("metrics", groups: ["metrics.k8s.io", "custom.metrics.k8s.io", "external.metrics.k8s.io"]),
        SkipRule(
            "certificate-request",
            kinds: [
                GroupKind(group: "certificates.k8s.io", kind: "CertificateSigningRequest"),
                GroupKind(group: "cert-manager.io", kind: "CertificateRequest"),
                GroupKind(group: "acme.cert-manager.io", kind: "Order"),
                GroupKind(group: "acme.cert-manager.io", kind: "Challenge"),
            ]),
        SkipRule("report", groups: ["wgpolicyk8s.io", "reports.kyverno.io"]),
        SkipRule(
            "snapshot-content", kinds: [GroupKind(group: "snapshot.storage.k8s.io", kind: "VolumeSnapshotContent")]),
        SkipRule(
            "network-runtime",
            kinds: [
                GroupKind(group: "cilium.io", kind: "CiliumEndpoint"),
                GroupKind(group: "cilium.io", kind: "CiliumIdentity"),
                GroupKind(group: "cilium.io", kind: "CiliumNode"),
                GroupKind(group: "crd.projectcalico.org", kind: "IPAMBlock"),
                GroupKind(group: "crd.projectcalico.org", kind: "IPAMHandle"),
                GroupKind(group: "crd.projectcalico.org", kind: "BlockAffinity"),
            ]),
        SkipRule(
            "machine",
            kinds: [
                GroupKind(group: "karpenter.sh", kind: "NodeClaim"), GroupKind(group: "karpenter.sh", kind: "Machine"),
                GroupKind(group: "cluster.x-k8s.io", kind: "Machine"),
                GroupKind(group: "machine.openshift.io", kind: "Machine"),
            ]),
    ]
}

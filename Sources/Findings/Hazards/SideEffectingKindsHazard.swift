public import Manifests

/// Objects whose mere existence acts on the world outside of the cluster.
public struct SideEffectingKindsHazard: HazardCheck {
    public let id = "side-effecting-kinds"
    public let summary = "An object makes, takes over or deletes something outside of the cluster."

    public init() {}

    public func hazards(in inventory: Inventory, context: HazardContext) -> [Hazard] {
        inventory.migrating.compactMap { entry in
            guard let effect = Self.effect(of: entry.object) else { return nil }
            return hazard(effect.severity, entry, at: effect.path, effect.message, effect.answer)
        }
    }

    /// What the object does outside; nil for nearly all.
    ///
    /// Planning holds such objects back until their wave is switched over.
    public static func isSideEffecting(_ object: KubeObject) -> Bool { effect(of: object) != nil }

    private typealias Effect = (severity: Hazard.Severity, path: FieldPath?, message: String, answer: String)

    private static let cloudGroups = [
        ".crossplane.io", ".upbound.io", ".services.k8s.aws", ".cnrm.cloud.google.com", ".azure.com",
    ]

    private static let pinnedAddressAnnotations: Set<String> = [
        "service.beta.kubernetes.io/aws-load-balancer-name",
        "service.beta.kubernetes.io/aws-load-balancer-eip-allocations",
        "service.beta.kubernetes.io/azure-load-balancer-ipv4", "service.beta.kubernetes.io/azure-pip-name",
        "networking.gke.io/load-balancer-ip-addresses", "metallb.universe.tf/loadBalancerIPs",
        "metallb.io/loadBalancerIPs", "kubernetes.digitalocean.com/load-balancer-id",
        "service.beta.kubernetes.io/do-loadbalancer-name", "load-balancer.hetzner.cloud/name",
        "loadbalancer.openstack.org/load-balancer-id", "kube-vip.io/loadbalancerIPs",
    ]

    private static func effect(of object: KubeObject) -> Effect? {
        let gvk = object.gvk
        if cloudGroups.contains(where: { gvk.group.hasSuffix($0) }) || gvk.group == "cluster.x-k8s.io"
            || gvk.group.hasSuffix(".cluster.x-k8s.io")
        {
            return (
                .refuses, nil,
                "\(object.reference) stands for something in the cloud that both clusters would manage, and that "
                    + "deleting the copy would delete.",
                "Leave it in blue until it is handed over by its own tool, and say so in the migration file."
            )
        }
        switch (gvk.group, gvk.kind) {
        case ("externaldns.k8s.io", "DNSEndpoint"):
            return (
                .inserts, nil, "\(object.reference) writes DNS records that blue's copy owns.",
                "It is held until the traffic of its wave is on green."
            )
        case ("cert-manager.io", "Certificate"):
            return (
                .inserts, nil,
                "\(object.reference) asks the issuer for a certificate: rate limits count, and HTTP-01 challenges "
                    + "still reach blue.",
                "Its Secret is copied first; the Certificate itself is held until the traffic is on green."
            )
        case ("", "Service"):
            return pinnedAddress(of: object).map { path in
                (
                    .refuses, path,
                    "\(object.reference) asks for a named load balancer or address that blue holds: the cloud "
                        + "refuses it, or takes it away from blue.",
                    "Give green another address in the migration file, or accept that this Service is left out."
                )
            }
        default: return nil
        }
    }

    private static func pinnedAddress(of service: KubeObject) -> FieldPath? {
        guard service["spec.type"]?.string == "LoadBalancer" else { return nil }
        if let address = service["spec.loadBalancerIP"]?.string, !address.isEmpty { return "spec.loadBalancerIP" }
        return service.annotations.first { pinnedAddressAnnotations.contains($0.key) }.map {
            FieldPath([.member("metadata"), .member("annotations"), .member($0.key)])
        }
    }
}

import Manifests

extension StripRules {
    /// What a cluster assigns to a Service by itself, and what names things outside both clusters.
    static let service: [StripRule] = [assignedAddresses, assignedPorts, sharedAddresses, triggerTime]

    /// Cluster addresses come from green's own range.
    ///
    /// `None` is a decision and stays.
    static let assignedAddresses = StripRule("assigned-by-cluster", kinds: [.core("Service")]) { object, source in
        if source["spec.clusterIP"]?.string != "None" {
            object.strip("spec.clusterIP")
            object.strip("spec.clusterIPs")
        }
    }

    /// Node ports stay only where someone chose them: they stand in the last-applied manifest, or a client other than
    /// the server set them by apply or update.
    static let assignedPorts = StripRule("assigned-port", kinds: [.core("Service")]) { object, source in
        let explicit = ExplicitPorts(of: source)
        for (index, port) in (source["spec.ports"]?.array ?? []).enumerated() {
            guard let number = port["nodePort"]?.integer, !explicit.nodePorts.contains(number) else { continue }
            object.strip(FieldPath([.member("spec"), .member("ports"), .index(index), .member("nodePort")]))
        }
        if !explicit.healthCheck { object.strip("spec.healthCheckNodePort") }
    }

    /// Addresses and names of balancers: two clusters that claim the same one steal it from each other.
    static let sharedAddresses = StripRule("shared-address", kinds: [.core("Service")]) { object, source in
        object.strip("spec.loadBalancerIP")
        object.strip("spec.externalIPs")
        for name in source.annotations.keys where namesABalancer(name) { object.strip(annotation: name) }
    }

    /// Written by the endpoints controller at each change.
    static let triggerTime = StripRule("written-by-controller", kinds: [.core("Endpoints")]) { object, _ in
        object.strip(annotation: "endpoints.kubernetes.io/last-change-trigger-time")
    }

    private static func namesABalancer(_ annotation: String) -> Bool {
        ["load-balancer-name", "load-balancer-id", "load-balancer-ip", "loadbalancer-id", "eip-allocations"]
            .contains { annotation.hasSuffix($0) } || annotation == "metallb.universe.tf/loadBalancerIPs"
            || annotation == "metallb.io/loadBalancerIPs" || annotation == "kubernetes.io/ingress.global-static-ip-name"
    }
}

/// The ports of a Service that a person chose, as far as the object tells.
struct ExplicitPorts {
    /// The chosen node ports.
    private(set) var nodePorts: Set<Int64> = []
    /// Whether the health check's node port was chosen.
    private(set) var healthCheck = false

    /// Looks at the last-applied manifest first, then at who owns the fields.
    init(of service: KubeObject) {
        let annotation = service[annotation: "kubectl.kubernetes.io/last-applied-configuration"]
        if let annotation, let applied = try? JSONValue(parsing: Array(annotation.utf8)) {
            nodePorts = Set((applied["spec"]?["ports"]?.array ?? []).compactMap { $0["nodePort"]?.integer })
            healthCheck = applied["spec"]?["healthCheckNodePort"] != nil
            return
        }
        let ports = service["spec.ports"]?.array ?? []
        for entry in service["metadata.managedFields"]?.array ?? [] {
            let fields = entry["fieldsV1"]?["f:spec"]
            if fields?["f:healthCheckNodePort"] != nil { healthCheck = true }
            for owned in fields?["f:ports"]?.object ?? [:] where owned.value["f:nodePort"] != nil {
                // The key is `k:{"port":80,"protocol":"TCP"}`.
                guard owned.key.hasPrefix("k:"), let key = try? JSONValue(parsing: Array(owned.key.utf8.dropFirst(2)))
                else { continue }
                for port in ports where port["port"] == key["port"] && port["protocol"] == key["protocol"] {
                    if let number = port["nodePort"]?.integer { nodePorts.insert(number) }
                }
            }
        }
    }
}

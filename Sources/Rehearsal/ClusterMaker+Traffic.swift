import Manifests

extension ClusterMaker {
    mutating func service(_ namespace: String, _ name: String, _ label: JSONValue) {
        // A Service's name is a DNS label, unlike a Deployment's.
        var name = name.replacing(".", with: "-")
        if name.first?.isNumber == true { name = "s" + name }
        let type = random.pick(["ClusterIP", "ClusterIP", "ClusterIP", "NodePort", "LoadBalancer", "ExternalName"])
        let address = "10.96.\(Int.random(in: 1...250, using: &random)).\(Int.random(in: 1...250, using: &random))"
        let port = Int64.random(in: 30_000...32_767, using: &random)
        services.append("\(name).\(namespace)")
        add("v1", "Service", namespace, name) {
            if type == "ExternalName" {
                $0["spec"] = ["type": "ExternalName", "externalName": "db.example.com"]
                return
            }
            $0["spec"] = [
                "clusterIP": .string(address), "type": .string(type), "selector": ["app": label],
                "ports": [
                    ["name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"],
                    ["name": "grpc", "port": 9000, "targetPort": 9000, "protocol": "TCP"],
                ],
            ]
            if type == "NodePort" { $0["spec.ports[0].nodePort"] = .integer(port) }
            if type == "LoadBalancer" { $0["status"] = ["loadBalancer": ["ingress": [["ip": "203.0.113.9"]]]] }
        }
        guard type != "ExternalName" else { return }
        add("v1", "Endpoints", namespace, name) {
            $0["subsets"] = [["addresses": [["ip": "10.1.0.7"]], "ports": [["name": "http", "port": 8080]]]]
        }
        if random.chance(30) { manualEndpoints(namespace) }
    }

    /// A Service without a selector: somebody keeps its Endpoints by hand.
    private mutating func manualEndpoints(_ namespace: String) {
        guard !objects.contains(where: { $0.namespace == namespace && $0.name == "outside" }) else { return }
        add("v1", "Service", namespace, "outside") { $0["spec"] = ["ports": [["port": 5432, "protocol": "TCP"]]] }
        add("v1", "Endpoints", namespace, "outside") {
            $0["subsets"] = [["addresses": [["ip": "192.0.2.10"]], "ports": [["port": 5432, "protocol": "TCP"]]]]
        }
    }

    mutating func traffic(_ namespace: String) {
        let version = served(
            "Ingress", ["extensions/v1beta1", "networking.k8s.io/v1beta1", "networking.k8s.io/v1"])
        let service = services.last { $0.hasSuffix(".\(namespace)") }?.split(separator: ".").first.map(String.init)
        let backend: JSONValue =
            version == "networking.k8s.io/v1"
            ? ["service": ["name": .string(service ?? "nobody"), "port": ["name": "http"]]]
            : ["serviceName": .string(service ?? "nobody"), "servicePort": "http"]
        add(version, "Ingress", namespace, "edge") {
            $0["metadata.annotations"] = [
                "kubernetes.io/ingress.class": "edge", "nginx.ingress.kubernetes.io/rewrite-target": "/$2",
            ]
            $0["spec"] = [
                "tls": [["hosts": ["*.example.com"], "secretName": "tls.example.com"]],
                "rules": [
                    [
                        "host": "*.example.com",
                        "http": [
                            "paths": [
                                ["path": "/a(/|$)(.*)", "pathType": "ImplementationSpecific", "backend": backend]
                            ]
                        ],
                    ]
                ],
            ]
            $0["status"] = ["loadBalancer": ["ingress": [["hostname": "lb.example.com"]]]]
        }
        add("networking.k8s.io/v1", "NetworkPolicy", namespace, "deny-all") {
            $0["spec"] = ["podSelector": [:], "policyTypes": ["Ingress", "Egress"]]
        }
        add("networking.k8s.io/v1", "NetworkPolicy", namespace, "allow-front") {
            $0["spec"] = [
                "podSelector": ["matchExpressions": [["key": "app", "operator": "In", "values": ["app-0", "n0"]]]],
                "ingress": [
                    ["from": [["namespaceSelector": [:]]], "ports": [["port": "http", "protocol": "TCP"]]], [:],
                ],
                "policyTypes": ["Ingress"],
            ]
        }
    }
}

import Manifests

extension Defaults {
    /// Fills in the defaults of a Pod's spec, wherever it lies.
    ///
    /// Without containers nothing is made up.
    static func podSpec(_ object: inout KubeObject, at path: FieldPath, _ version: KubernetesVersion) {
        guard case .object(var spec)? = object[path] else { return }
        for (name, value) in [
            ("restartPolicy", "Always"), ("dnsPolicy", "ClusterFirst"), ("schedulerName", "default-scheduler"),
        ] as [(String, JSONValue)] where spec[name] == nil {
            spec[name] = value
        }
        if spec["terminationGracePeriodSeconds"] == nil { spec["terminationGracePeriodSeconds"] = 30 }
        if spec["securityContext"] == nil { spec["securityContext"] = [:] }
        if let account = spec["serviceAccountName"], spec["serviceAccount"] == nil { spec["serviceAccount"] = account }
        for name in ["containers", "initContainers"] {
            guard let containers = spec[name]?.array else { continue }
            spec[name] = .array(containers.map { container($0, version) })
        }
        if let volumes = spec["volumes"]?.array { spec["volumes"] = .array(volumes.map(volume)) }
        object[path] = .object(spec)
    }

    private static func container(_ json: JSONValue, _ version: KubernetesVersion) -> JSONValue {
        guard case .object(var container) = json else { return json }
        if container["resources"] == nil { container["resources"] = [:] }
        if container["terminationMessagePath"] == nil { container["terminationMessagePath"] = "/dev/termination-log" }
        if container["terminationMessagePolicy"] == nil { container["terminationMessagePolicy"] = "File" }
        if container["imagePullPolicy"] == nil {
            let image = container["image"]?.string ?? ""
            let name = image.split(separator: "/").last ?? ""
            let latest = !image.contains("@") && (!name.contains(":") || name.hasSuffix(":latest"))
            container["imagePullPolicy"] = latest ? "Always" : "IfNotPresent"
        }
        if let ports = container["ports"]?.array {
            container["ports"] = .array(
                ports.map { port in
                    var port = port
                    if port["protocol"] == nil { port["protocol"] = "TCP" }
                    return port
                })
        }
        for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
            guard case .object(var probe)? = container[name] else { continue }
            for (field, value) in [
                ("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3),
            ] as [(String, JSONValue)] where probe[field] == nil {
                probe[field] = value
            }
            if case .object(var http)? = probe["httpGet"] {
                if http["scheme"] == nil { http["scheme"] = "HTTP" }
                if http["path"] == nil { http["path"] = "/" }
                probe["httpGet"] = .object(http)
            }
            container[name] = .object(probe)
        }
        if let variables = container["env"]?.array {
            container["env"] = .array(
                variables.map { variable in
                    guard let field = variable["valueFrom"]?["fieldRef"], field["apiVersion"] == nil else {
                        return variable
                    }
                    var variable = variable
                    variable["valueFrom.fieldRef.apiVersion" as FieldPath] = "v1"
                    return variable
                })
        }
        return .object(container)
    }

    private static func volume(_ json: JSONValue) -> JSONValue {
        var volume = json
        for name in ["configMap", "secret", "projected", "downwardAPI"]
        where volume[name]?.object != nil && volume[name]?["defaultMode"] == nil {
            volume[FieldPath([.member(name), .member("defaultMode")])] = 420
        }
        if volume["hostPath"]?.object != nil, volume["hostPath"]?["type"] == nil {
            volume["hostPath.type" as FieldPath] = ""
        }
        return volume
    }
}

import Manifests

/// The rules of the common kinds that manifests break in practice.
///
/// Unknown fields are not looked for: that needs schemas, which are not there yet.
enum KindValidation {
    /// What is wrong with an object of a built-in kind.
    static func faults(
        _ object: KubeObject, old: KubeObject?, _ resource: ServedResource, at version: KubernetesVersion
    ) -> [APIStatus.Cause] {
        switch (resource.gvk.group, resource.kind) {
        case ("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "DaemonSet"), ("apps", "ReplicaSet"):
            workload(object)
        case ("batch", "Job"): job(object)
        case ("batch", "CronJob"): cronJob(object, at: version)
        case ("", "Pod"): podSpec(object["spec"], "spec")
        case ("", "Service"): service(object)
        case ("", "ConfigMap"): configMap(object)
        case ("", "Secret"): secret(object)
        case ("", "PersistentVolumeClaim"): claim(object)
        case ("autoscaling", "HorizontalPodAutoscaler"): autoscaler(object, at: version)
        case ("rbac.authorization.k8s.io", "RoleBinding"), ("rbac.authorization.k8s.io", "ClusterRoleBinding"):
            binding(object)
        case ("networking.k8s.io", "Ingress"):
            // The faults are those of the version asked for: the betas take what v1 refuses.
            ingress(object, old: old, version: resource.gvk.version)
        case ("policy", "PodDisruptionBudget"): budget(object)
        case ("apiextensions.k8s.io", "CustomResourceDefinition"):
            definition(object, old: old, version: resource.gvk.version)
        case ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
            ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"):
            webhooks(object, version: resource.gvk.version)
        case ("rbac.authorization.k8s.io", "Role"), ("rbac.authorization.k8s.io", "ClusterRole"): role(object)
        case ("scheduling.k8s.io", "PriorityClass"): priority(object)
        default: []
        }
    }

    private static func workload(_ object: KubeObject) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        if let replicas = object["spec.replicas"]?.integer, replicas < 0 {
            causes.append(.invalid("spec.replicas", .integer(replicas), "must be greater than or equal to 0"))
        }
        let labels = object["spec.template.metadata.labels"]?.object
        if let selector = LabelSelector(object["spec.selector"]), !selector.isEmpty {
            if !selector.matches(labels ?? [:]) {
                causes.append(unmatched(labels))
            }
        } else {
            causes.append(.required("spec.selector"))
            if labels == nil { causes.append(unmatched(labels)) }
        }
        // A StatefulSet's pods mount its claims by the names of their templates.
        let claims = (object["spec.volumeClaimTemplates"]?.array ?? []).compactMap { $0["metadata"]?["name"]?.string }
        return causes + podSpec(object["spec.template.spec"], "spec.template.spec", claims: claims)
    }

    private static func unmatched(_ labels: JSONObject?) -> APIStatus.Cause {
        .invalid(
            "spec.template.metadata.labels", labels.map(JSONValue.object) ?? .null,
            "`selector` does not match template `labels`")
    }

    private static func podSpec(_ spec: JSONValue?, _ path: String, claims: [String] = []) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        let containers = spec?["containers"]?.array ?? []
        if containers.isEmpty { causes.append(.required("\(path).containers")) }
        let volumes = claims + (spec?["volumes"]?.array ?? []).compactMap { $0["name"]?.string }
        for (index, container) in containers.enumerated() {
            let place = "\(path).containers[\(index)]"
            if (container["name"]?.string ?? "").isEmpty { causes.append(.required("\(place).name")) }
            if (container["image"]?.string ?? "").isEmpty {
                causes.append(.required("\(place).image"))
            }
            for (number, mount) in (container["volumeMounts"]?.array ?? []).enumerated() {
                if let name = mount["name"], !volumes.contains(name.string ?? "") {
                    causes.append(
                        APIStatus.Cause(
                            reason: "FieldValueNotFound", message: "Not found: \(name.canonicalText)",
                            field: "\(place).volumeMounts[\(number)].name"))
                }
            }
        }
        return causes
    }

    private static func job(_ object: KubeObject) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        let policy = object["spec.template.spec.restartPolicy"]?.string
        if policy != "OnFailure" && policy != "Never" {
            causes.append(
                .required("spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""))
        }
        return podSpec(object["spec.template.spec"], "spec.template.spec") + causes
    }

    private static func cronJob(_ object: KubeObject, at version: KubernetesVersion) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        let schedule = object["spec.schedule"]?.string ?? ""
        if schedule.isEmpty {
            causes.append(.required("spec.schedule"))
        } else if CronSchedule(schedule) == nil {
            causes.append(.invalid("spec.schedule", .string(schedule), "not a schedule of five fields"))
        }
        // Recorded: refused at 1.20, taken at 1.25, refused at 1.36 because there is a field for it now.
        if version < KubernetesVersion(minor: 21) || version >= KubernetesVersion(minor: 29), schedule.contains("TZ=") {
            causes.append(
                .invalid(
                    "spec.schedule", .string(schedule),
                    "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"))
        }
        let path = "spec.jobTemplate.spec.template.spec"
        let policy = object["spec.jobTemplate.spec.template.spec.restartPolicy"]?.string
        if policy != "OnFailure" && policy != "Never" {
            causes.append(.required("\(path).restartPolicy", "valid values: \"OnFailure\", \"Never\""))
        }
        return causes + podSpec(object["spec.jobTemplate.spec.template.spec"], path)
    }

    private static func service(_ object: KubeObject) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]
        let type = object["spec.type"]?.string ?? ""
        if !types.contains(type) { causes.append(.unsupported("spec.type", .string(type), types)) }
        let ports = object["spec.ports"]?.array ?? []
        if ports.isEmpty, type != "ExternalName", object["spec.clusterIP"]?.string != "None" {
            causes.append(.required("spec.ports"))
        }
        for (index, port) in ports.enumerated() {
            if ports.count > 1, (port["name"]?.string ?? "").isEmpty {
                causes.append(.required("spec.ports[\(index)].name"))
            }
            if let number = port["nodePort"]?.integer, number != 0, !(30_000...32_767).contains(number) {
                causes.append(
                    .invalid(
                        "spec.ports[\(index)].nodePort", .integer(number),
                        "provided port is not in the valid range. The range of valid ports is 30000-32767"))
            }
        }
        if let address = object["spec.clusterIP"]?.string, !address.isEmpty, address != "None",
            type != "ExternalName", !address.hasPrefix("10.96.")
        {
            causes.append(
                .invalid(
                    "spec.clusterIPs", [.string(address)],
                    "failed to allocate IP \(address): the provided IP is not in the valid range. "
                        + "The range of valid IPs is 10.96.0.0/16"))
        }
        return causes
    }

    private static func configMap(_ object: KubeObject) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        let size = ["data", "binaryData"].flatMap { object.json[$0]?.object.map(Array.init) ?? [] }
            .reduce(0) { $0 + ($1.value.string?.utf8.count ?? 0) }
        if size > 1_048_576 {
            causes.append(
                APIStatus.Cause(
                    reason: "FieldValueTooLong", message: "Too long: may not be more than 1048576 bytes", field: "[]"))
        }
        let binary = object["binaryData"]?.object ?? [:]
        for field in ["data", "binaryData"] {
            for entry in object[FieldPath([.member(field)])]?.object ?? [:] {
                let place = "\(field)[\(entry.key)]"
                if !NameRules.isConfigKey(entry.key) {
                    causes.append(
                        .invalid(
                            place, .string(entry.key),
                            "a valid config key must consist of "
                                + "alphanumeric characters, '-', '_' or '.'"))
                }
                if field == "data", binary[entry.key] != nil {
                    causes.append(
                        .invalid(place, .string(entry.key), "duplicate of key present in binaryData"))
                }
            }
        }
        return causes
    }

    private static func secret(_ object: KubeObject) -> [APIStatus.Cause] {
        guard object["type"]?.string == "kubernetes.io/tls" else { return [] }
        return ["tls.crt", "tls.key"].filter { object["data"]?[$0] == nil && object["stringData"]?[$0] == nil }
            .map { .required("data[\($0)]") }
    }

    private static func claim(_ object: KubeObject) -> [APIStatus.Cause] {
        (object["spec.accessModes"]?.array ?? []).isEmpty
            ? [.required("spec.accessModes", "at least 1 access mode is required")] : []
    }

    private static func autoscaler(_ object: KubeObject, at version: KubernetesVersion) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        // The apiVersion may be missing at 1.25 and may not at 1.36; nobody looked between them.
        let required = version > KubernetesVersion(minor: 25) ? ["apiVersion", "kind", "name"] : ["kind", "name"]
        for name in required where (object["spec.scaleTargetRef"]?[name]?.string ?? "").isEmpty {
            causes.append(.required("spec.scaleTargetRef.\(name)"))
        }
        let most = object["spec.maxReplicas"]?.integer ?? 0
        if most < 1 { causes.append(.required("spec.maxReplicas", "must be set and greater than 0")) }
        if let least = object["spec.minReplicas"]?.integer, most < least {
            causes.append(
                .invalid("spec.maxReplicas", .integer(most), "must be greater than or equal to `minReplicas`"))
        }
        return causes
    }

    private static func binding(_ object: KubeObject) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        let kinds = object.gvk.kind == "RoleBinding" ? ["ClusterRole", "Role"] : ["ClusterRole"]
        let kind = object["roleRef"]?["kind"]?.string ?? ""
        if !kinds.contains(kind) { causes.append(.unsupported("roleRef.kind", .string(kind), kinds)) }
        if (object["roleRef"]?["name"]?.string ?? "").isEmpty { causes.append(.required("roleRef.name")) }
        return causes
    }
}

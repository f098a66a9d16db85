import Manifests

/// The rules of the kinds that a platform team writes: those that stop a migration when a newer version is stricter.
extension KindValidation {
    /// What is wrong with an Ingress at v1, which wants what the betas left open.
    static func ingress(_ object: KubeObject, old: KubeObject?, version: String) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        let spec = object["spec"]
        let backend = spec?["defaultBackend"] ?? spec?["backend"]
        if (spec?["rules"]?.array ?? []).isEmpty, backend == nil {
            causes.append(.invalid("spec", spec ?? .null, "either `defaultBackend` or `rules` must be specified"))
        }
        if old == nil, version == "v1", spec?["ingressClassName"] != nil,
            let annotation = object[annotation: "kubernetes.io/ingress.class"]
        {
            causes.append(
                .invalid(
                    "annotations.kubernetes.io/ingress.class", .string(annotation),
                    "can not be set when the class field is also set"))
        }
        if let backend { causes += backendFaults(backend, "spec.defaultBackend") }
        for (number, rule) in (spec?["rules"]?.array ?? []).enumerated() {
            for (index, path) in (rule["http"]?["paths"]?.array ?? []).enumerated() {
                let place = "spec.rules[\(number)].http.paths[\(index)]"
                let type = path["pathType"]?.string ?? ""
                if type.isEmpty {
                    causes.append(.required("\(place).pathType", "pathType must be specified"))
                } else if !["Exact", "Prefix", "ImplementationSpecific"].contains(type) {
                    causes.append(
                        .unsupported(
                            "\(place).pathType", .string(type), ["Exact", "ImplementationSpecific", "Prefix"]))
                } else if type != "ImplementationSpecific", path["path"]?.string?.hasPrefix("/") != true {
                    causes.append(
                        .invalid("\(place).path", path["path"] ?? "", "must be an absolute path"))
                }
                causes += backendFaults(path["backend"] ?? [:], "\(place).backend")
            }
        }
        return causes
    }

    /// The faults of what an Ingress points at.
    private static func backendFaults(_ backend: JSONValue, _ place: String) -> [APIStatus.Cause] {
        guard let service = backend["service"] else { return [] }
        let port = service["port"]
        let hasName = !(port?["name"]?.string ?? "").isEmpty
        let hasNumber = (port?["number"]?.integer ?? 0) != 0
        if hasName && hasNumber { return [.invalid(place, service, "cannot set both port name & port number")] }
        if !hasName && !hasNumber { return [.required(place, "port name or number is required")] }
        if (service["name"]?.string ?? "").isEmpty { return [.required("\(place).service.name")] }
        return []
    }

    /// What is wrong with a PodDisruptionBudget.
    static func budget(_ object: KubeObject) -> [APIStatus.Cause] {
        guard object["spec.minAvailable"] != nil, object["spec.maxUnavailable"] != nil else { return [] }
        return [.invalid("spec", object["spec"] ?? .null, "minAvailable and maxUnavailable cannot be both set")]
    }

    /// What is wrong with a CustomResourceDefinition.
    static func definition(_ object: KubeObject, old: KubeObject?, version: String) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        let group = object["spec.group"]?.string ?? ""
        let plural = object["spec.names.plural"]?.string ?? ""
        if group.isEmpty { causes.append(.required("spec.group")) }
        if object.name != "\(plural).\(group)" {
            causes.append(
                .invalid("metadata.name", .string(object.name), "must be spec.names.plural+\".\"+spec.group"))
        }
        let scopes = ["Cluster", "Namespaced"]
        let scope = object["spec.scope"]?.string ?? ""
        if !scopes.contains(scope) { causes.append(.unsupported("spec.scope", .string(scope), scopes)) }
        if let old, old["spec.scope"] != object["spec.scope"] {
            causes.append(.invalid("spec.scope", .string(scope), "field is immutable"))
        }
        guard version == "v1" else { return causes }
        if object["spec.preserveUnknownFields"]?.bool == true, old == nil {
            causes.append(
                .invalid(
                    "spec.preserveUnknownFields", true, "cannot set to true, set x-preserve-unknown-fields instead"))
        }
        let versions = object["spec.versions"]?.array ?? []
        let names = versions.compactMap { $0["name"]?.string }
        if versions.filter({ $0["storage"]?.bool == true }).count != 1 {
            causes.append(.invalid("spec.versions", .null, "must have exactly one version marked as storage version"))
            causes.append(.invalid("status.storedVersions", .null, "must have at least one stored version"))
        }
        if Set(names).count != names.count {
            causes.append(
                .invalid("spec.versions", .array(names.map(JSONValue.string)), "must contain unique version names"))
        }
        for (index, version) in versions.enumerated() where version["schema"]?["openAPIV3Schema"] == nil {
            causes.append(.required("spec.versions[\(index)].schema.openAPIV3Schema", "schemas are required"))
        }
        for (index, stored) in (old?["status.storedVersions"]?.array ?? []).enumerated()
        where !names.contains(stored.string ?? "") {
            causes.append(.invalid("status.storedVersions[\(index)]", stored, "must appear in spec.versions"))
        }
        return causes
    }

    /// What is wrong with a webhook configuration at v1.
    static func webhooks(_ object: KubeObject, version: String) -> [APIStatus.Cause] {
        guard version == "v1" else { return [] }
        var causes: [APIStatus.Cause] = []
        for (index, hook) in (object["webhooks"]?.array ?? []).enumerated() {
            let place = "webhooks[\(index)]"
            if (hook["admissionReviewVersions"]?.array ?? []).isEmpty {
                causes.append(
                    .required("\(place).admissionReviewVersions", "must specify one of v1, v1beta1"))
            }
            let allowed = ["None", "NoneOnDryRun"]
            if let effects = hook["sideEffects"]?.string {
                if !allowed.contains(effects) {
                    causes.append(.unsupported("\(place).sideEffects", .string(effects), allowed))
                }
            } else {
                causes.append(.required("\(place).sideEffects", "must specify one of None, NoneOnDryRun"))
            }
        }
        return causes
    }

    /// What is wrong with a Role or ClusterRole.
    static func role(_ object: KubeObject) -> [APIStatus.Cause] {
        (object["rules"]?.array ?? []).enumerated().compactMap { index, rule in
            (rule["verbs"]?.array ?? []).isEmpty
                ? .required("rules[\(index)].verbs", "verbs must contain at least one value") : nil
        }
    }

    /// What is wrong with a PriorityClass.
    static func priority(_ object: KubeObject) -> [APIStatus.Cause] {
        guard let value = object["value"]?.integer, value > 1_000_000_000, !object.name.hasPrefix("system-") else {
            return []
        }
        return [.forbidden("value", "maximum allowed value of a user defined priority is 1000000000")]
    }
}

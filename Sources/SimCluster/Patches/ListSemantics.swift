import Manifests

/// How the values of a field are merged: which lists are keyed, which are sets, and what is replaced as a whole.
///
/// Built-in kinds: by field name, from the published OpenAPI documents. Custom resources: from their own schema.
struct ListSemantics: Sendable {
    /// How a list behaves.
    enum ListKind: Sendable, Equatable {
        case atomic
        case set
        /// Items are identified by these members.
        case keyed([String])
    }

    /// What is known about the children of a value; passed down along the way into an object.
    enum Schema: Sendable {
        case builtIn
        /// A custom resource's schema for this value; nil when it says nothing.
        case custom(JSONValue?)
    }

    var root: Schema

    /// The schema of a member.
    ///
    /// Metadata is the same for all kinds.
    static func child(_ name: String, of schema: Schema, atRoot: Bool) -> Schema {
        guard case .custom(let custom) = schema else { return .builtIn }
        if atRoot, name == "metadata" { return .builtIn }
        return .custom(custom?["properties"]?[name] ?? custom?["additionalProperties"])
    }

    /// The schema of a list's items.
    static func items(of schema: Schema) -> Schema {
        guard case .custom(let custom) = schema else { return .builtIn }
        return .custom(custom?["items"])
    }

    /// How the list under this member name behaves.
    static func list(_ name: String, _ items: [JSONValue], _ schema: Schema) -> ListKind {
        switch schema {
        case .custom(let custom):
            switch custom?["x-kubernetes-list-type"]?.string {
            case "map": return .keyed((custom?["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string))
            case "set": return .set
            default: return .atomic
            }
        case .builtIn:
            if sets.contains(name) { return .set }
            if name == "ports" {
                // Of containers or of a Service; those of EndpointSlices and NetworkPolicies are atomic.
                if items.contains(where: { $0["containerPort"] != nil }) {
                    return .keyed(["containerPort", "protocol"])
                }
                return items.contains { $0["targetPort"] != nil || $0["nodePort"] != nil || $0["port"] != nil }
                    && !items.contains { $0["endPort"] != nil }
                    ? .keyed(["port", "protocol"]) : .atomic
            }
            guard let keys = keyedLists[name], items.allSatisfy({ $0.object != nil }) else { return .atomic }
            return .keyed(keys)
        }
    }

    /// Whether an object under this member name is replaced as a whole.
    static func isAtomicMap(_ name: String, _ value: JSONObject, _ schema: Schema) -> Bool {
        switch schema {
        case .custom(let custom):
            return custom?["x-kubernetes-map-type"]?.string == "atomic"
        case .builtIn:
            return atomicMaps.contains(name)
                || (name == "port" && value.allSatisfy { ["name", "number"].contains($0.key) })
        }
    }

    /// The key of an item as managedFields write it: `k:{"name":"web"}`.
    ///
    /// Missing members take their defaults.
    static func key(of item: JSONValue, _ keys: [String]) -> JSONObject {
        var key: JSONObject = [:]
        for name in keys {
            if let value = item[name], !value.isNull {
                key[name] = value
            } else if name == "protocol" {
                key[name] = "TCP"
            }
        }
        return key
    }

    private static let sets: Set<String> = ["finalizers", "podCIDRs", "volumeLifecycleModes", "validationActions"]

    private static let keyedLists: [String: [String]] = [
        "addresses": ["type"], "allocatedResourcesStatus": ["name"], "claims": ["name"], "conditions": ["type"],
        "containers": ["name"], "drivers": ["name"], "env": ["name"], "ephemeralContainers": ["name"],
        "hostAliases": ["ip"], "imagePullSecrets": ["name"], "initContainers": ["name"],
        "matchConditions": ["name"], "ownerReferences": ["uid"], "podIPs": ["ip"], "reservedFor": ["uid"],
        "resourceClaimStatuses": ["name"], "resourceClaims": ["name"], "schedulingGates": ["name"],
        "secrets": ["name"], "topologySpreadConstraints": ["topologyKey", "whenUnsatisfiable"],
        "variables": ["name"], "volumeDevices": ["devicePath"], "volumeMounts": ["mountPath"],
        "volumes": ["name"], "webhooks": ["name"], "x-kubernetes-validations": ["rule"],
    ]

    private static let atomicMaps: Set<String> = [
        "selector", "podSelector", "namespaceSelector", "labelSelector", "objectSelector", "nodeSelector",
        "configMapKeyRef", "secretKeyRef", "fieldRef", "resourceFieldRef", "roleRef", "scaleTargetRef",
        "involvedObject", "targetRef", "secretRef", "nodeAffinityTerms", "scopeSelector", "paramKind", "paramRef",
        "matchResources", "requiredDuringSchedulingIgnoredDuringExecution", "dataSource", "describedObject",
    ]
}

extension SimWorld {
    /// How the fields of a resource are merged.
    func listSemantics(_ resource: ServedResource) -> ListSemantics {
        ListSemantics(root: resource.custom.map { .custom($0.schema) } ?? .builtIn)
    }
}

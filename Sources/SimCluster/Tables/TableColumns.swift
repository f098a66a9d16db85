import Manifests

/// Which columns the kinds show.
enum TableColumns {
    /// The columns of a resource; name and age for those without their own.
    static func of(_ resource: ServedResource) -> [TableColumn] {
        if let custom = resource.custom { return [.name] + printerColumns(custom) }
        let special: [TableColumn]? =
            switch resource.gvk.groupKind.description {
            case "Namespace": [.init("Status", at: "status.phase")]
            case "Service": service
            case "Secret": [.init("Type", at: "type"), .init("Data", type: "integer", cell: count("data"))]
            case "ConfigMap": [.init("Data", type: "integer", cell: count("data", "binaryData"))]
            case "ServiceAccount": [.init("Secrets", type: "integer", cell: count("secrets"))]
            case "Pod": pod
            case "Node": [.init("Status") { _, _ in "Ready" }, .init("Version", at: "status.nodeInfo.kubeletVersion")]
            case "PersistentVolumeClaim":
                [
                    .init("Status", at: "status.phase"), .init("Volume", at: "spec.volumeName"),
                    .init("Capacity", at: "status.capacity.storage"),
                    .init("Access Modes", cell: joined("spec.accessModes")),
                    .init("StorageClass", at: "spec.storageClassName"),
                ]
            case "PersistentVolume":
                [
                    .init("Capacity", at: "spec.capacity.storage"),
                    .init("Access Modes", cell: joined("spec.accessModes")),
                    .init("Reclaim Policy", at: "spec.persistentVolumeReclaimPolicy"),
                    .init("Status", at: "status.phase"), .init("StorageClass", at: "spec.storageClassName"),
                ]
            case "Deployment.apps", "Deployment.extensions":
                [
                    .init("Ready", cell: ready),
                    .init("Up-to-date", type: "integer", at: "status.updatedReplicas"),
                    .init("Available", type: "integer", at: "status.availableReplicas"),
                ]
            case "StatefulSet.apps": [.init("Ready", cell: ready)]
            case "ReplicaSet.apps":
                [
                    .init("Desired", type: "integer", at: "spec.replicas"),
                    .init("Current", type: "integer", at: "status.replicas"),
                    .init("Ready", type: "integer", at: "status.readyReplicas"),
                ]
            case "DaemonSet.apps":
                [
                    .init("Desired", type: "integer", at: "status.desiredNumberScheduled"),
                    .init("Current", type: "integer", at: "status.currentNumberScheduled"),
                    .init("Ready", type: "integer", at: "status.numberReady"),
                    .init("Up-to-date", type: "integer", at: "status.updatedNumberScheduled"),
                    .init("Available", type: "integer", at: "status.numberAvailable"),
                ]
            case "Job.batch":
                [
                    .init("Status", cell: jobStatus),
                    .init("Completions") { object, _ in
                        let done = object["status.succeeded"]?.integer ?? 0
                        return .string("\(done)/\(object["spec.completions"]?.integer ?? 1)")
                    },
                    .since("Duration", "status.startTime"),
                ]
            case "CronJob.batch":
                [
                    .init("Schedule", at: "spec.schedule"), .init("Timezone", at: "spec.timeZone"),
                    .init("Suspend", type: "boolean") { object, _ in object["spec.suspend"] ?? false },
                    .init("Active", type: "integer", cell: count("status.active")),
                    .since("Last Schedule", "status.lastScheduleTime"),
                ]
            case "Ingress.networking.k8s.io", "Ingress.extensions":
                [
                    .init("Class", at: "spec.ingressClassName"),
                    .init("Hosts") { object, _ in
                        let hosts = (object["spec.rules"]?.array ?? []).compactMap { $0["host"]?.string }
                        return .string(hosts.isEmpty ? "*" : hosts.joined(separator: ","))
                    },
                    .init("Address", cell: address),
                    .init("Ports") { object, _ in object["spec.tls"] == nil ? "80" : "80, 443" },
                ]
            case "HorizontalPodAutoscaler.autoscaling":
                [
                    .init("Reference") { object, _ in
                        let target = object["spec.scaleTargetRef"]
                        return .string("\(target?["kind"]?.string ?? "")/\(target?["name"]?.string ?? "")")
                    },
                    .init("MinPods", at: "spec.minReplicas"),
                    .init("MaxPods", type: "integer", at: "spec.maxReplicas"),
                    .init("Replicas", type: "integer", at: "status.currentReplicas"),
                ]
            case "PodDisruptionBudget.policy":
                [
                    .init("Min Available") { object, _ in object["spec.minAvailable"] ?? "N/A" },
                    .init("Max Unavailable") { object, _ in object["spec.maxUnavailable"] ?? "N/A" },
                    .init("Allowed Disruptions", type: "integer", at: "status.disruptionsAllowed"),
                ]
            case "RoleBinding.rbac.authorization.k8s.io", "ClusterRoleBinding.rbac.authorization.k8s.io":
                [
                    .init("Role") { object, _ in
                        let role = object["roleRef"]
                        return .string("\(role?["kind"]?.string ?? "")/\(role?["name"]?.string ?? "")")
                    }
                ]
            case "Lease.coordination.k8s.io": [.init("Holder", at: "spec.holderIdentity")]
            case "NetworkPolicy.networking.k8s.io":
                [
                    .init("Pod-Selector") { object, _ in
                        let labels = object["spec.podSelector.matchLabels"]?.object ?? [:]
                        return .string(
                            labels.isEmpty
                                ? "<none>"
                                : labels.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ","))
                    }
                ]
            case "CustomResourceDefinition.apiextensions.k8s.io":
                [.init("Created At", at: "metadata.creationTimestamp")]
            case "StorageClass.storage.k8s.io":
                [
                    .init("Provisioner", at: "provisioner"), .init("ReclaimPolicy", at: "reclaimPolicy"),
                    .init("VolumeBindingMode", at: "volumeBindingMode"),
                ]
            case "PriorityClass.scheduling.k8s.io":
                [
                    .init("Value", type: "integer", at: "value"),
                    .init("Global-Default", type: "boolean") { object, _ in object["globalDefault"] ?? false },
                ]
            case "IngressClass.networking.k8s.io":
                [.init("Controller", at: "spec.controller"), .init("Parameters") { _, _ in "<none>" }]
            default: nil
            }
        if resource.gvk.groupKind == .customResourceDefinition { return [.name] + (special ?? []) }
        return [.name] + (special ?? []) + [.age]
    }

    private static let service: [TableColumn] = [
        .init("Type", at: "spec.type"),
        .init("Cluster-IP", at: "spec.clusterIP"),
        .init("External-IP", cell: address),
        .init("Port(s)") { object, _ in
            let ports = (object["spec.ports"]?.array ?? []).map { port in
                let node = port["nodePort"]?.integer.map { ":\($0)" } ?? ""
                return "\(port["port"]?.integer ?? 0)\(node)/\(port["protocol"]?.string ?? "TCP")"
            }
            return .string(ports.isEmpty ? "<none>" : ports.joined(separator: ","))
        },
    ]

    private static let pod: [TableColumn] = [
        .init("Ready") { object, _ in
            let total = object["spec.containers"]?.array?.count ?? 0
            let ready = (object["status.containerStatuses"]?.array ?? []).filter { $0["ready"]?.bool == true }.count
            return .string("\(ready)/\(total)")
        },
        .init("Status", at: "status.phase"), .init("Restarts") { _, _ in "0" },
    ]

    private static func printerColumns(_ custom: CustomResource) -> [TableColumn] {
        if custom.printerColumns.isEmpty { return [.age] }
        return custom.printerColumns.map { column in
            let text = column["jsonPath"]?.string ?? column["JSONPath"]?.string ?? ""
            let path = FieldPath(text.hasPrefix(".") ? String(text.dropFirst()) : text) ?? FieldPath()
            let name = column["name"]?.string ?? ""
            let type = column["type"]?.string ?? "string"
            if type == "date" { return .since(name, path) }
            return TableColumn(name, type: type, wide: (column["priority"]?.integer ?? 0) > 0) { object, _ in
                object[path] ?? .null
            }
        }
    }

    private static let ready: @Sendable (KubeObject, Int) -> JSONValue = { object, _ in
        .string(
            "\(object["status.readyReplicas"]?.integer ?? 0)/\(object["spec.replicas"]?.integer ?? 0)")
    }

    private static let address: @Sendable (KubeObject, Int) -> JSONValue = { object, _ in
        let found = (object["status.loadBalancer.ingress"]?.array ?? []).compactMap {
            ($0["ip"] ?? $0["hostname"])?.string
        }
        if !found.isEmpty { return .string(found.joined(separator: ",")) }
        guard object.gvk.kind == "Service" else { return "" }
        return object["spec.type"]?.string == "LoadBalancer" ? "<pending>" : "<none>"
    }

    private static let jobStatus: @Sendable (KubeObject, Int) -> JSONValue = { object, _ in
        let current = (object["status.conditions"]?.array ?? []).last { $0["status"]?.string == "True" }
        return current?["type"] ?? "Running"
    }

    private static func count(_ paths: FieldPath...) -> @Sendable (KubeObject, Int) -> JSONValue {
        { object, _ in
            let counts = paths.map { object[$0]?.object?.count ?? object[$0]?.array?.count ?? 0 }
            return .integer(Int64(counts.reduce(0, +)))
        }
    }

    private static func joined(_ path: FieldPath) -> @Sendable (KubeObject, Int) -> JSONValue {
        { object, _ in
            let short = [
                "ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP",
            ]
            return .string(
                (object[path]?.array ?? []).compactMap(\.string).map { short[$0] ?? $0 }.joined(separator: ","))
        }
    }
}

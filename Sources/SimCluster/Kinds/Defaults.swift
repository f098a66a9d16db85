import Manifests

/// The defaults that servers give to what a client leaves out, as far as a migration depends on them.
///
/// Applied at the version of the request.
enum Defaults {
    /// Fills in defaults; what is there stays.
    static func apply(to object: inout KubeObject, at version: KubernetesVersion) {
        switch (object.gvk.group, object.gvk.kind) {
        case ("", "Namespace"): namespace(&object, version)
        case ("", "Service"): service(&object, version)
        case ("", "Secret"): secret(&object)
        case ("", "PersistentVolumeClaim"): object.setDefault("spec.volumeMode", "Filesystem")
        case ("", "PersistentVolume"):
            object.setDefault("spec.volumeMode", "Filesystem")
            object.setDefault("spec.persistentVolumeReclaimPolicy", "Retain")
        case ("", "Pod"): podSpec(&object, at: "spec", version)
        case ("apps", "Deployment"), ("extensions", "Deployment"): deployment(&object, version)
        case ("apps", "StatefulSet"): statefulSet(&object, version)
        case ("apps", "DaemonSet"), ("extensions", "DaemonSet"): daemonSet(&object, version)
        case ("apps", "ReplicaSet"), ("", "ReplicationController"):
            object.setDefault("spec.replicas", 1)
            podSpec(&object, at: "spec.template.spec", version)
        case ("batch", "Job"): job(&object, version)
        case ("batch", "CronJob"): cronJob(&object, version)
        case ("autoscaling", "HorizontalPodAutoscaler"): object.setDefault("spec.minReplicas", 1)
        case ("networking.k8s.io", "NetworkPolicy"): networkPolicy(&object)
        case ("networking.k8s.io", "Ingress") where object.gvk.version != "v1",
            ("extensions", "Ingress"):
            ingressPaths(&object)
        case ("rbac.authorization.k8s.io", "RoleBinding"), ("rbac.authorization.k8s.io", "ClusterRoleBinding"):
            object.setDefault("roleRef.apiGroup", "rbac.authorization.k8s.io")
            subjects(&object)
        case ("storage.k8s.io", "StorageClass"):
            object.setDefault("reclaimPolicy", "Delete")
            object.setDefault("volumeBindingMode", "Immediate")
        case ("scheduling.k8s.io", "PriorityClass"): object.setDefault("preemptionPolicy", "PreemptLowerPriority")
        case ("apiextensions.k8s.io", "CustomResourceDefinition"): definition(&object)
        default: break
        }
    }

    private static func namespace(_ object: inout KubeObject, _ version: KubernetesVersion) {
        if version >= KubernetesVersion(minor: 21) {
            object["metadata.labels['kubernetes.io/metadata.name']"] = .string(object.name)
        }
    }

    /// `stringData` is for writing only: it becomes data.
    private static func secret(_ object: inout KubeObject) {
        object.setDefault("type", "Opaque")
        guard let texts = object["stringData"]?.object else { return }
        object["stringData"] = nil
        for text in texts {
            object[FieldPath([.member("data"), .member(text.key)])] = .string(
                Base64.encode(Array((text.value.string ?? "").utf8)))
        }
    }

    private static func service(_ object: inout KubeObject, _ version: KubernetesVersion) {
        object.setDefault("spec.sessionAffinity", "None")
        object.setDefault("spec.type", "ClusterIP")
        if object["spec.sessionAffinity"]?.string == "ClientIP" {
            object.setDefault("spec.sessionAffinityConfig.clientIP.timeoutSeconds", 10_800)
        }
        let type = object["spec.type"]?.string
        if type == "NodePort" || type == "LoadBalancer" {
            object.setDefault("spec.externalTrafficPolicy", "Cluster")
        }
        if type == "LoadBalancer", version >= KubernetesVersion(minor: 22) {
            object.setDefault("spec.allocateLoadBalancerNodePorts", true)
        }
        if version >= KubernetesVersion(minor: 22), type != "ExternalName" {
            object.setDefault("spec.internalTrafficPolicy", "Cluster")
        }
        if let ports = object["spec.ports"]?.array {
            object["spec.ports"] = .array(
                ports.map { port in
                    var port = port
                    if port["protocol"] == nil { port["protocol"] = "TCP" }
                    if port["targetPort"] == nil { port["targetPort"] = port["port"] }
                    return port
                })
        }
    }

    private static func deployment(_ object: inout KubeObject, _ version: KubernetesVersion) {
        object.setDefault("spec.replicas", 1)
        object.setDefault("spec.strategy.type", "RollingUpdate")
        if object["spec.strategy.type"]?.string == "RollingUpdate" {
            object.setDefault("spec.strategy.rollingUpdate.maxUnavailable", "25%")
            object.setDefault("spec.strategy.rollingUpdate.maxSurge", "25%")
        }
        object.setDefault("spec.revisionHistoryLimit", 10)
        object.setDefault("spec.progressDeadlineSeconds", 600)
        podSpec(&object, at: "spec.template.spec", version)
    }

    private static func statefulSet(_ object: inout KubeObject, _ version: KubernetesVersion) {
        object.setDefault("spec.replicas", 1)
        object.setDefault("spec.podManagementPolicy", "OrderedReady")
        object.setDefault("spec.updateStrategy.type", "RollingUpdate")
        if object["spec.updateStrategy.type"]?.string == "RollingUpdate" {
            object.setDefault("spec.updateStrategy.rollingUpdate.partition", 0)
        }
        object.setDefault("spec.revisionHistoryLimit", 10)
        if version >= KubernetesVersion(minor: 27) {
            object.setDefault("spec.persistentVolumeClaimRetentionPolicy.whenDeleted", "Retain")
            object.setDefault("spec.persistentVolumeClaimRetentionPolicy.whenScaled", "Retain")
        }
        if let claims = object["spec.volumeClaimTemplates"]?.array {
            object["spec.volumeClaimTemplates"] = .array(
                claims.map { claim in
                    var claim = claim
                    claim["apiVersion"] = "v1"
                    claim["kind"] = "PersistentVolumeClaim"
                    if claim["spec"]?["volumeMode"] == nil { claim["spec.volumeMode" as FieldPath] = "Filesystem" }
                    claim["status"] = ["phase": "Pending"]
                    return claim
                })
        }
        podSpec(&object, at: "spec.template.spec", version)
    }

    private static func daemonSet(_ object: inout KubeObject, _ version: KubernetesVersion) {
        object.setDefault("spec.updateStrategy.type", "RollingUpdate")
        if object["spec.updateStrategy.type"]?.string == "RollingUpdate" {
            object.setDefault("spec.updateStrategy.rollingUpdate.maxUnavailable", 1)
            if version >= KubernetesVersion(minor: 22) {
                object.setDefault("spec.updateStrategy.rollingUpdate.maxSurge", 0)
            }
        }
        object.setDefault("spec.revisionHistoryLimit", 10)
        podSpec(&object, at: "spec.template.spec", version)
    }

    private static func job(_ object: inout KubeObject, _ version: KubernetesVersion) {
        if object["spec.completions"] == nil, object["spec.parallelism"] == nil {
            object.setDefault("spec.completions", 1)
        }
        object.setDefault("spec.parallelism", 1)
        object.setDefault("spec.backoffLimit", 6)
        if version >= KubernetesVersion(minor: 21) {
            object.setDefault("spec.completionMode", "NonIndexed")
            object.setDefault("spec.suspend", false)
        }
        if version >= KubernetesVersion(minor: 25) { object.setDefault("spec.manualSelector", false) }
        if version >= KubernetesVersion(minor: 29) {
            object.setDefault("spec.podReplacementPolicy", "TerminatingOrFailed")
        }
        podSpec(&object, at: "spec.template.spec", version)
    }

    private static func cronJob(_ object: inout KubeObject, _ version: KubernetesVersion) {
        object.setDefault("spec.concurrencyPolicy", "Allow")
        object.setDefault("spec.suspend", false)
        object.setDefault("spec.successfulJobsHistoryLimit", 3)
        object.setDefault("spec.failedJobsHistoryLimit", 1)
        podSpec(&object, at: "spec.jobTemplate.spec.template.spec", version)
    }

    private static func networkPolicy(_ object: inout KubeObject) {
        var types: [JSONValue] = ["Ingress"]
        if object["spec.egress"] != nil { types.append("Egress") }
        object.setDefault("spec.policyTypes", .array(types))
    }

    private static func ingressPaths(_ object: inout KubeObject) {
        guard let rules = object["spec.rules"]?.array else { return }
        object["spec.rules"] = .array(
            rules.map { rule in
                var rule = rule
                guard let paths = rule["http"]?["paths"]?.array else { return rule }
                rule["http.paths" as FieldPath] = .array(
                    paths.map { path in
                        var path = path
                        if path["pathType"] == nil { path["pathType"] = "ImplementationSpecific" }
                        return path
                    })
                return rule
            })
    }

    private static func subjects(_ object: inout KubeObject) {
        guard let subjects = object["subjects"]?.array else { return }
        object["subjects"] = .array(
            subjects.map { subject in
                var subject = subject
                let kind = subject["kind"]?.string
                if subject["apiGroup"] == nil, kind == "User" || kind == "Group" {
                    subject["apiGroup"] = "rbac.authorization.k8s.io"
                }
                return subject
            })
    }

    private static func definition(_ object: inout KubeObject) {
        object.setDefault("spec.conversion.strategy", "None")
        if object.gvk.version == "v1beta1" { object.setDefault("spec.scope", "Namespaced") }
        guard let kind = object["spec.names.kind"]?.string else { return }
        object.setDefault("spec.names.listKind", .string(kind + "List"))
        object.setDefault("spec.names.singular", .string(kind.lowercased()))
    }
}

extension KubeObject {
    /// Sets a value where there is none.
    mutating func setDefault(_ path: FieldPath, _ value: JSONValue) {
        if self[path] == nil { self[path] = value }
    }
}

import Manifests

/// Whether an object does what it is for, by the rules of `kubectl rollout status` and of the conditions that the
/// kinds publish.
enum Readiness {
    /// What is still missing, in words; nil when the object is ready.
    ///
    /// Kinds without a notion of readiness are ready as soon as they exist.
    ///
    /// `enough`: how many replicas suffice where fewer than all were ready before anything was touched.
    static func missing(_ object: KubeObject, enough: Int64 = .max) -> String? {
        let status = object.json["status"] ?? [:]
        switch object.gvk.groupKind.description {
        case "Deployment.apps", "StatefulSet.apps", "ReplicaSet.apps", "ReplicationController":
            let wanted = object["spec.replicas"]?.integer ?? 1
            return stale(object) ?? surplus(status, wanted)
                ?? count(status, "readyReplicas", min(wanted, enough), "ready")
                ?? (object.gvk.kind == "Deployment"
                    ? count(status, "updatedReplicas", min(wanted, enough), "updated") : nil)
        case "CronJob.batch":
            guard object["spec.suspend"]?.bool == true, let active = status["active"]?.array?.count, active > 0 else {
                return nil
            }
            return "\(active) jobs still running"
        case "DaemonSet.apps":
            return stale(object)
                ?? count(status, "numberReady", status["desiredNumberScheduled"]?.integer ?? 0, "ready")
        case "Job.batch":
            if object["spec.suspend"]?.bool == true { return nil }
            if condition(status, "Failed") == true { return "failed" }
            return condition(status, "Complete") == true ? nil : "not complete"
        case "PersistentVolumeClaim":
            return status["phase"]?.string == "Bound" ? nil : "not bound"
        case "Namespace":
            return status["phase"]?.string == "Active" ? nil : "not active"
        case "Pod":
            return condition(status, "Ready") == true ? nil : "not ready"
        case "CustomResourceDefinition.apiextensions.k8s.io":
            return condition(status, "Established") == true ? nil : "not established"
        case "APIService.apiregistration.k8s.io":
            return condition(status, "Available") == true ? nil : "not available"
        default:
            return nil
        }
    }

    private static func stale(_ object: KubeObject) -> String? {
        guard let generation = object["metadata.generation"]?.integer else { return nil }
        let observed = object["status.observedGeneration"]?.integer ?? 0
        return observed < generation ? "the controller has not seen the last change" : nil
    }

    /// Asleep means that nothing runs any more, not only that nothing should.
    private static func surplus(_ status: JSONValue, _ wanted: Int64) -> String? {
        let running = status["replicas"]?.integer ?? 0
        return wanted == 0 && running > 0 ? "\(running) still running" : nil
    }

    private static func count(_ status: JSONValue, _ member: String, _ wanted: Int64, _ word: String) -> String? {
        let now = status[member]?.integer ?? 0
        return now >= wanted ? nil : "\(now) of \(wanted) \(word)"
    }

    private static func condition(_ status: JSONValue, _ type: String) -> Bool? {
        status["conditions"]?.array?.first { $0["type"]?.string == type }.map { $0["status"]?.string == "True" }
    }
}

public import Manifests

extension Inventory {
    /// How a workload bears being there twice; nil for what is no workload, and for what another object controls
    /// (a Deployment's ReplicaSet is judged with the Deployment).
    ///
    /// The order of the questions: what the kind says, whether it owns claims, whether it elects leaders or is a
    /// singleton, whether anything sends it requests. In doubt a workload is exclusive: one that waits for its turn
    /// costs a moment, one that works twice may cost a day.
    public func workloadClass(of object: KubeObject) -> WorkloadClassification? {
        guard !object.isControlled else { return nil }
        let template = PodTemplate(of: object)
        switch (object.gvk.group, object.gvk.kind) {
        case ("batch", "CronJob"): return .init(.scheduled, .byKind)
        case ("batch", "Job"): return .init(.job, .byKind)
        case ("apps", "DaemonSet"), ("extensions", "DaemonSet"): return .init(.daemon, .byKind)
        case ("apps", "StatefulSet"):
            if let claims = object["spec.volumeClaimTemplates"]?.array, !claims.isEmpty {
                return .init(.stateful, .ownsClaims, path: "spec.volumeClaimTemplates")
            }
            if let claim = template?.claims.first { return .init(.stateful, .ownsClaims, path: claim.path) }
            return .init(.exclusive, .stableIdentity)
        case ("apps", "Deployment"), ("extensions", "Deployment"), ("apps", "ReplicaSet"),
            ("extensions", "ReplicaSet"), ("", "ReplicationController"):
            guard let template else { return .init(.exclusive, .noServiceSelectsIt) }
            if let claim = template.claims.first { return .init(.stateful, .ownsClaims, path: claim.path) }
            if let flag = template.leaderElectionFlag { return .init(.exclusive, .electsLeader, path: flag) }
            if object["spec.strategy.type"]?.string == "Recreate", (object["spec.replicas"]?.integer ?? 1) <= 1 {
                return .init(.exclusive, .recreatedSingleton, path: "spec.strategy.type")
            }
            if services(selecting: template.labels, in: object.namespace).isEmpty {
                return .init(.exclusive, .noServiceSelectsIt)
            }
            return .init(.stateless, .servedByService)
        case ("", "Pod"):
            return .init(.exclusive, .byKind)
        default: return nil
        }
    }

    /// The Services of a namespace whose selector matches these labels.
    public func services(selecting labels: JSONObject, in namespace: String?) -> [InventoryObject] {
        objects(of: GroupKind(group: "", kind: "Service"), in: namespace).filter { entry in
            guard let selector = entry.object["spec.selector"]?.object, !selector.isEmpty else { return false }
            return selector.allSatisfy { labels[$0.key] == $0.value }
        }
    }
}

extension KubeObject {
    /// Whether another object controls this one, so that it comes and goes with its owner.
    public var isControlled: Bool {
        (self["metadata.ownerReferences"]?.array ?? []).contains { $0["controller"]?.bool == true }
    }
}

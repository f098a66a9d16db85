import Manifests

extension SimWorld {
    /// Binds a claim to a volume of that name, as a dynamic provisioner would.
    mutating func bindClaim(_ key: StorageKey, _ object: KubeObject) {
        guard readyDelay(object) != nil, object["status.phase"]?.string != "Bound" else { return }
        var claim = object
        claim.setDefault("spec.volumeName", .string("pvc-\(object.uid ?? object.name)"))
        claim["status.phase"] = "Bound"
        claim["status.accessModes"] = object["spec.accessModes"]
        claim["status.capacity"] = object["spec.resources.requests"]
        claim["metadata.annotations['pv.kubernetes.io/bind-completed']"] = "yes"
        commit(claim, at: key)
        due[key] = nil
    }

    /// Gives a LoadBalancer Service or an Ingress its outside address.
    mutating func assignLoadBalancer(_ key: StorageKey, _ object: KubeObject) {
        guard readyDelay(object) != nil, object["status.loadBalancer.ingress"] == nil else { return }
        var new = object
        let number = UInt8(
            truncatingIfNeeded: Int(Digest(of: .string(object.uid ?? "")).hexadecimal.prefix(4), radix: 16) ?? 0)
        new["status.loadBalancer.ingress"] = [["ip": .string("203.0.113.\(max(1, number % 254))")]]
        commit(new, at: key)
        due[key] = nil
    }

    /// Has the autoscalers of a workload looked at after it changed.
    mutating func scheduleAutoscalers(of object: KubeObject) {
        let kind = autoscalerKind
        for entry in store.list(kind, namespace: object.namespace ?? "")
        where entry.object["spec.scaleTargetRef.name"]?.string == object.name
            && entry.object["spec.scaleTargetRef.kind"]?.string == object.gvk.kind
        {
            schedule(
                StorageKey(kind: kind, namespace: entry.path.namespace, name: entry.path.name), at: now + 1)
        }
    }

    /// Keeps a workload within an autoscaler's bounds.
    ///
    /// There are no metrics, so nothing else moves it; one at 0 is left alone.
    mutating func reconcileAutoscaler(_ key: StorageKey, _ object: KubeObject) {
        let target = object["spec.scaleTargetRef"] ?? [:]
        let gvk = GroupVersionKind(
            apiVersion: target["apiVersion"]?.string ?? "apps/v1", kind: target["kind"]?.string ?? "")
        let targetKey = StorageKey(
            kind: gvk.groupKind, namespace: key.namespace, name: target["name"]?.string ?? "")
        var autoscaler = object
        autoscaler["status.observedGeneration"] = object["metadata.generation"]
        guard var workload = store[targetKey] else {
            autoscaler.setCondition(
                "AbleToScale", "False", "FailedGetScale", "the HPA controller was unable to get the target's scale",
                at: timestamp)
            commit(autoscaler, at: key)
            return
        }
        let current = workload["spec.replicas"]?.integer ?? 1
        let least = object["spec.minReplicas"]?.integer ?? 1
        let most = max(object["spec.maxReplicas"]?.integer ?? 1, 1)
        let wanted = current == 0 ? 0 : min(max(current, least), most)
        if wanted != current {
            workload["spec.replicas"] = .integer(wanted)
            workload["metadata.generation"] = .integer((workload["metadata.generation"]?.integer ?? 0) + 1)
            commit(workload, at: targetKey)
        }
        autoscaler["status.currentReplicas"] = .integer(current)
        autoscaler["status.desiredReplicas"] = .integer(wanted)
        autoscaler.setCondition(
            "AbleToScale", "True", "SucceededGetScale", "the HPA controller was able to get the target's current scale",
            at: timestamp)
        autoscaler.setCondition(
            "ScalingActive", "False", current == 0 ? "ScalingDisabled" : "FailedGetResourceMetric",
            current == 0
                ? "scaling is disabled since the replica count of the target is zero"
                : "the HPA was unable to compute the replica count: there are no metrics here", at: timestamp)
        commit(autoscaler, at: key)
    }

    /// Says how many Pods a budget covers: as many as its selector's Deployments and StatefulSets want.
    mutating func reconcileBudget(_ key: StorageKey, _ object: KubeObject) {
        var budget = object
        let selector = LabelSelector(object["spec.selector"])
        var expected: Int64 = 0
        for kind in ["Deployment", "StatefulSet"] {
            for entry in store.list(GroupKind(group: "apps", kind: kind), namespace: key.namespace) {
                let labels = entry.object["spec.template.metadata.labels"]?.object ?? [:]
                if let selector, selector.matches(labels) { expected += entry.object["spec.replicas"]?.integer ?? 1 }
            }
        }
        budget["status.observedGeneration"] = object["metadata.generation"]
        budget["status.expectedPods"] = .integer(expected)
        budget["status.currentHealthy"] = .integer(expected)
        budget["status.desiredHealthy"] = object["spec.minAvailable"]?.integer.map(JSONValue.integer) ?? 0
        budget["status.disruptionsAllowed"] = .integer(
            max(0, expected - (object["spec.minAvailable"]?.integer ?? 0)))
        commit(budget, at: key)
        due[key] = nil
    }

    private var autoscalerKind: GroupKind { GroupKind(group: "autoscaling", kind: "HorizontalPodAutoscaler") }
}

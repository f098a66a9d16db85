import Manifests

extension SimWorld {
    /// Lets time pass.
    ///
    /// Controllers act at the moments they are due; time never runs backwards.
    public mutating func advance(to seconds: Int) {
        while let next = due.earliest, next <= seconds {
            now = max(now, next)
            settle()
        }
        now = max(now, seconds)
    }

    /// Lets the controllers do what is due now, until nothing is.
    mutating func settle() {
        // Bounded: a controller that always has more to do must not hang its caller.
        for _ in 0..<10_000 {
            let ready = due.due(at: now)
            if ready.isEmpty { return }
            for key in ready {
                // May have been put off meanwhile.
                guard let time = due[key], time <= now else { continue }
                due[key] = nil
                reconcile(key)
            }
        }
    }

    /// Tells the controllers about a change: whom it concerns, and when they look at it.
    mutating func noticeChange(_ key: StorageKey, old: KubeObject?, new: KubeObject?) {
        if key.kind == .customResourceDefinition { customResources.update(key.name, new) }
        recordActivity(key, old: old, new: new)
        if let uid = old?.uid, new == nil || new?["metadata.deletionTimestamp"] != nil {
            for dependent in store.dependents(ofOwner: uid) { schedule(dependent, at: now) }
        }
        guard let new else {
            due[key] = nil
            noticeRemoval(key, old)
            return
        }
        if new["metadata.deletionTimestamp"] != nil {
            schedule(key, at: max(now, Self.deletionTime(new) ?? now))
            return
        }
        if old == nil, !new.ownerUIDs.isEmpty { schedule(key, at: now) }
        if let delay = delayBeforeReconcile(new, old) { schedule(key, at: now + delay) }
        if Self.isAwake(new) != nil { scheduleAutoscalers(of: new) }
    }

    /// Has a key looked at, no later than that.
    mutating func schedule(_ key: StorageKey, at time: Int) {
        due[key] = min(due[key] ?? time, time)
    }

    private mutating func noticeRemoval(_ key: StorageKey, _ old: KubeObject?) {
        if !key.namespace.isEmpty {
            let namespace = StorageKey(kind: .namespace, namespace: "", name: key.namespace)
            if store[namespace]?["metadata.deletionTimestamp"] != nil { schedule(namespace, at: now) }
        }
        for owner in old?["metadata.ownerReferences"]?.array ?? [] {
            // An owner deleted in the foreground waits for this one.
            let gvk = GroupVersionKind(
                apiVersion: owner["apiVersion"]?.string ?? "", kind: owner["kind"]?.string ?? "")
            let name = owner["name"]?.string ?? ""
            for namespace in [key.namespace, ""] {
                let ownerKey = StorageKey(kind: gvk.groupKind, namespace: namespace, name: name)
                if store[ownerKey]?["metadata.deletionTimestamp"] != nil { schedule(ownerKey, at: now) }
            }
        }
        for definition in store.list(.customResourceDefinition)
        where definition.object["metadata.deletionTimestamp"] != nil {
            schedule(
                StorageKey(kind: .customResourceDefinition, namespace: "", name: definition.path.name), at: now)
        }
    }

    /// How long after a change the object's controller looks at it; nil for objects that have none, or where the
    /// change is none of its business.
    private func delayBeforeReconcile(_ new: KubeObject, _ old: KubeObject?) -> Int? {
        let changed = old == nil || old?["spec"] != new["spec"]
        switch (new.gvk.group, new.gvk.kind) {
        case ("", "Namespace"): return old == nil ? 0 : nil
        case ("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "DaemonSet"), ("apps", "ReplicaSet"),
            ("", "ReplicationController"):
            return new["status.observedGeneration"] != new["metadata.generation"] ? 0 : nil
        case ("batch", "Job"), ("batch", "CronJob"): return changed ? 0 : nil
        case ("", "PersistentVolumeClaim"): return new["status.phase"]?.string == "Bound" ? nil : 1
        case ("", "Service"):
            return new["spec.type"]?.string == "LoadBalancer" && new["status.loadBalancer.ingress"] == nil ? 2 : nil
        case ("networking.k8s.io", "Ingress"):
            return new["status.loadBalancer.ingress"] == nil ? 2 : nil
        case ("autoscaling", "HorizontalPodAutoscaler"): return changed ? 1 : nil
        case ("policy", "PodDisruptionBudget"):
            return new["status.observedGeneration"] != new["metadata.generation"] ? 1 : nil
        case ("apiextensions.k8s.io", "CustomResourceDefinition"):
            return changed || new["status.conditions"]?.array?.isEmpty ?? true ? 1 : nil
        default: return nil
        }
    }

    private mutating func reconcile(_ key: StorageKey) {
        guard let object = store[key] else { return }
        if object["metadata.deletionTimestamp"] != nil {
            reconcileDeletion(key, object)
            return
        }
        if collectIfOwnerless(key, object) { return }
        switch (object.gvk.group, object.gvk.kind) {
        case ("", "Namespace"): furnishNamespace(object)
        case ("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "DaemonSet"), ("apps", "ReplicaSet"),
            ("", "ReplicationController"):
            reconcileWorkload(key, object)
        case ("batch", "Job"): reconcileJob(key, object)
        case ("batch", "CronJob"): reconcileCronJob(key, object)
        case ("", "PersistentVolumeClaim"): bindClaim(key, object)
        case ("", "Service"), ("networking.k8s.io", "Ingress"): assignLoadBalancer(key, object)
        case ("autoscaling", "HorizontalPodAutoscaler"): reconcileAutoscaler(key, object)
        case ("policy", "PodDisruptionBudget"): reconcileBudget(key, object)
        case ("apiextensions.k8s.io", "CustomResourceDefinition"): establish(key, object)
        default: break
        }
    }

    private static func deletionTime(_ object: KubeObject) -> Int? {
        object["metadata.deletionTimestamp"]?.string.flatMap(VirtualTime.seconds)
    }
}

extension KubeObject {
    /// Sets a condition in `status.conditions`; its transition time changes with its status only.
    mutating func setCondition(_ type: String, _ status: String, _ reason: String, _ message: String, at time: String) {
        var conditions = self["status.conditions"]?.array ?? []
        let index = conditions.firstIndex { $0["type"]?.string == type }
        var condition: JSONValue = [
            "type": .string(type), "status": .string(status), "reason": .string(reason), "message": .string(message),
            "lastTransitionTime": .string(time),
        ]
        if let index {
            if conditions[index]["status"]?.string == status {
                condition["lastTransitionTime"] = conditions[index]["lastTransitionTime"]
            }
            conditions[index] = condition
        } else {
            conditions.append(condition)
        }
        self["status.conditions"] = .array(conditions)
    }
}

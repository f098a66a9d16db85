import Manifests

extension SimWorld {
    /// Annotation: seconds until a workload, Job or claim is ready.
    ///
    /// The default is 2.
    static let readyAfter = "kirikae.dev/sim-ready-after"
    /// Annotation: `"true"` on what never becomes ready.
    static let neverReady = "kirikae.dev/sim-never-ready"

    /// How long an object takes to become ready; nil for never.
    func readyDelay(_ object: KubeObject) -> Int? {
        let template = object["spec.template.metadata.annotations"]?.object ?? [:]
        func annotation(_ name: String) -> String? { object[annotation: name] ?? template[name]?.string }
        if annotation(Self.neverReady) == "true" { return nil }
        return annotation(Self.readyAfter).flatMap { Int($0) } ?? 2
    }

    /// Rolls a workload out: first the change is seen, then, after its delay, the replicas are ready.
    mutating func reconcileWorkload(_ key: StorageKey, _ object: KubeObject) {
        let wanted = wantedReplicas(object)
        var new = object
        if object["status.observedGeneration"] != object["metadata.generation"] {
            let ready = min(object.readyReplicas, wanted)
            new["status.observedGeneration"] = object["metadata.generation"]
            new.setReplicas(wanted: wanted, ready: ready)
            setRolloutConditions(&new, wanted: wanted, ready: ready, overdue: false)
            commit(new, at: key)
            if ready < wanted {
                let deadline = Int(object["spec.progressDeadlineSeconds"]?.integer ?? 600)
                due[key] = now + (readyDelay(object) ?? deadline)
            }
        } else {
            let ready = readyDelay(object) == nil ? min(object.readyReplicas, wanted) : wanted
            new.setReplicas(wanted: wanted, ready: ready)
            setRolloutConditions(&new, wanted: wanted, ready: ready, overdue: ready < wanted)
            commit(new, at: key)
        }
        if object.gvk.kind == "StatefulSet" { makeClaims(of: object, wanted) }
    }

    private func wantedReplicas(_ object: KubeObject) -> Int {
        if object.gvk.kind == "DaemonSet" {
            let nodes = store.list(GroupKind(group: "", kind: "Node")).count
            return nodes == 0 ? 3 : nodes
        }
        return Int(object["spec.replicas"]?.integer ?? 1)
    }

    private func setRolloutConditions(_ object: inout KubeObject, wanted: Int, ready: Int, overdue: Bool) {
        guard object.gvk.kind == "Deployment" else { return }
        let complete = ready >= wanted
        object.setCondition(
            "Available", complete ? "True" : "False",
            complete ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            complete ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
            at: timestamp)
        if overdue {
            object.setCondition(
                "Progressing", "False", "ProgressDeadlineExceeded",
                "ReplicaSet \"\(object.name)\" has timed out progressing.", at: timestamp)
        } else {
            object.setCondition(
                "Progressing", "True", complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                "ReplicaSet \"\(object.name)\" \(complete ? "has successfully progressed" : "is progressing").",
                at: timestamp)
        }
    }

    /// The claims that a StatefulSet makes for its Pods; they stay when it shrinks or goes.
    private mutating func makeClaims(of object: KubeObject, _ replicas: Int) {
        guard let resource = apis.resource("v1", "persistentvolumeclaims") else { return }
        for template in object["spec.volumeClaimTemplates"]?.array ?? [] {
            for ordinal in 0..<replicas {
                let name = "\(template["metadata"]?["name"]?.string ?? "data")-\(object.name)-\(ordinal)"
                var claim = KubeObject(
                    Self.core("PersistentVolumeClaim"), namespace: object.namespace, name: name)
                let key = key(of: claim, resource)
                guard store[key] == nil else { continue }
                claim["metadata.labels"] = object["spec.selector.matchLabels"]
                claim["spec"] = template["spec"]
                Defaults.apply(to: &claim, at: version)
                prepareForCreate(&claim, resource)
                commit(claim, at: key, resource)
            }
        }
    }
}

extension KubeObject {
    /// How many Pods of a workload are ready.
    fileprivate var readyReplicas: Int {
        Int((gvk.kind == "DaemonSet" ? self["status.numberReady"] : self["status.readyReplicas"])?.integer ?? 0)
    }

    /// Writes the counts that a workload's status holds.
    ///
    /// Zero counts are left out, as the API leaves them out.
    fileprivate mutating func setReplicas(wanted: Int, ready: Int) {
        func count(_ number: Int) -> JSONValue { .integer(Int64(number)) }
        func some(_ number: Int) -> JSONValue? { number == 0 ? nil : count(number) }
        if gvk.kind == "DaemonSet" {
            self["status.desiredNumberScheduled"] = count(wanted)
            self["status.currentNumberScheduled"] = count(wanted)
            self["status.numberMisscheduled"] = 0
            self["status.numberReady"] = count(ready)
            self["status.updatedNumberScheduled"] = some(wanted)
            self["status.numberAvailable"] = some(ready)
            self["status.numberUnavailable"] = some(wanted - ready)
            return
        }
        let isSet = gvk.kind == "StatefulSet"
        self["status.replicas"] = gvk.kind == "Deployment" ? some(wanted) : count(wanted)
        self["status.readyReplicas"] = some(ready)
        self["status.availableReplicas"] = isSet ? count(ready) : some(ready)
        if gvk.kind == "Deployment" || isSet { self["status.updatedReplicas"] = some(wanted) }
        if gvk.kind == "Deployment" { self["status.unavailableReplicas"] = some(wanted - ready) }
        if isSet {
            self["status.currentReplicas"] = some(wanted)
            let revision = "\(name)-\(Digest(of: self["spec.template"] ?? .null).hexadecimal.prefix(10))"
            self["status.currentRevision"] = .string(revision)
            self["status.updateRevision"] = .string(revision)
            self["status.collisionCount"] = 0
        }
    }
}

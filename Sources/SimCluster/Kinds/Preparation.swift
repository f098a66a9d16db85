import Manifests

extension SimWorld {
    /// What the server adds to a new object of this kind beyond defaults: addresses, selectors, finalizers.
    mutating func prepareKindForCreate(_ object: inout KubeObject, _ resource: ServedResource) {
        guard resource.custom == nil else { return }
        switch (resource.gvk.group, resource.kind) {
        case ("", "Namespace"): object.setDefault("spec.finalizers", ["kubernetes"])
        case ("", "Service"): allocate(&object)
        case ("", "PersistentVolumeClaim"):
            addFinalizer("kubernetes.io/pvc-protection", &object)
        case ("", "PersistentVolume"):
            addFinalizer("kubernetes.io/pv-protection", &object)
        case ("batch", "Job"): prepareJob(&object)
        case ("apps", "DaemonSet"):
            object.setDefault("metadata.annotations['deprecated.daemonset.template.generation']", "1")
        case ("", "Pod"):
            object.setDefault("spec.serviceAccountName", "default")
            object.setDefault("spec.serviceAccount", object["spec.serviceAccountName"] ?? "default")
            object.setDefault("spec.enableServiceLinks", true)
            object.setDefault("spec.preemptionPolicy", "PreemptLowerPriority")
            object.setDefault("spec.priority", 0)
        case ("apiextensions.k8s.io", "CustomResourceDefinition"):
            object["status"] = ["acceptedNames": ["kind": "", "plural": ""], "conditions": [], "storedVersions": []]
            let versions = object["spec.versions"]?.array ?? []
            if let storage = versions.first(where: { $0["storage"]?.bool == true })?["name"]
                ?? object["spec.version"]
            {
                object["status.storedVersions"] = [storage]
            }
        default: break
        }
    }

    /// What the server keeps or adds when an object of this kind changes.
    mutating func prepareKindForUpdate(
        _ object: inout KubeObject, old: KubeObject, _ resource: ServedResource, finalizing: Bool
    ) {
        guard resource.custom == nil, resource.gvk.group.isEmpty else { return }
        if resource.kind == "Namespace", !finalizing { object["spec"] = old["spec"] }
        guard resource.kind == "Service" else { return }
        // What the server allocated stays when the client does not repeat it.
        let external = object["spec.type"]?.string == "ExternalName"
        if external {
            for path in ["spec.clusterIP", "spec.clusterIPs", "spec.ipFamilies", "spec.ipFamilyPolicy"] as [FieldPath] {
                object[path] = nil
            }
            return
        }
        for path in [
            "spec.clusterIP", "spec.clusterIPs", "spec.ipFamilies", "spec.ipFamilyPolicy", "spec.healthCheckNodePort",
        ] as [FieldPath] where object[path] == nil || object[path] == "" {
            object[path] = old[path]
        }
        allocate(&object)
    }

    private func addFinalizer(_ name: String, _ object: inout KubeObject) {
        var finalizers = object["metadata.finalizers"]?.array ?? []
        if !finalizers.contains(.string(name)) { finalizers.append(.string(name)) }
        object["metadata.finalizers"] = .array(finalizers)
    }

    /// Gives a Service its addresses and node ports.
    ///
    /// An address that the client asked for is kept.
    private mutating func allocate(_ object: inout KubeObject) {
        guard object["spec.type"]?.string != "ExternalName" else { return }
        if (object["spec.clusterIP"]?.string ?? "").isEmpty {
            object["spec.clusterIP"] =
                object["spec.clusterIPs"]?.array?.first ?? .string(freeClusterIP())
        }
        if version >= KubernetesVersion(minor: 20) {
            object.setDefault("spec.clusterIPs", [object["spec.clusterIP"] ?? ""])
        }
        if version >= KubernetesVersion(minor: 22) {
            object.setDefault("spec.ipFamilies", ["IPv4"])
            object.setDefault("spec.ipFamilyPolicy", "SingleStack")
        }
        let type = object["spec.type"]?.string
        guard type == "NodePort" || type == "LoadBalancer", let ports = object["spec.ports"]?.array else { return }
        var used = usedNodePorts()
        object["spec.ports"] = .array(
            ports.map { port in
                guard (port["nodePort"]?.integer ?? 0) == 0 else { return port }
                var port = port
                var candidate = Int64(30_000 + random.next() % 2768)
                while used.contains(candidate) { candidate = candidate == 32_767 ? 30_000 : candidate + 1 }
                used.insert(candidate)
                port["nodePort"] = .integer(candidate)
                return port
            })
    }

    private mutating func freeClusterIP() -> String {
        let used = Set(
            store.list(GroupKind(group: "", kind: "Service")).compactMap { $0.object["spec.clusterIP"]?.string })
        var candidate = Int(random.next() % 65_000) + 256
        while used.contains(Self.clusterIP(candidate)) { candidate = candidate >= 65_500 ? 256 : candidate + 1 }
        return Self.clusterIP(candidate)
    }

    private static func clusterIP(_ number: Int) -> String { "10.96.\(number / 256).\(number % 256)" }

    private func usedNodePorts() -> Set<Int64> {
        var used: Set<Int64> = []
        for (_, service) in store.list(GroupKind(group: "", kind: "Service")) {
            for port in service["spec.ports"]?.array ?? [] {
                if let number = port["nodePort"]?.integer { used.insert(number) }
            }
        }
        return used
    }

    /// Jobs select their Pods by the Job's uid, unless the client manages the selector.
    private func prepareJob(_ object: inout KubeObject) {
        guard object["spec.manualSelector"]?.bool != true, let uid = object.uid else { return }
        let modern = version >= KubernetesVersion(minor: 27)
        var labels: JSONObject = ["controller-uid": .string(uid), "job-name": .string(object.name)]
        if modern {
            labels["batch.kubernetes.io/controller-uid"] = .string(uid)
            labels["batch.kubernetes.io/job-name"] = .string(object.name)
        }
        var template = object["spec.template.metadata.labels"]?.object ?? [:]
        for label in labels { template[label.key] = label.value }
        object["spec.template.metadata.labels"] = .object(template)
        object["spec.selector.matchLabels"] = [
            modern ? "batch.kubernetes.io/controller-uid" : "controller-uid": .string(uid)
        ]
        if object["metadata.labels"] == nil, version >= KubernetesVersion(minor: 22) {
            object["metadata.labels"] = .object(template)
        }
    }
}

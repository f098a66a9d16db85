import Manifests

extension SimWorld {
    /// Gives a new namespace its default ServiceAccount and the cluster's CA certificate.
    mutating func furnishNamespace(_ namespace: KubeObject) {
        makeIfAbsent(KubeObject(Self.core("ServiceAccount"), namespace: namespace.name, name: "default"))
        guard version >= KubernetesVersion(minor: 20) else { return }
        var certificate = KubeObject(Self.core("ConfigMap"), namespace: namespace.name, name: "kube-root-ca.crt")
        certificate["metadata.annotations"] = [
            "kubernetes.io/description":
                .string(
                    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints "
                        + "such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across "
                        + "distributions of Kubernetes clusters.")
        ]
        certificate["data"] = ["ca.crt": "(a simulated cluster has no certificate)\n"]
        makeIfAbsent(certificate)
    }

    /// Deletes what is in a terminating namespace, and at last the namespace.
    mutating func emptyNamespace(_ key: StorageKey, _ namespace: KubeObject) {
        guard !(namespace["spec.finalizers"]?.array ?? []).isEmpty else {
            // Someone emptied the finalizers by hand: it goes with the next DELETE, as on real servers.
            due[key] = nil
            return
        }
        var left: [StorageKey] = []
        for kind in store.kinds {
            for entry in store.list(kind, namespace: namespace.name) {
                let inner = StorageKey(kind: kind, namespace: entry.path.namespace, name: entry.path.name)
                if entry.object["metadata.deletionTimestamp"] == nil {
                    remove(inner, DeletionOptions(propagation: "Background", gracePeriodSeconds: 0))
                }
                if store[inner] != nil { left.append(inner) }
            }
        }
        guard var current = store[key] else { return }
        let held = left.compactMap { store[$0] }.filter { !($0["metadata.finalizers"]?.array ?? []).isEmpty }
        if left.isEmpty {
            current["spec.finalizers"] = nil
            if (current["metadata.finalizers"]?.array ?? []).isEmpty {
                discard(key)
            } else {
                commit(current, at: key)
                due[key] = nil
            }
            return
        }
        current.setCondition(
            "NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered",
            "All resources successfully discovered",
            at: timestamp)
        current.setCondition(
            "NamespaceContentRemaining", "True", "SomeResourcesRemain",
            "Some resources are remaining: \(left.count) objects", at: timestamp)
        current.setCondition(
            "NamespaceFinalizersRemaining", held.isEmpty ? "False" : "True",
            held.isEmpty ? "ContentHasNoFinalizers" : "SomeFinalizersRemain",
            "\(held.count) objects hold finalizers", at: timestamp)
        commit(current, at: key)
        // Looked at again when one of them goes.
        due[key] = nil
    }

    private mutating func makeIfAbsent(_ object: KubeObject) {
        guard let resource = apis.resource(for: object.gvk) else { return }
        let key = key(of: object, resource)
        guard store[key] == nil else { return }
        var object = object
        Defaults.apply(to: &object, at: version)
        prepareForCreate(&object, resource)
        commit(object, at: key, resource)
    }
}

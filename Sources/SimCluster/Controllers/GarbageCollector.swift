import Manifests

extension SimWorld {
    /// Removes an object all of whose owners are gone.
    ///
    /// Returns true when it did.
    mutating func collectIfOwnerless(_ key: StorageKey, _ object: KubeObject) -> Bool {
        let owners = object["metadata.ownerReferences"]?.array ?? []
        guard !owners.isEmpty else { return false }
        // An owner that is being deleted in the foreground counts as gone for its dependents.
        let alive = owners.filter { owner in
            guard let found = ownerObject(owner, of: key) else { return false }
            return !isForeground(found)
        }
        guard alive.isEmpty else { return false }
        remove(
            key, DeletionOptions(propagation: owners.contains { ownerObject($0, of: key) != nil } ? "Foreground" : nil))
        return true
    }

    /// Goes on with the deletion of an object that something holds.
    mutating func reconcileDeletion(_ key: StorageKey, _ object: KubeObject) {
        if key.kind == .namespace {
            emptyNamespace(key, object)
            return
        }
        if key.kind == .customResourceDefinition, object.hasFinalizer(Self.customResourceCleanup) {
            emptyDefinition(key, object)
        }
        guard var current = store[key] else { return }
        let dependents = current.uid.map { store.dependents(ofOwner: $0) } ?? []
        if current.hasFinalizer("orphan") {
            for dependent in dependents { disown(dependent, from: current.uid ?? "") }
            current = store[key] ?? current
            current.removeFinalizer("orphan")
        }
        if current.hasFinalizer("foregroundDeletion") {
            let blocking = dependents.filter { dependent in
                (store[dependent]?["metadata.ownerReferences"]?.array ?? []).contains {
                    $0["uid"]?.string == current.uid && $0["blockOwnerDeletion"]?.bool == true
                }
            }
            if blocking.isEmpty { current.removeFinalizer("foregroundDeletion") }
        }
        if current.hasFinalizer("kubernetes.io/pvc-protection") {
            current.removeFinalizer("kubernetes.io/pvc-protection")
        }
        if current.hasFinalizer("kubernetes.io/pv-protection"), current["status.phase"]?.string != "Bound" {
            current.removeFinalizer("kubernetes.io/pv-protection")
        }
        let time = current["metadata.deletionTimestamp"]?.string.flatMap(VirtualTime.seconds) ?? now
        if (current["metadata.finalizers"]?.array ?? []).isEmpty, time <= now {
            discard(key)
        } else {
            commit(current, at: key)
            if time > now { schedule(key, at: time) } else { due[key] = nil }
        }
    }

    private func ownerObject(_ owner: JSONValue, of key: StorageKey) -> KubeObject? {
        let gvk = GroupVersionKind(apiVersion: owner["apiVersion"]?.string ?? "", kind: owner["kind"]?.string ?? "")
        let kind = resourceKind(gvk)
        let name = owner["name"]?.string ?? ""
        for namespace in [key.namespace, ""] {
            if let found = store[StorageKey(kind: kind, namespace: namespace, name: name)],
                found.uid == owner["uid"]?.string
            {
                return found
            }
        }
        return nil
    }

    private func resourceKind(_ gvk: GroupVersionKind) -> GroupKind {
        (apis.resource(for: gvk) ?? customResources.resource(for: gvk)).map(stored.storageKind) ?? gvk.groupKind
    }

    private func isForeground(_ object: KubeObject) -> Bool {
        object["metadata.deletionTimestamp"] != nil && object.hasFinalizer("foregroundDeletion")
    }

    private mutating func disown(_ key: StorageKey, from uid: String) {
        guard var object = store[key] else { return }
        let owners = (object["metadata.ownerReferences"]?.array ?? []).filter { $0["uid"]?.string != uid }
        object["metadata.ownerReferences"] = owners.isEmpty ? nil : .array(owners)
        commit(object, at: key)
    }
}

extension KubeObject {
    /// Whether that finalizer holds the object.
    func hasFinalizer(_ name: String) -> Bool {
        (self["metadata.finalizers"]?.array ?? []).contains(.string(name))
    }

    /// Lets go of a finalizer.
    mutating func removeFinalizer(_ name: String) {
        let left = (self["metadata.finalizers"]?.array ?? []).filter { $0 != .string(name) }
        self["metadata.finalizers"] = left.isEmpty ? nil : .array(left)
    }
}

import Manifests

extension SimWorld {
    /// The key of an object of this resource.
    func key(of object: KubeObject, _ resource: ServedResource) -> StorageKey {
        StorageKey(
            kind: stored.storageKind(of: resource), namespace: resource.namespaced ? object.namespace ?? "" : "",
            name: object.name)
    }

    /// The object under a key as a resource's version shows it; nil when there is none.
    func read(_ key: StorageKey, as resource: ServedResource) -> KubeObject? {
        store[key].map { stored.convert($0, to: resource.gvk) }
    }

    /// Stores an object, at the storage version, and tells the controllers.
    ///
    /// Returns it at the resource's version with its new resourceVersion. Every change of the world goes through here
    /// or ``discard(_:)``.
    @discardableResult
    mutating func commit(_ object: KubeObject, at key: StorageKey, _ resource: ServedResource) -> KubeObject {
        let old = store[key]
        let new = store.put(stored.convert(object, to: stored.storageVersion(of: resource)), at: key)
        noticeChange(key, old: old, new: new)
        return stored.convert(new, to: resource.gvk)
    }

    /// Stores a controller's change of an object that it read from the store.
    mutating func commit(_ object: KubeObject, at key: StorageKey) {
        let old = store[key]
        if let old, old == object { return }
        let new = store.put(object, at: key)
        noticeChange(key, old: old, new: new)
    }

    /// Removes an object for good and lets the garbage collector see to its dependents.
    @discardableResult
    mutating func discard(_ key: StorageKey) -> KubeObject? {
        guard let removed = store.remove(key) else { return nil }
        noticeChange(key, old: removed, new: nil)
        return removed
    }

    /// The built-in or custom resource whose objects lie under a kind, at its preferred version.
    func resource(storing kind: GroupKind) -> ServedResource? {
        apis.resources.first { !$0.isVirtual && stored.storageKind(of: $0) == kind }
            ?? customResources.resources.first { $0.gvk.groupKind == kind }
    }
}

import Manifests

extension SimWorld {
    /// The finalizer that keeps a definition until its objects are gone.
    ///
    /// A server sets it when the definition is deleted, never before.
    static let customResourceCleanup = "customresourcecleanup.apiextensions.k8s.io"

    /// Accepts a definition's names and begins to serve it; refuses names that are taken.
    mutating func establish(_ key: StorageKey, _ definition: KubeObject) {
        var definition = definition
        let group = definition["spec.group"]?.string ?? ""
        let plural = definition["spec.names.plural"]?.string ?? ""
        let kind = definition["spec.names.kind"]?.string ?? ""
        let rival = customResources.served.first {
            $0.custom?.definition != definition.name && $0.gvk.group == group
                && ($0.kind == kind || $0.plural == plural)
        }
        if rival != nil {
            definition.setCondition(
                "NamesAccepted", "False", "KindConflict", "\"\(kind)\" is already in use", at: timestamp)
            definition.setCondition(
                "Established", "False", "NotAccepted", "not all names are accepted", at: timestamp)
        } else {
            definition["status.acceptedNames"] = definition["spec.names"]
            definition.setCondition("NamesAccepted", "True", "NoConflicts", "no conflicts found", at: timestamp)
            definition.setCondition(
                "Established", "True", "InitialNamesAccepted", "the initial names have been accepted", at: timestamp)
        }
        let versions = definition["spec.versions"]?.array ?? []
        if let storage = versions.first(where: { $0["storage"]?.bool == true })?["name"] {
            var storedVersions = definition["status.storedVersions"]?.array ?? []
            if !storedVersions.contains(storage) { storedVersions.append(storage) }
            definition["status.storedVersions"] = .array(storedVersions)
        }
        commit(definition, at: key)
        due[key] = nil
    }

    /// Deletes the objects of a terminating definition, and lets it go when there are none left.
    mutating func emptyDefinition(_ key: StorageKey, _ definition: KubeObject) {
        let kind = GroupKind(
            group: definition["spec.group"]?.string ?? "", kind: definition["spec.names.kind"]?.string ?? "")
        var left = 0
        for entry in store.list(kind) {
            let inner = StorageKey(kind: kind, namespace: entry.path.namespace, name: entry.path.name)
            if entry.object["metadata.deletionTimestamp"] == nil { remove(inner) }
            if store[inner] != nil { left += 1 }
        }
        guard left == 0, var current = store[key] else { return }
        current.removeFinalizer(Self.customResourceCleanup)
        commit(current, at: key)
    }
}

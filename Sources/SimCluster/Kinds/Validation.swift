import Manifests

extension SimWorld {
    /// Refuses an object that breaks the rules for its metadata or its kind.
    ///
    /// `old` is its state before a change.
    func validate(_ object: KubeObject, old: KubeObject?, _ resource: ServedResource) throws(APIStatus) {
        var causes = metadataFaults(object, resource)
        if let old {
            causes += metadataChanges(from: old, to: object)
            causes += resource.custom == nil ? ImmutableFields.faults(from: old, to: object, resource, at: version) : []
        }
        if resource.custom == nil {
            causes += KindValidation.faults(object, old: old, resource, at: version)
        } else if let schema = StructuralSchema(resource) {
            causes += schema.faults(object)
        }
        guard causes.isEmpty else {
            throw .invalid(group: resource.gvk.group, kind: resource.kind, name: object.name, causes)
        }
        if object.json.canonicalBytes.count > 1_572_864 {
            throw APIStatus(code: 500, reason: "", message: "etcdserver: request is too large")
        }
    }

    private func metadataFaults(_ object: KubeObject, _ resource: ServedResource) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        if object.name.isEmpty {
            causes.append(.required("metadata.name", "name or generateName is required"))
        } else if let fault = NameRules.fault(inName: object.name, of: resource, at: version) {
            if let prefix = object["metadata.generateName"]?.string, object.name.hasPrefix(prefix) {
                causes.append(.invalid("metadata.generateName", .string(prefix), fault))
            }
            causes.append(.invalid("metadata.name", .string(object.name), fault))
        }
        for label in object.labels {
            if !NameRules.isQualifiedKey(label.key) {
                causes.append(
                    .invalid(
                        "metadata.labels", .string(label.key),
                        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
                            + "with an alphanumeric character"))
            }
            if let value = label.value.string, !NameRules.isLabelValue(value) {
                causes.append(
                    .invalid(
                        "metadata.labels", .string(value),
                        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
                            + "'.', and must start and end with an alphanumeric character"))
            }
        }
        var size = 0
        for annotation in object.annotations {
            size += annotation.key.utf8.count + (annotation.value.string?.utf8.count ?? 0)
            if !NameRules.isQualifiedKey(annotation.key.lowercased()) {
                causes.append(
                    .invalid(
                        "metadata.annotations", .string(annotation.key),
                        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
                            + "with an alphanumeric character"))
            }
        }
        if size > 262_144 {
            causes.append(
                APIStatus.Cause(
                    reason: "FieldValueTooLong", message: "Too long: may not be more than 262144 bytes",
                    field: "metadata.annotations"))
        }
        for finalizer in object["metadata.finalizers"]?.array ?? [] {
            guard let name = finalizer.string, NameRules.isQualifiedKey(name) else {
                causes.append(
                    .invalid(
                        "metadata.finalizers", finalizer,
                        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
                            + "with an alphanumeric character"))
                continue
            }
        }
        return causes + ownerFaults(object)
    }

    private func ownerFaults(_ object: KubeObject) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        for owner in object["metadata.ownerReferences"]?.array ?? [] {
            for (field, why) in [
                ("apiVersion", "version must not be empty"), ("kind", "must not be empty"),
                ("name", "must not be empty"), ("uid", "must not be empty"),
            ] where (owner[field]?.string ?? "").isEmpty {
                causes.append(.invalid("metadata.ownerReferences.\(field)", "", why))
            }
        }
        return causes
    }

    private func metadataChanges(from old: KubeObject, to new: KubeObject) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        if let uid = new.uid, uid != old.uid {
            causes.append(.invalid("metadata.uid", .string(uid), "field is immutable"))
        }
        if old["metadata.deletionTimestamp"] != nil {
            let before = old["metadata.finalizers"]?.array ?? []
            let fresh = (new["metadata.finalizers"]?.array ?? []).filter { !before.contains($0) }
            if !fresh.isEmpty {
                causes.append(
                    .forbidden(
                        "metadata.finalizers",
                        "no new finalizers can be added if the object is being deleted, found new finalizers "
                            + "[]string{\(fresh.map(\.canonicalText).joined(separator: ", "))}"))
            }
        }
        return causes
    }
}

import HTTP
import Manifests

extension SimWorld {
    /// Answers a DELETE of one object.
    mutating func delete(_ request: ResourceRequest) throws(APIStatus) -> HTTPResponse {
        let options = try deletionOptions(request)
        let name = request.path.name ?? ""
        let key = request.key(stored)
        guard let object = read(key, as: request.resource) else { throw .notFound(request.resource, name) }
        if let uid = options.uid, uid != object.uid {
            throw .conflict(
                request.resource, name,
                "the UID in the precondition (\(uid)) does not match the UID in record (\(object.uid ?? "")). "
                    + "The object might have been deleted and then recreated")
        }
        if let wanted = options.resourceVersion, wanted != object.resourceVersion {
            throw .conflict(
                request.resource, name,
                "the ResourceVersion in the precondition (\(wanted)) does not match the ResourceVersion in record "
                    + "(\(object.resourceVersion ?? "")). The object might have been modified")
        }
        if key.kind == .namespace, ["default", "kube-system", "kube-public"].contains(name) {
            throw .forbidden(request.resource, name, "this namespace may not be deleted")
        }
        guard let left = remove(key, options) ?? (["Pod", "Namespace"].contains(object.gvk.kind) ? object : nil) else {
            return .json(
                [
                    "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
                    "details": .object(request.resource.details(name: name, uid: object.uid)),
                ])
        }
        return try objectAnswer(stored.convert(left, to: request.resource.gvk), request)
    }

    /// Answers a DELETE of a collection: each selected object as if deleted by itself.
    mutating func deleteCollection(_ request: ResourceRequest) throws(APIStatus) -> HTTPResponse {
        let options = try deletionOptions(request)
        let kind = stored.storageKind(of: request.resource)
        let selected = store.list(kind, namespace: request.path.namespace).filter { matches($0.object, request) }
        for entry in selected {
            remove(StorageKey(kind: kind, namespace: entry.path.namespace, name: entry.path.name), options)
        }
        return try listAnswer(
            selected.map { stored.convert($0.object, to: request.resource.gvk) },
            ["resourceVersion": .string(String(store.revision))], request)
    }

    /// Begins or completes the deletion of an object.
    ///
    /// Returns it as it is while something holds it; nil when gone.
    @discardableResult
    mutating func remove(_ key: StorageKey, _ options: DeletionOptions = DeletionOptions()) -> KubeObject? {
        guard var object = store[key] else { return nil }
        var finalizers = (object["metadata.finalizers"]?.array ?? []).compactMap(\.string)
        if key.kind == .customResourceDefinition, object["metadata.deletionTimestamp"] == nil,
            !finalizers.contains(Self.customResourceCleanup)
        {
            finalizers.append(Self.customResourceCleanup)
        }
        let policy = options.propagation ?? KindRules.defaultPropagation(key.kind)
        let policyFinalizers = ["foregroundDeletion", "orphan"]
        if object["metadata.deletionTimestamp"] == nil || options.propagation != nil {
            let wanted = policy == "Foreground" ? policyFinalizers[0] : policy == "Orphan" ? policyFinalizers[1] : nil
            finalizers.removeAll { policyFinalizers.contains($0) && $0 != wanted }
            if let wanted, !finalizers.contains(wanted) { finalizers.append(wanted) }
        }
        // A namespace goes with the second DELETE at the earliest, also when its finalizers were emptied by hand.
        let heldByNamespace =
            key.kind == .namespace
            && (object["metadata.deletionTimestamp"] == nil || !(object["spec.finalizers"]?.array ?? []).isEmpty)
        let grace = KindRules.gracePeriod(object, options)
        if finalizers.isEmpty, !heldByNamespace, grace == 0 {
            discard(key)
            return nil
        }
        if object["metadata.deletionTimestamp"] == nil {
            object["metadata.deletionTimestamp"] = .string(VirtualTime.text(now + grace))
            if key.kind != .namespace {
                object["metadata.deletionGracePeriodSeconds"] = .integer(Int64(grace))
            }
            if let generation = object["metadata.generation"]?.integer {
                object["metadata.generation"] = .integer(generation + 1)
            }
            if key.kind == .namespace { object["status.phase"] = "Terminating" }
        }
        object["metadata.finalizers"] = finalizers.isEmpty ? nil : .array(finalizers.map(JSONValue.string))
        commit(object, at: key)
        return store[key] ?? object
    }

    private func checkPropagation(_ options: DeletionOptions) throws(APIStatus) {
        let policies = ["Background", "Foreground", "Orphan"]
        guard let policy = options.propagation, !policies.contains(policy) else { return }
        throw .invalidOptions("DeleteOptions", .unsupported("propagationPolicy", .string(policy), policies))
    }

    private func deletionOptions(_ request: ResourceRequest) throws(APIStatus) -> DeletionOptions {
        var options = request.options.deletion
        try checkPropagation(options)
        guard let body = request.http.body, !body.isEmpty else { return options }
        let json = try decodeBody(
            request.http, expected: GroupVersionKind(group: "", version: "v1", kind: "DeleteOptions"))
        if let kind = json["kind"]?.string, kind != "DeleteOptions" {
            throw .badRequest("no kind \"\(kind)\" is registered for version \"v1\" in the scheme of options")
        }
        if json["propagationPolicy"] != nil, json["orphanDependents"] != nil {
            throw .invalidOptions(
                "DeleteOptions",
                .invalid(
                    "propagationPolicy", json["propagationPolicy"] ?? .null,
                    "orphanDependents and deletionPropagation cannot be both set"))
        }
        if let policy = json["propagationPolicy"]?.string { options.propagation = policy }
        if let orphan = json["orphanDependents"]?.bool { options.propagation = orphan ? "Orphan" : "Background" }
        if let seconds = json["gracePeriodSeconds"]?.integer { options.gracePeriodSeconds = Int(seconds) }
        options.uid = json["preconditions"]?["uid"]?.string
        options.resourceVersion = json["preconditions"]?["resourceVersion"]?.string
        try checkPropagation(options)
        for value in json["dryRun"]?.array ?? [] where value.string != "All" {
            throw .invalidOptions("DeleteOptions", .unsupported("dryRun", [value], ["All"]))
        }
        return options
    }
}

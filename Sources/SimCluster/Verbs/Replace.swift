import HTTP
import Manifests

/// Which part of an object a write may change.
enum WriteScope: Sendable, Equatable {
    /// Everything but the status where that is a subresource.
    case main
    /// The status only.
    case status
}

extension SimWorld {
    /// Answers a PUT of a whole object.
    mutating func replace(_ request: ResourceRequest) throws(APIStatus) -> HTTPResponse {
        var object = try decodeObject(request)
        let name = request.path.name ?? ""
        if object.name.isEmpty {
            throw .badRequest("name must be provided")
        }
        if object.name != name {
            throw .badRequest("the name of the object (\(object.name)) does not match the name on the URL (\(name))")
        }
        try matchNamespace(&object, request)
        guard let old = read(request.key(stored), as: request.resource) else {
            guard KindRules.createsOnUpdate(request.resource) else { throw .notFound(request.resource, name) }
            object["metadata.resourceVersion"] = nil
            return try objectAnswer(try insert(object, request, manager: nil), request, status: 201)
        }
        if let uid = object.uid, !uid.isEmpty, uid != old.uid {
            throw .conflict(
                request.resource, name,
                "Precondition failed: UID in precondition: \(uid), UID in object meta: \(old.uid ?? "")")
        }
        if (object.resourceVersion ?? "").isEmpty, KindRules.needsResourceVersion(request.resource) {
            throw .invalid(
                group: request.resource.gvk.group, kind: request.resource.kind, name: name,
                [.invalid("metadata.resourceVersion", 0, "must be specified for an update")])
        }
        let scope: WriteScope = request.path.subresource == "status" ? .status : .main
        let result = try update(old, to: object, request, scope: scope)
        return try objectAnswer(result, request)
    }

    /// Everything from defaulting to storage, for a changed object at the request's version.
    ///
    /// - Parameter applied: the field managers after a server-side apply; nil to find out what the request's manager
    ///   changed.
    mutating func update(
        _ old: KubeObject, to new: KubeObject, _ request: ResourceRequest, scope: WriteScope,
        managers applied: ManagedFields? = nil
    ) throws(APIStatus) -> KubeObject {
        let resource = request.resource
        var new = new
        try checkLock(old, new, resource)
        // Clearing the list, or setting it to one empty entry, resets the bookkeeping; leaving it out does not.
        let clears = new["metadata.managedFields"]?.array.map { $0.isEmpty || $0 == [[:]] } ?? false
        keepServerFields(of: old, in: &new, resource, scope)
        complete(&new, resource)
        var managers = applied ?? ManagedFields(of: old)
        if applied == nil {
            // Until 1.21 writes through the scale subresource left the managers alone.
            let untracked = request.path.subresource == "scale" && version < KubernetesVersion(minor: 22)
            if clears {
                managers = ManagedFields()
            } else if !untracked {
                managers.update(
                    from: old, to: new, by: request.manager, subresource: request.path.subresource, time: timestamp,
                    lists: listSemantics(resource))
            }
        }
        prepareKindForUpdate(&new, old: old, resource, finalizing: request.path.subresource == "finalize")
        managers.write(to: &new)
        // An unchanged object keeps its resourceVersion, also when only the times of its managers differ.
        if new.withoutManagers == old.withoutManagers, managers.describesSame(as: ManagedFields(of: old)) {
            return old
        }
        if scope == .main, KindRules.hasGeneration(resource, at: version),
            KindRules.bumpsGeneration(from: old, to: new, resource)
        {
            new["metadata.generation"] = .integer((old["metadata.generation"]?.integer ?? 0) + 1)
        }
        try validate(new, old: old, resource)
        let key = request.key(stored)
        if KindRules.isReleased(new) {
            let last = stored.convert(discard(key) ?? new, to: resource.gvk)
            var answer = new
            answer["metadata.resourceVersion"] = last["metadata.resourceVersion"]
            return answer
        }
        return commit(new, at: key, resource)
    }

    private func checkLock(_ old: KubeObject, _ new: KubeObject, _ resource: ServedResource) throws(APIStatus) {
        guard let given = new.resourceVersion, !given.isEmpty, given != "0" else { return }
        guard UInt64(given) != nil else {
            throw .failure("strconv.ParseUint: parsing \"\(given)\": invalid syntax")
        }
        if given != old.resourceVersion { throw .modified(resource, old.name) }
    }

    /// Puts back what a client cannot change in this kind of write.
    private func keepServerFields(
        of old: KubeObject, in new: inout KubeObject, _ resource: ServedResource, _ scope: WriteScope
    ) {
        switch scope {
        case .status:
            let status = new["status"]
            let managers = new["metadata.managedFields"]
            new = old
            new["status"] = status
            if managers != nil { new["metadata.managedFields"] = managers }
        case .main:
            if resource.hasStatusSubresource { new["status"] = old["status"] }
        }
        for name in [
            "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink",
            "resourceVersion",
        ] {
            let path = FieldPath([.member("metadata"), .member(name)])
            // Another uid is left in place for validation to refuse.
            if name == "uid", let given = new[path]?.string, !given.isEmpty { continue }
            new[path] = old[path]
        }
        if new["metadata.managedFields"] == nil { new["metadata.managedFields"] = old["metadata.managedFields"] }
    }
}

extension KubeObject {
    /// The object without the bookkeeping of field managers, for comparison.
    var withoutManagers: KubeObject {
        var copy = self
        copy["metadata.managedFields"] = nil
        return copy
    }
}

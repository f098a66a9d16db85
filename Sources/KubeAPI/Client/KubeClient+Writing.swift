import HTTP
public import Manifests

extension KubeClient {
    /// Creates an object; code `alreadyExists` when the name is taken.
    ///
    /// A resourceVersion or UID in the object is not sent: servers refuse the one and overwrite the other.
    public func create(
        _ object: KubeObject, as resource: APIResource, options: WriteOptions = WriteOptions()
    ) async throws(KubeError) -> KubeObject {
        let call = Call("create", resource, object.namespace, object.name)
        guard !resource.namespaced || object.namespace != nil else {
            throw failure(.invalid, "\(resource.gvk.kind) lives in namespaces and none is given", call)
        }
        var json = object.json
        json["metadata.resourceVersion" as FieldPath] = nil
        json["metadata.uid" as FieldPath] = nil
        var request = HTTPRequest(
            .post, resource.path(namespace: object.namespace), query: options.query, body: json.canonicalBytes)
        request.headers["Content-Type"] = "application/json"
        return try decodeObject(try await send(request, call), as: resource, call)
    }

    /// Replaces an object whole.
    ///
    /// A resourceVersion in it is the precondition: another state gives code `conflict`.
    public func replace(
        _ object: KubeObject, as resource: APIResource, subresource: String? = nil,
        options: WriteOptions = WriteOptions()
    ) async throws(KubeError) -> KubeObject {
        let call = Call("replace", resource, object.namespace, object.name)
        let path = try address(resource, object.namespace, object.name, subresource, call)
        var request = HTTPRequest(.put, path, query: options.query, body: object.json.canonicalBytes)
        request.headers["Content-Type"] = "application/json"
        return try decodeObject(try await send(request, call), as: resource, call)
    }

    /// Changes a part of an object.
    public func patch(
        _ patch: Patch, namespace: String?, name: String, as resource: APIResource, subresource: String? = nil,
        options: WriteOptions = WriteOptions()
    ) async throws(KubeError) -> KubeObject {
        var verb = "patch"
        if case .apply = patch { verb = "apply" }
        let call = Call(verb, resource, namespace, name)
        let path = try address(resource, namespace, name, subresource, call)
        if verb == "apply", options.fieldManager?.isEmpty != false {
            throw failure(.invalid, "server-side apply needs a field manager", call)
        }
        var request = HTTPRequest(.patch, path, query: options.query, body: patch.body.canonicalBytes)
        request.headers["Content-Type"] = patch.contentType
        return try decodeObject(try await send(request, call), as: resource, call)
    }

    /// Server-side apply: creates the object or brings the fields in it to these values.
    ///
    /// Fields that another manager owns with other values give code `conflict`, with the managers in `causes`, unless
    /// forced.
    public func apply(
        _ object: KubeObject, as resource: APIResource, fieldManager: String, force: Bool = false,
        dryRun: Bool = false
    ) async throws(KubeError) -> KubeObject {
        try await patch(
            .apply(object), namespace: object.namespace, name: object.name, as: resource,
            options: WriteOptions(dryRun: dryRun, fieldManager: fieldManager, force: force))
    }

    /// Deletes an object.
    ///
    /// Nil: it is gone, or will be without further waiting on anybody. An object: it stays, with its
    /// `deletionTimestamp`, until its finalizers or its pods are done. Absent: code `notFound`.
    public func delete(
        _ resource: APIResource, namespace: String?, name: String, options: DeleteOptions = DeleteOptions()
    ) async throws(KubeError) -> KubeObject? {
        let call = Call("delete", resource, namespace, name)
        let path = try address(resource, namespace, name, nil, call)
        var request = HTTPRequest(.delete, path, body: options.body.canonicalBytes)
        request.headers["Content-Type"] = "application/json"
        var json = try decode(try await send(request, call), call)
        guard json["kind"]?.string != "Status", json["metadata"]?["deletionTimestamp"]?.string != nil else {
            return nil
        }
        resource.fillIn(&json)
        return KubeObject(json)
    }
}

extension DeleteOptions {
    /// The options travel in the body only: in the query, old servers know no preconditions.
    var body: JSONValue {
        var body: JSONValue = ["apiVersion": "v1", "kind": "DeleteOptions"]
        if uid != nil || resourceVersion != nil {
            var preconditions: JSONObject = [:]
            preconditions["uid"] = uid.map(JSONValue.string)
            preconditions["resourceVersion"] = resourceVersion.map(JSONValue.string)
            body["preconditions"] = .object(preconditions)
        }
        if let propagation { body["propagationPolicy"] = .string(propagation.rawValue) }
        if let gracePeriodSeconds { body["gracePeriodSeconds"] = .integer(Int64(gracePeriodSeconds)) }
        if dryRun { body["dryRun"] = ["All"] }
        return body
    }
}

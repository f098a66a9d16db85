import HTTP
import Manifests

extension SimWorld {
    /// Answers a PATCH of an object or of its status.
    mutating func patch(_ request: ResourceRequest) throws(APIStatus) -> HTTPResponse {
        let old = read(request.key(stored), as: request.resource)
        let scope: WriteScope = request.path.subresource == "status" ? .status : .main
        if request.http.mediaType == MediaType.apply { return try applyPatch(old, request, scope) }
        if ![MediaType.jsonPatch, MediaType.mergePatch, MediaType.strategicMergePatch].contains(request.http.mediaType)
            || (request.http.mediaType == MediaType.strategicMergePatch && request.resource.custom != nil)
        {
            throw Self.unsupportedPatch(request)
        }
        guard let old else { throw .notFound(request.resource, request.path.name ?? "") }
        let json = try patched(old.json, by: request)
        guard var new = KubeObject(json), new.gvk == old.gvk else {
            throw .invalid(
                group: "", kind: "", name: "", [.invalid("patch", json, "the patch changes kind or apiVersion")])
        }
        if new.namespace == nil { new.namespace = old.namespace }
        try checkIdentity(of: new, old, request)
        return try objectAnswer(try update(old, to: new, request, scope: scope), request)
    }

    /// The document of a patch request after the patch, by the patch's media type.
    func patched(_ document: JSONValue, by request: ResourceRequest) throws(APIStatus) -> JSONValue {
        let patch: JSONValue
        do {
            patch = try JSONValue(parsing: request.http.body ?? [])
        } catch {
            if version <= KubernetesVersion(minor: 20), request.http.mediaType == MediaType.mergePatch {
                throw .failure("Invalid JSON Patch")
            }
            throw .badRequest("error decoding patch: \(error)")
        }
        switch request.http.mediaType {
        case MediaType.jsonPatch: return try JSONPatch.apply(patch, to: document)
        case MediaType.mergePatch, MediaType.strategicMergePatch:
            guard let members = patch.object else {
                throw .badRequest(
                    "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}")
            }
            if request.http.mediaType == MediaType.mergePatch {
                return MergePatch.apply(.object(members), to: document)
            }
            return .object(try StrategicMergePatch.apply(members, to: document.object ?? [:]))
        default: throw Self.unsupportedPatch(request)
        }
    }

    private mutating func applyPatch(
        _ old: KubeObject?, _ request: ResourceRequest, _ scope: WriteScope
    ) throws(APIStatus) -> HTTPResponse {
        guard let manager = request.options.fieldManager, !manager.isEmpty else {
            throw .invalidOptions("PatchOptions", .required("fieldManager", "is required for apply patch"))
        }
        let configuration = try applyConfiguration(request)
        let apply = ServerSideApply(
            lists: listSemantics(request.resource), manager: manager, force: request.options.force ?? false,
            time: timestamp)
        guard let old else {
            var fresh = configuration
            if let uid = configuration.uid, !uid.isEmpty {
                throw .conflict(
                    request.resource, configuration.name,
                    "uid mismatch: the provided object specified uid \(uid), and no existing object was found")
            }
            fresh["metadata.managedFields"] = nil
            let result = try apply.apply(
                fresh, to: KubeObject(fresh.gvk, namespace: fresh.namespace, name: fresh.name),
                managers: ManagedFields())
            var object = result.object
            object["metadata.generateName"] = fresh["metadata.generateName"]
            return try objectAnswer(
                try insert(object, request, manager: result.managers), request, status: 201)
        }
        var managers = ManagedFields(of: old)
        if managers.isEmpty {
            // Nobody is known to own what is there: it is put down to a manager of this name.
            managers.update(
                from: Self.emptied(old), to: old, by: "before-first-apply", subresource: nil, time: timestamp,
                lists: apply.lists)
        }
        var result = try apply.apply(configuration, to: old, managers: managers)
        result.object["metadata.resourceVersion"] =
            configuration["metadata.resourceVersion"] ?? old["metadata.resourceVersion"]
        let updated = try update(old, to: result.object, request, scope: scope, managers: result.managers)
        return try objectAnswer(updated, request)
    }

    private func applyConfiguration(_ request: ResourceRequest) throws(APIStatus) -> KubeObject {
        let json = try Self.parseYAML(
            request.http.body ?? [], refusal: "error decoding YAML: error converting YAML to JSON: ")
        guard var object = KubeObject(json), object.gvk == request.resource.gvk else {
            throw .badRequest(
                "invalid object type: \(json["apiVersion"]?.string ?? "/"), Kind=\(json["kind"]?.string ?? "")")
        }
        if let managed = object["metadata.managedFields"], !managed.isNull {
            throw .badRequest("metadata.managedFields must be nil")
        }
        let name = request.path.name ?? ""
        if object.name.isEmpty { object.name = name }
        if object.name != name {
            throw .badRequest("the name of the object (\(object.name)) does not match the name on the URL (\(name))")
        }
        try matchNamespace(&object, request)
        return object
    }

    private func checkIdentity(
        of new: KubeObject, _ old: KubeObject, _ request: ResourceRequest
    ) throws(APIStatus) {
        if new.name != old.name {
            throw .badRequest(
                "the name of the object (\(new.name)) does not match the name on the URL (\(old.name))")
        }
        if new.namespace != old.namespace {
            throw .badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
    }

    private static func unsupportedPatch(_ request: ResourceRequest) -> APIStatus {
        var accepted = [MediaType.jsonPatch, MediaType.mergePatch]
        if request.resource.custom == nil { accepted.append(MediaType.strategicMergePatch) }
        return .unsupportedMediaType(
            "the body of the request was in an unknown format - accepted media types include: "
                + (accepted + [MediaType.apply]).joined(separator: ", "))
    }
}

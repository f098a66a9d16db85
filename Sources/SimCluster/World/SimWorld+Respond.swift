import HTTP
import Manifests

/// A request for objects, taken apart: which resource, which object, with which options.
struct ResourceRequest: Sendable {
    var http: HTTPRequest
    var resource: ServedResource
    var path: ResourcePath
    var options: RequestOptions

    /// The object's key, with the namespace of the path.
    func key(_ stored: StoredVersions, name: String? = nil) -> StorageKey {
        StorageKey(
            kind: stored.storageKind(of: resource), namespace: path.namespace ?? "", name: name ?? path.name ?? "")
    }

    /// Who writes: `fieldManager`, or the user agent up to its first slash.
    var manager: String {
        if let manager = options.fieldManager, !manager.isEmpty { return manager }
        let agent = http.headers["User-Agent"] ?? ""
        let prefix = agent.prefix { $0 != "/" }
        return prefix.isEmpty ? "unknown" : String(prefix)
    }
}

extension SimWorld {
    /// Dispatches a request.
    ///
    /// Changes made before a throw are undone by the caller.
    mutating func respond(to request: HTTPRequest) throws(APIStatus) -> HTTPResponse {
        switch RequestTarget(path: request.path) {
        case .other(let path): return try nonResource(path, request)
        case .coreVersions: return try discovery(request, core: true)
        case .groups: return try discovery(request, core: false)
        case .group(let group): return try groupDocument(group)
        case .groupVersion(let apiVersion): return try resourceList(apiVersion)
        case .resource(let path): return try resourceAnswer(path, request)
        }
    }

    /// Finds the resource that a path names, or says why there is none.
    func resource(at path: ResourcePath) throws(APIStatus) -> ServedResource {
        let gvk = GroupVersionKind(apiVersion: path.apiVersion, kind: "")
        var found = apis.resource(path.apiVersion, path.plural)
        if found == nil, let custom = customResources.resource(path.apiVersion, path.plural),
            custom.custom?.isEstablished == true
        {
            found = custom
        }
        guard let resource = found else {
            // Behind the aggregator custom groups are answered by another handler, in plain text.
            if gvk.group.isEmpty || apis.hasGroup(gvk.group) { throw .noSuchResource }
            throw .pageNotFound
        }
        // A namespaced resource is listed and watched across namespaces, nothing else; a cluster-scoped one does not
        // lie below a namespace.
        if resource.namespaced != (path.namespace != nil) {
            if !resource.namespaced { throw .noSuchResource }
            if path.name != nil { throw .noSuchResource }
        }
        if let subresource = path.subresource, !resource.subresources.contains(subresource) {
            throw .noSuchResource
        }
        return resource
    }

    /// Whether any version of a group is served.
    func serves(group: String) -> Bool {
        apis.hasGroup(group) || customResources.served.contains { $0.gvk.group == group }
    }

    /// Reads and checks what a request for objects asks.
    func parse(_ path: ResourcePath, _ request: HTTPRequest) throws(APIStatus) -> ResourceRequest {
        let resource = try resource(at: path)
        let kind =
            switch request.method {
            case .post: "CreateOptions"
            case .put: "UpdateOptions"
            case .patch: "PatchOptions"
            case .delete: path.name == nil ? "ListOptions" : "DeleteOptions"
            default: "ListOptions"
            }
        var options = try RequestOptions(request, kind: kind, at: version)
        if path.isWatch { options.watch = true }
        // A DELETE may say it in its body.
        if request.method == .delete, let body = request.body, let json = try? JSONValue(parsing: body),
            json["dryRun"]?.array == ["All"]
        {
            options.dryRun = true
        }
        return ResourceRequest(http: request, resource: resource, path: path, options: options)
    }

    private mutating func resourceAnswer(
        _ path: ResourcePath, _ request: HTTPRequest
    ) throws(APIStatus) -> HTTPResponse {
        let parsed = try parse(path, request)
        let before = self
        var answer = try dispatch(parsed)
        if parsed.options.dryRun { self = before }
        if let warning = parsed.resource.deprecationWarning {
            answer.headers.append("Warning", "299 - \"\(warning)\"")
            if parsed.resource.custom == nil {
                requestedDeprecatedAPIs.insert(
                    RequestedDeprecatedAPI(parsed.resource, subresource: parsed.path.subresource ?? ""))
            }
        }
        return answer
    }

    private mutating func dispatch(_ request: ResourceRequest) throws(APIStatus) -> HTTPResponse {
        let verbs = request.resource.verbs
        func allow(_ verb: String) throws(APIStatus) {
            guard verbs.contains(verb) else { throw .methodNotAllowed }
        }
        if request.path.subresource != nil { return try subresourceAnswer(request) }
        switch (request.http.method, request.path.name != nil) {
        case (.get, true), (.head, true):
            if request.options.watch {
                try allow("watch")
                return try watchAnswer(request)
            }
            try allow("get")
            return try get(request)
        case (.get, false), (.head, false):
            if request.options.watch {
                guard verbs.contains("watch") else {
                    throw APIStatus(
                        code: 405, reason: "MethodNotAllowed",
                        message: "watch is not supported on resources of kind \"\(request.resource.plural)\"",
                        details: request.resource.details(name: ""))
                }
                return try watchAnswer(request)
            }
            try allow("list")
            return try list(request)
        case (.post, false):
            guard request.resource.namespaced == (request.path.namespace != nil) else { throw .methodNotAllowed }
            try allow("create")
            return try create(request)
        case (.put, true):
            try allow("update")
            return try replace(request)
        case (.patch, true):
            try allow("patch")
            return try patch(request)
        case (.delete, true):
            try allow("delete")
            return try delete(request)
        case (.delete, false):
            guard request.resource.namespaced == (request.path.namespace != nil) else { throw .methodNotAllowed }
            try allow("deletecollection")
            return try deleteCollection(request)
        default: throw .methodNotAllowed
        }
    }
}

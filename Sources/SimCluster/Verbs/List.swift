import HTTP
import Manifests

extension SimWorld {
    /// Answers a LIST: selectors, pages, and the past as far as it is remembered.
    func list(_ request: ResourceRequest) throws(APIStatus) -> HTTPResponse {
        let options = request.options
        try checkListOptions(request)
        let kind = stored.storageKind(of: request.resource)
        var token = ContinueToken(revision: store.revision, after: nil)
        var objects: [(path: ObjectPath, object: KubeObject)]
        if let continuation = options.continuation {
            token = try ContinueToken(reading: continuation)
            guard let past = store.list(kind, namespace: request.path.namespace, at: token.revision) else {
                throw .expired(
                    "The provided continue parameter is too old to display a consistent list result. You can start "
                        + "a new list without the continue parameter.")
            }
            objects = past.filter { entry in token.after.map { $0 < entry.path } ?? true }
        } else if options.resourceVersionMatch == "Exact", let exact = options.resourceVersion.flatMap({ Int($0) }) {
            guard let past = store.list(kind, namespace: request.path.namespace, at: exact) else {
                throw .expired("The resourceVersion for the provided list is too old.")
            }
            objects = past
            token.revision = exact
        } else {
            objects = store.list(kind, namespace: request.path.namespace)
        }
        if !options.labelSelector.isEmpty || !options.fieldSelector.isEmpty {
            objects = objects.filter { matches($0.object, request) }
        }
        var metadata: JSONObject = ["resourceVersion": .string(String(token.revision))]
        // A list from the watch cache (resourceVersion 0) ignores the limit.
        if options.limit > 0, objects.count > options.limit, options.resourceVersion != "0" {
            let remaining = objects.count - options.limit
            objects = Array(objects.prefix(options.limit))
            token.after = objects.last?.path
            metadata["continue"] = .string(token.text)
            if options.labelSelector.isEmpty && options.fieldSelector.isEmpty {
                metadata["remainingItemCount"] = .integer(Int64(remaining))
            }
        }
        return try listAnswer(
            objects.map { stored.convert($0.object, to: request.resource.gvk) }, metadata, request)
    }

    /// Whether an object fulfils the request's selectors, seen at the request's version.
    func matches(_ object: KubeObject, _ request: ResourceRequest) -> Bool {
        request.options.labelSelector.matches(object.labels)
            && (request.options.fieldSelector.isEmpty
                || request.options.fieldSelector.matches(stored.convert(object, to: request.resource.gvk)))
    }

    /// Objects as the client wants to see them: a list, their metadata or a table.
    func listAnswer(
        _ objects: [KubeObject], _ metadata: JSONObject, _ request: ResourceRequest
    ) throws(APIStatus) -> HTTPResponse {
        let resource = request.resource
        switch try Representation(accept: request.http.headers["Accept"], list: true) {
        case .table(let version):
            return .json(
                try table(
                    of: objects, resource, metadata: metadata, includeObject: request.options.includeObject,
                    metaVersion: version))
        case .metadata(let version):
            return .json([
                "kind": "PartialObjectMetadataList", "apiVersion": .string("meta.k8s.io/\(version)"),
                "metadata": .object(metadata),
                "items": .array(objects.map { $0.partialMetadata(metaVersion: version) }),
            ])
        case .object: return .json(listDocument(objects, metadata, resource))
        case .yaml: return .yaml(listDocument(objects, metadata, resource))
        }
    }

    private func listDocument(
        _ objects: [KubeObject], _ metadata: JSONObject, _ resource: ServedResource
    ) -> JSONValue {
        let items = objects.map { object in
            // Items of built-in lists do not repeat what the list's kind says; items of custom ones do.
            guard resource.custom == nil, case .object(var members) = object.json else { return object.json }
            members["apiVersion"] = nil
            members["kind"] = nil
            return .object(members)
        }
        return [
            "kind": .string(resource.kind + "List"), "apiVersion": .string(resource.gvk.apiVersion),
            "metadata": .object(metadata), "items": .array(items),
        ]
    }

    private func checkListOptions(_ request: ResourceRequest) throws(APIStatus) {
        let options = request.options
        func refuse(_ field: String, _ why: String) -> APIStatus {
            .invalidOptions("ListOptions", .forbidden(field, why))
        }
        try options.fieldSelector.check(for: request.resource)
        if options.sendInitialEvents != nil, version >= KubernetesVersion(minor: 27) {
            throw refuse("sendInitialEvents", "sendInitialEvents is forbidden for list")
        }
        if let match = options.resourceVersionMatch {
            guard match == "Exact" || match == "NotOlderThan" else {
                throw .invalidOptions(
                    "ListOptions",
                    .unsupported("resourceVersionMatch", .string(match), ["Exact", "NotOlderThan", ""]))
            }
            if options.resourceVersion == nil {
                throw refuse(
                    "resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided")
            }
            if match == "Exact", options.resourceVersion == "0" {
                throw refuse(
                    "resourceVersionMatch",
                    "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")
            }
        }
        if options.continuation != nil, let wanted = options.resourceVersion, wanted != "0" {
            throw .badRequest("specifying resource version is not allowed when using continue")
        }
        let modern = version >= KubernetesVersion(minor: 31)
        try checkReadable(
            options.resourceVersion, status: modern ? 400 : 500, prefix: modern ? "invalid resource version: " : "")
    }
}

/// Where a list goes on: the revision it shows and the last object that was on the page before.
struct ContinueToken: Sendable, Equatable {
    var revision: Int
    var after: ObjectPath?

    init(revision: Int, after: ObjectPath?) {
        self.revision = revision
        self.after = after
    }

    /// Reads the form that ``text`` writes.
    init(reading text: String) throws(APIStatus) {
        guard let bytes = Base64.decode(text, urlSafe: true), let json = try? JSONValue(parsing: bytes) else {
            throw .badRequest("invalid continue token: continue key is not valid: not base64 of a JSON object")
        }
        guard json["v"]?.string == "meta.k8s.io/v1" else {
            throw .badRequest(
                "invalid continue token: continue key is not valid: server does not recognize this encoded version "
                    + (json["v"]?.string ?? ""))
        }
        guard let revision = json["rv"]?.integer, revision > 0, let start = json["start"]?.string else {
            throw .badRequest("invalid continue token: incorrect encoded start resourceVersion")
        }
        let parts = start.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        self.revision = Int(revision)
        after =
            parts.count == 2
            ? ObjectPath(namespace: parts[0], name: parts[1]) : ObjectPath(namespace: "", name: parts[0])
    }

    /// The opaque form for the client.
    var text: String {
        let start = after.map { $0.namespace + "/" + $0.name } ?? ""
        let json: JSONValue = [
            "v": "meta.k8s.io/v1", "rv": .integer(Int64(revision)), "start": .string(start),
        ]
        return Base64.encode(json.canonicalBytes, urlSafe: true)
    }
}

import HTTP
public import Manifests

extension KubeClient {
    /// The version under `/version`.
    public func serverVersion() async throws(KubeError) -> ServerVersion {
        let call = Call(verb: "get", target: "/version")
        let json = try decode(try await send(HTTPRequest(.get, "/version"), call), call)
        let gitVersion = json["gitVersion"]?.string ?? ""
        let said = "\(json["major"]?.string ?? "").\(json["minor"]?.string ?? "")"
        guard let version = KubernetesVersion(said) ?? KubernetesVersion(gitVersion) else {
            throw failure(.decoding, "the answer names no Kubernetes version; is this an API server?", call)
        }
        return ServerVersion(version: version, gitVersion: gitVersion)
    }

    /// The UID of the namespace `kube-system`, which stands for the cluster's identity: it is made once, with the
    /// cluster, and survives upgrades and changes of address.
    public func clusterUID() async throws(KubeError) -> String {
        let object = try await get(.namespaces, namespace: nil, name: "kube-system")
        guard let uid = object.uid, !uid.isEmpty else {
            throw failure(
                .decoding, "the namespace has no UID; the cluster's identity cannot be told",
                Call("get", .namespaces, nil, "kube-system"))
        }
        return uid
    }

    /// One object.
    ///
    /// Absent: code `notFound`.
    public func get(
        _ resource: APIResource, namespace: String?, name: String
    ) async throws(KubeError) -> KubeObject {
        let call = Call("get", resource, namespace, name)
        let path = try address(resource, namespace, name, nil, call)
        return try decodeObject(try await send(HTTPRequest(.get, path), call), as: resource, call)
    }

    /// One object, or nil when there is none.
    ///
    /// A 404 that is no `Status` of an API server, such as a proxy's page, is still an error: "not there" would be
    /// a lie.
    public func getIfPresent(
        _ resource: APIResource, namespace: String?, name: String
    ) async throws(KubeError) -> KubeObject? {
        do { return try await get(resource, namespace: namespace, name: name) } catch {
            if error.code == .notFound, error.reason == "NotFound" { return nil }
            throw error
        }
    }

    /// One page of objects, of one namespace or of all.
    public func list(
        _ resource: APIResource, namespace: String? = nil, options: ListOptions = ListOptions()
    ) async throws(KubeError) -> ObjectList {
        let call = Call("list", resource, namespace, nil)
        let request = HTTPRequest(.get, resource.path(namespace: namespace), query: options.query)
        let json = try decode(try await send(request, call), call)
        guard json["kind"]?.string?.hasSuffix("List") == true, let members = json.object else {
            throw failure(.decoding, "the answer is no list", call)
        }
        var items: [KubeObject] = []
        // `items: null` is how some aggregated servers write an empty list.
        let elements = members["items"]?.array ?? []
        items.reserveCapacity(elements.count)
        for var element in elements {
            resource.fillIn(&element)
            guard let object = KubeObject(element) else {
                throw failure(.decoding, "the list holds something that is no object", call)
            }
            items.append(object)
        }
        let metadata = members["metadata"]
        return ObjectList(
            items: items, resourceVersion: metadata?["resourceVersion"]?.string ?? "",
            continueToken: metadata?["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 },
            remaining: metadata?["remainingItemCount"]?.integer.map { Int($0) })
    }

    /// All objects, page after page, at one state of the cluster.
    ///
    /// When the server has forgotten that state in between (410), the list starts again from the newest one; it never
    /// mixes two states. ``walk(_:namespace:options:)`` does the same without holding everything.
    public func listAll(
        _ resource: APIResource, namespace: String? = nil, options: ListOptions = ListOptions()
    ) async throws(KubeError) -> ObjectList {
        var walk = walk(resource, namespace: namespace, options: options)
        var all = ObjectList(items: [], resourceVersion: "")
        while let step = try await walk.next() {
            switch step {
            case .restart: all = ObjectList(items: [], resourceVersion: "")
            case .page(let page):
                all.items += page.items
                if !page.resourceVersion.isEmpty { all.resourceVersion = page.resourceVersion }
            }
        }
        return all
    }

    /// The address of one object; a namespaced one needs its namespace.
    func address(
        _ resource: APIResource, _ namespace: String?, _ name: String, _ subresource: String?, _ call: Call
    ) throws(KubeError) -> String {
        guard !name.isEmpty else { throw failure(.invalid, "the object has no name", call) }
        guard !resource.namespaced || namespace?.isEmpty == false else {
            throw failure(.invalid, "\(resource.gvk.kind) lives in namespaces and none is given", call)
        }
        return resource.path(namespace: namespace, name: name, subresource: subresource)
    }
}

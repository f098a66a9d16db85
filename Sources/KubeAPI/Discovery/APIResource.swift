import HTTP
public import Manifests

/// One kind at one version as a server serves it: what is needed to form its addresses.
public struct APIResource: Sendable, Hashable {
    /// The kind and the version under which it is addressed.
    public var gvk: GroupVersionKind
    /// The name in addresses: `deployments`.
    public var plural: String
    /// Whether objects live in namespaces.
    public var namespaced: Bool
    /// What can be done (`create`, `delete`, `get`, `list` and so on), sorted.
    public var verbs: [String]

    /// All verbs of an ordinary resource.
    public static let allVerbs = [
        "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
    ]

    /// A resource with these parts; verbs in any order.
    public init(gvk: GroupVersionKind, plural: String, namespaced: Bool, verbs: [String] = APIResource.allVerbs) {
        self.gvk = gvk
        self.plural = plural
        self.namespaced = namespaced
        self.verbs = verbs.sorted()
    }

    /// The absolute address.
    ///
    /// Without a name: the collection, of one namespace or of all. A namespace given for a cluster-scoped resource
    /// plays no part.
    public func path(namespace: String? = nil, name: String? = nil, subresource: String? = nil) -> String {
        var path = gvk.group.isEmpty ? "/api/\(gvk.version)" : "/apis/\(gvk.group)/\(gvk.version)"
        if namespaced, let namespace { path += "/namespaces/\(HTTPRequest.encode(namespace))" }
        path += "/\(plural)"
        if let name { path += "/\(HTTPRequest.encode(name))" }
        if let subresource { path += "/\(subresource)" }
        return path
    }

    /// Whether the server offers that verb.
    public func allows(_ verb: String) -> Bool { verbs.contains(verb) }
}

extension APIResource: Comparable {
    public static func < (lhs: APIResource, rhs: APIResource) -> Bool {
        (lhs.gvk, lhs.plural) < (rhs.gvk, rhs.plural)
    }
}

extension APIResource {
    /// `v1 Namespace`, which every server has.
    public static let namespaces = APIResource(
        gvk: GroupVersionKind(group: "", version: "v1", kind: "Namespace"), plural: "namespaces",
        namespaced: false)
    /// `coordination.k8s.io/v1 Lease`, served since 1.14.
    public static let leases = APIResource(
        gvk: GroupVersionKind(group: "coordination.k8s.io", version: "v1", kind: "Lease"), plural: "leases",
        namespaced: true)
}

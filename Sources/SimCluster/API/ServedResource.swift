import Manifests

/// One resource at one version, as a server offers it: what discovery says and what the verbs need to know.
struct ServedResource: Sendable, Hashable {
    var gvk: GroupVersionKind
    var plural: String
    var singular: String
    var shortNames: [String] = []
    var categories: [String] = []
    var namespaced: Bool
    var verbs: [String] = Self.allVerbs
    /// `status`, `scale` and the like, in order.
    var subresources: [String] = []
    /// Answered and never stored, as access reviews are.
    var isVirtual = false
    /// What a CustomResourceDefinition adds; nil for built-in kinds.
    var custom: CustomResource?
    /// The header text for reading or writing at this version, when it is deprecated.
    var deprecationWarning: String?
    /// The release that is announced to be without it, when it is deprecated and built in.
    var removedRelease: String?

    /// What every ordinary resource can do.
    static let allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]

    /// `deployments.apps`, or `pods` for the core group: the form in messages.
    var qualifiedPlural: String { gvk.group.isEmpty ? plural : "\(plural).\(gvk.group)" }

    /// The kind whose objects are stored under `kind`s of this resource.
    var kind: String { gvk.kind }

    /// The `details` of a Status about an object of this resource.
    func details(name: String, uid: String? = nil) -> JSONObject {
        var details: JSONObject = ["kind": .string(plural)]
        if !name.isEmpty { details["name"] = .string(name) }
        if !gvk.group.isEmpty { details["group"] = .string(gvk.group) }
        if let uid { details["uid"] = .string(uid) }
        return details
    }

    /// Whether updates of the object itself leave its status alone.
    var hasStatusSubresource: Bool { subresources.contains("status") }
}

/// What the definition of a custom resource says about one of its versions.
struct CustomResource: Sendable, Hashable {
    /// The definition's name.
    var definition: String
    /// The version in which objects are stored.
    var storageVersion: String
    /// Where the scale subresource reads and writes, when there is one.
    var scale: ScalePaths?
    /// The OpenAPI schema of this version.
    var schema: JSONValue?
    /// `additionalPrinterColumns`.
    var printerColumns: [JSONValue] = []
    /// False until the definition is Established: then its paths are not there yet.
    var isEstablished: Bool
    /// The definition is being deleted: nothing new may be created.
    var isTerminating: Bool
}

/// Places of a scale subresource within its object.
struct ScalePaths: Sendable, Hashable {
    var specReplicas: FieldPath
    var statusReplicas: FieldPath
    var labelSelector: FieldPath?

    /// Those of the built-in workloads.
    static let workload = ScalePaths(
        specReplicas: "spec.replicas", statusReplicas: "status.replicas", labelSelector: "spec.selector")
}

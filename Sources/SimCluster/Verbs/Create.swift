import HTTP
import Manifests

extension SimWorld {
    /// Answers a POST to a collection.
    mutating func create(_ request: ResourceRequest) throws(APIStatus) -> HTTPResponse {
        var object = try decodeObject(request)
        if request.resource.isVirtual { return try reviewAnswer(object, request) }
        try matchNamespace(&object, request)
        let created = try insert(object, request, manager: nil)
        return try objectAnswer(created, request, status: 201)
    }

    /// Everything from admission to storage, for a new object at the request's version.
    ///
    /// - Parameter manager: the field managers that the object gets; nil to record the request's manager as the one
    ///   that set everything.
    mutating func insert(
        _ object: KubeObject, _ request: ResourceRequest, manager managedFields: ManagedFields?
    ) throws(APIStatus) -> KubeObject {
        let resource = request.resource
        var object = object
        try admit(object, request)
        if object.name.isEmpty, let prefix = object["metadata.generateName"]?.string, !prefix.isEmpty {
            object.name = prefix + random.nameSuffix()
        }
        if let given = object.resourceVersion, !given.isEmpty, given != "0" {
            throw .failure("resourceVersion should not be set on objects to be created")
        }
        complete(&object, resource)
        var managers = managedFields ?? ManagedFields()
        if managedFields == nil {
            managers.update(
                from: Self.emptied(object), to: object, by: request.manager, subresource: nil, time: timestamp,
                lists: listSemantics(resource))
        }
        prepareForCreate(&object, resource)
        managers.write(to: &object)
        try validate(object, old: nil, resource)
        let key = key(of: object, resource)
        if let existing = store[key] {
            throw .alreadyExists(
                resource, object.name, terminating: existing["metadata.deletionTimestamp"] != nil)
        }
        return commit(object, at: key, resource)
    }

    /// Fills in defaults, and drops what a custom resource's schema does not know.
    func complete(_ object: inout KubeObject, _ resource: ServedResource) {
        if resource.custom == nil {
            Defaults.apply(to: &object, at: version)
        } else if let schema = StructuralSchema(resource) {
            object = schema.withDefaults(schema.pruned(object))
        }
    }

    /// Server-set metadata and status of a new object.
    mutating func prepareForCreate(
        _ object: inout KubeObject, _ resource: ServedResource, keepingIdentity: Bool = false
    ) {
        for name in ["selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "resourceVersion", "generation"] {
            object[FieldPath([.member("metadata"), .member(name)])] = nil
        }
        // Drawn in any case, so that what follows does not depend on whether the caller brought a uid.
        let uid = random.uid()
        if !keepingIdentity || object.uid == nil { object["metadata.uid"] = .string(uid) }
        object["metadata.creationTimestamp"] = .string(timestamp)
        if !resource.namespaced { object.namespace = nil }
        if KindRules.hasGeneration(resource, at: version) { object["metadata.generation"] = 1 }
        if resource.hasStatusSubresource { object["status"] = KindRules.initialStatus(resource) }
        prepareKindForCreate(&object, resource)
    }

    /// What admission says before anything else: the namespace must be there and alive.
    func admit(_ object: KubeObject, _ request: ResourceRequest) throws(APIStatus) {
        guard request.resource.namespaced, let name = request.path.namespace else {
            if request.resource.custom?.isTerminating == true {
                throw .forbidden(
                    request.resource, object.name,
                    "create not allowed while custom resource definition is terminating")
            }
            return
        }
        if request.resource.gvk.group.isEmpty, request.resource.kind == "Pod",
            let account = object["spec.serviceAccountName"]?.string, account != "default",
            store[StorageKey(kind: GroupKind(group: "", kind: "ServiceAccount"), namespace: name, name: account)] == nil
        {
            throw .forbidden(
                request.resource, object.name,
                "error looking up service account \(name)/\(account): serviceaccount \"\(account)\" not found")
        }
        guard let namespace = store[StorageKey(kind: .namespace, namespace: "", name: name)] else {
            throw APIStatus(
                code: 404, reason: "NotFound", message: "namespaces \"\(name)\" not found",
                details: ["name": .string(name), "kind": "namespaces"])
        }
        if namespace["metadata.deletionTimestamp"] != nil {
            throw .forbidden(
                request.resource, object.name,
                "unable to create new content in namespace \(name) because it is being terminated",
                causes: [
                    APIStatus.Cause(
                        reason: "NamespaceTerminating", message: "namespace \(name) is being terminated",
                        field: "metadata.namespace")
                ])
        }
        if request.resource.custom?.isTerminating == true {
            throw .forbidden(
                request.resource, object.name,
                "create not allowed while custom resource definition is terminating")
        }
    }

    /// Fills in the path's namespace and refuses another one.
    func matchNamespace(_ object: inout KubeObject, _ request: ResourceRequest) throws(APIStatus) {
        let wanted = request.path.namespace
        if wanted == nil, request.resource.custom != nil {
            // A namespace that a cluster-scoped custom resource brings is dropped without a word.
            object.namespace = nil
            return
        }
        if let given = object.namespace, given != wanted {
            throw .badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
        if let wanted { object.namespace = wanted }
    }

    /// The virtual time as objects hold it.
    var timestamp: String { VirtualTime.text(now) }

    /// An object of the same kind with nothing in it: what a creation is compared with.
    static func emptied(_ object: KubeObject) -> KubeObject { KubeObject(object.gvk, name: object.name) }

    /// Answers of resources that are computed and not stored: everyone may do everything here.
    private func reviewAnswer(_ object: KubeObject, _ request: ResourceRequest) throws(APIStatus) -> HTTPResponse {
        var object = object
        switch object.gvk.kind {
        case "SelfSubjectAccessReview", "SubjectAccessReview", "LocalSubjectAccessReview":
            object["status"] = ["allowed": true]
        case "SelfSubjectRulesReview":
            object["status"] = [
                "incomplete": false, "nonResourceRules": [["nonResourceURLs": ["*"], "verbs": ["*"]]],
                "resourceRules": [["apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]]],
            ]
        case "SelfSubjectReview":
            object["status"] = ["userInfo": ["username": "sim-admin", "groups": ["system:masters"]]]
        default: object["status"] = ["authenticated": false]
        }
        return .json(object.json, status: 201)
    }
}

import HTTP
import Manifests

extension SimWorld {
    /// Answers requests for a subresource of an object.
    mutating func subresourceAnswer(_ request: ResourceRequest) throws(APIStatus) -> HTTPResponse {
        let name = request.path.name ?? ""
        guard let object = read(request.key(stored), as: request.resource) else {
            throw .notFound(request.resource, name)
        }
        switch (request.path.subresource ?? "", request.http.method) {
        case ("status", .get), ("ephemeralcontainers", .get), ("approval", .get), ("resize", .get):
            return try objectAnswer(object, request)
        case ("status", .put), ("approval", .put): return try replace(request)
        case ("status", .patch), ("approval", .patch): return try patch(request)
        case ("scale", .get): return .json(scale(of: object, request.resource).json)
        case ("scale", .put): return try setScale(try decodeObject(request, kind: Self.scaleKind), object, request)
        case ("scale", .patch):
            let json = try patched(scale(of: object, request.resource).json, by: request)
            guard let scale = KubeObject(json) else { throw .badRequest("not a Scale") }
            return try setScale(scale, object, request)
        case ("finalize", .put): return try finalize(object, request)
        case ("eviction", .post):
            let eviction = try decodeBody(request.http, expected: request.resource.gvk)
            if eviction["apiVersion"]?.string == "policy/v1", version < KubernetesVersion(minor: 22) {
                throw .badRequest("no kind \"Eviction\" is registered for version \"policy/v1\"")
            }
            remove(request.key(stored))
            return .json(
                ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201], status: 201)
        case ("token", .post):
            var token = try decodeObject(
                request, kind: GroupVersionKind(group: "authentication.k8s.io", version: "v1", kind: "TokenRequest"))
            token["status"] = [
                "token": .string("sim-\(random.nameSuffix(20))"),
                "expirationTimestamp": .string(VirtualTime.text(now + 3600)),
            ]
            return .json(token.json, status: 201)
        case ("log", .get):
            return HTTPResponse(status: 200, headers: ["Content-Type": "text/plain"], body: [])
        default: throw .methodNotAllowed
        }
    }

    private static let scaleKind = GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale")

    private func scale(of object: KubeObject, _ resource: ServedResource) -> KubeObject {
        let paths = resource.custom?.scale ?? .workload
        var scale = KubeObject(Self.scaleKind, namespace: object.namespace, name: object.name)
        for name in ["uid", "resourceVersion", "creationTimestamp"] {
            let path = FieldPath([.member("metadata"), .member(name)])
            scale[path] = object[path]
        }
        scale["spec"] = ["replicas": object[paths.specReplicas] ?? 0]
        scale["status"] = ["replicas": object[paths.statusReplicas] ?? 0]
        if let labels = paths.labelSelector.flatMap({ object[$0] })?["matchLabels"]?.object {
            scale["status.selector"] = .string(
                labels.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ","))
        }
        return scale
    }

    private mutating func setScale(
        _ scale: KubeObject, _ old: KubeObject, _ request: ResourceRequest
    ) throws(APIStatus) -> HTTPResponse {
        let paths = request.resource.custom?.scale ?? .workload
        let replicas = scale["spec.replicas"]?.integer ?? 0
        if replicas < 0 {
            throw .invalid(
                group: "autoscaling", kind: "Scale", name: old.name,
                [.invalid("spec.replicas", .integer(replicas), "must be greater than or equal to 0")])
        }
        var new = old
        new[paths.specReplicas] = .integer(replicas)
        if let given = scale.resourceVersion, !given.isEmpty { new["metadata.resourceVersion"] = .string(given) }
        let result = try update(old, to: new, request, scope: .main)
        return .json(self.scale(of: result, request.resource).json)
    }

    private mutating func finalize(
        _ old: KubeObject, _ request: ResourceRequest
    ) throws(APIStatus) -> HTTPResponse {
        let given = try decodeObject(request)
        var new = old
        new["spec.finalizers"] = given["spec.finalizers"]
        if given["spec.finalizers"]?.array?.isEmpty ?? true { new["spec.finalizers"] = nil }
        return try objectAnswer(try update(old, to: new, request, scope: .main), request)
    }
}

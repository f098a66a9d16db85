import HTTP
import Manifests

extension SimWorld {
    /// Answers `/openapi/v2` and `/openapi/v3…`: which operations there are and which options they take.
    ///
    /// Schemas are not served yet, so that clients leave validation to the server.
    func openAPI(_ path: [String], _ request: HTTPRequest) throws(APIStatus) -> HTTPResponse {
        if path[1] == "v2", path.count == 2 {
            let accept = request.headers["Accept"] ?? "*/*"
            guard accept.contains("json") || accept.contains("*/*") else { throw .notAcceptable }
            return .json(["swagger": "2.0", "info": info, "paths": [:]])
        }
        guard path[1] == "v3", version >= KubernetesVersion(minor: 24) else { throw .pageNotFound }
        if path.count == 2 {
            var documents: JSONObject = [:]
            for resource in servedResources {
                let place = Self.root(of: resource.gvk)
                documents[place] = ["serverRelativeURL": .string("/openapi/v3/\(place)?hash=\(version)")]
            }
            return .json(["paths": .object(documents)])
        }
        let place = path[2...].joined(separator: "/")
        let resources = servedResources.filter { Self.root(of: $0.gvk) == place }
        guard !resources.isEmpty else { throw .pageNotFound }
        var paths: JSONObject = [:]
        for resource in resources {
            let namespace = resource.namespaced ? "/namespaces/{namespace}" : ""
            let collection = "/\(place)\(namespace)/\(resource.plural)"
            paths[collection] = ["post": Self.operation("post", resource)]
            paths["\(collection)/{name}"] = [
                "put": Self.operation("put", resource), "patch": Self.operation("patch", resource),
                "delete": Self.operation("delete", resource),
            ]
        }
        return .json([
            "openapi": "3.0.0", "info": info, "paths": .object(paths), "components": ["schemas": [:]],
        ])
    }

    private var info: JSONValue { ["title": "Kubernetes", "version": .string("v\(version).0")] }

    private static func root(of gvk: GroupVersionKind) -> String {
        gvk.group.isEmpty ? "api/\(gvk.version)" : "apis/\(gvk.apiVersion)"
    }

    private static func operation(_ verb: String, _ resource: ServedResource) -> JSONValue {
        let options = verb == "delete" ? ["dryRun"] : ["dryRun", "fieldManager", "fieldValidation"]
        return [
            "x-kubernetes-action": .string(verb),
            "x-kubernetes-group-version-kind": [
                "group": .string(resource.gvk.group), "version": .string(resource.gvk.version),
                "kind": .string(resource.kind),
            ],
            "parameters": .array(
                options.map { ["name": .string($0), "in": "query", "schema": ["type": "string"]] }),
            "responses": ["200": ["description": "OK"]],
        ]
    }
}

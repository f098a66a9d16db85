import HTTP
import Manifests

extension SimWorld {
    /// The object in a request's body, checked against what the path names.
    func decodeObject(_ request: ResourceRequest, kind: GroupVersionKind? = nil) throws(APIStatus) -> KubeObject {
        let expected = kind ?? request.resource.gvk
        var json = try decodeBody(request.http, expected: expected)
        if json.isNull { json = [:] }
        guard json.object != nil else {
            throw .badRequest(
                "the object provided is unrecognized (must be of type \(expected.kind)): couldn't get version/kind; "
                    + "json parse error: json: cannot unmarshal into Go value of type struct")
        }
        if (json["kind"]?.string ?? "").isEmpty { json["kind"] = .string(expected.kind) }
        if (json["apiVersion"]?.string ?? "").isEmpty { json["apiVersion"] = .string(expected.apiVersion) }
        guard let object = KubeObject(json) else { throw .badRequest("the object provided is unrecognized") }
        try Self.checkKind(object.gvk, expected)
        if let metadata = object["metadata"], metadata.object == nil, !metadata.isNull {
            throw .badRequest("metadata is not an object")
        }
        // The Secrets of a rehearsal hold digests in the place of their data; those pass.
        if object.gvk == Self.core("Secret"),
            let bad = object["data"]?.object?.first(where: { entry in
                let text = entry.value.string ?? ""
                return Base64.decode(text) == nil && Digest(text) == nil
            })
        {
            throw .badRequest(
                "Secret in version \"v1\" cannot be handled as a Secret: data.\(bad.key): illegal base64 data")
        }
        return object
    }

    /// The body as a JSON value, by its media type.
    func decodeBody(_ http: HTTPRequest, expected: GroupVersionKind) throws(APIStatus) -> JSONValue {
        let body = http.body ?? []
        if body.count > 3_145_728 {
            throw APIStatus(
                code: 413, reason: "RequestEntityTooLarge",
                message: "Request entity too large: limit is 3145728")
        }
        switch http.mediaType {
        case "", MediaType.json: break
        case MediaType.yaml, "text/yaml", "application/x-yaml":
            return try Self.parseYAML(
                body, refusal: "the object provided is unrecognized (must be of type \(expected.kind)): ")
        default:
            throw .unsupportedMediaType(
                "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json, application/yaml")
        }
        do {
            return try JSONValue(parsing: body)
        } catch {
            throw .badRequest(
                "the object provided is unrecognized (must be of type \(expected.kind)): couldn't get version/kind; "
                    + "json parse error: \(error)")
        }
    }

    /// Reads a YAML body; JSON is the common case and tried first.
    static func parseYAML(_ body: [UInt8], refusal: String) throws(APIStatus) -> JSONValue {
        if let json = try? JSONValue(parsing: body) { return json }
        do {
            let documents = try YAML.documents(body, file: "body")
            guard let first = documents.first else { return .null }
            return first.value
        } catch {
            throw .badRequest(refusal + "yaml: \(error.message)")
        }
    }

    private static func checkKind(_ found: GroupVersionKind, _ expected: GroupVersionKind) throws(APIStatus) {
        if found == expected { return }
        if found.kind == expected.kind, found.apiVersion != expected.apiVersion {
            throw .badRequest(
                "the API version in the data (\(found.apiVersion)) does not match the expected API version "
                    + "(\(expected.apiVersion))")
        }
        throw .badRequest(
            "\(found.kind) in version \"\(expected.version)\" cannot be handled as a \(expected.kind): no kind "
                + "\"\(found.kind)\" is registered for this resource")
    }
}

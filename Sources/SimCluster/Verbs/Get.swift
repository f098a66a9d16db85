import HTTP
import Manifests

extension SimWorld {
    /// Answers a GET of one object.
    func get(_ request: ResourceRequest) throws(APIStatus) -> HTTPResponse {
        try checkReadable(request.options.resourceVersion, status: 500, prefix: "")
        guard let object = read(request.key(stored), as: request.resource) else {
            throw .notFound(request.resource, request.path.name ?? "")
        }
        return try objectAnswer(object, request)
    }

    /// An object as the client wants to see it: itself, its metadata or a table of one row.
    func objectAnswer(
        _ object: KubeObject, _ request: ResourceRequest, status: Int = 200
    ) throws(APIStatus) -> HTTPResponse {
        switch try Representation(accept: request.http.headers["Accept"], list: false) {
        case .object: return .json(object.json, status: status)
        case .yaml: return .yaml(object.json, status: status)
        case .metadata(let version):
            return .json(object.partialMetadata(metaVersion: version), status: status)
        case .table(let version):
            let table = try table(
                of: [object], request.resource, metadata: ["resourceVersion": .string(object.resourceVersion ?? "")],
                includeObject: request.options.includeObject, metaVersion: version)
            return .json(table, status: status)
        }
    }

    /// Refuses a resourceVersion that is no number, or one that lies in the future.
    func checkReadable(_ resourceVersion: String?, status: Int, prefix: String) throws(APIStatus) {
        guard let text = resourceVersion else { return }
        guard let wanted = Int(text), wanted >= 0 else {
            throw APIStatus(
                code: status, reason: status == 400 ? "BadRequest" : "",
                message: "\(prefix)resourceVersion: Invalid value: \"\(text)\": "
                    + "strconv.ParseUint: parsing \"\(text)\": invalid syntax")
        }
        if wanted > store.revision {
            throw APIStatus(
                code: 504, reason: "Timeout",
                message: "Timeout: Too large resource version: \(wanted), current: \(store.revision)",
                details: ["retryAfterSeconds": 1],
                causes: [
                    APIStatus.Cause(
                        reason: "ResourceVersionTooLarge", message: "Too large resource version", field: "")
                ])
        }
    }
}

/// In which form the client wants objects.
enum Representation: Sendable, Equatable {
    case object
    case yaml
    /// Metadata only, of this version of `meta.k8s.io`.
    case metadata(String)
    /// A table, of this version of `meta.k8s.io`.
    case table(String)

    /// The first media type in `Accept` that can be served.
    init(accept: String?, list: Bool) throws(APIStatus) {
        guard let accept, !accept.isEmpty else {
            self = .object
            return
        }
        var refusal = APIStatus.notAcceptable
        for alternative in accept.split(separator: ",") {
            let parts = alternative.split(separator: ";").map { Self.trimmed($0) }
            var parameters: [String: String] = [:]
            for part in parts.dropFirst() {
                let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
                if pair.count == 2 { parameters[pair[0]] = pair[1] }
            }
            switch parts.first {
            case "*/*", "application/*", MediaType.json: break
            case MediaType.yaml where parameters["as"] == nil:
                self = .yaml
                return
            default: continue
            }
            let version = parameters["v"] ?? "v1"
            switch parameters["as"] {
            case nil:
                self = .object
                return
            case "Table" where version == "v1" || version == "v1beta1":
                self = .table(version)
                return
            case "PartialObjectMetadata" where !list, "PartialObjectMetadataList" where list:
                self = .metadata(version)
                return
            case "PartialObjectMetadata", "PartialObjectMetadataList":
                refusal.message =
                    list
                    ? "you requested PartialObjectMetadata, but the requested object is a list"
                    : "you requested PartialObjectMetadataList, but the requested object is not a list"
            default: break
            }
        }
        throw refusal
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

extension KubeObject {
    /// The object as `PartialObjectMetadata`.
    func partialMetadata(metaVersion: String) -> JSONValue {
        [
            "kind": "PartialObjectMetadata", "apiVersion": .string("meta.k8s.io/\(metaVersion)"),
            "metadata": self["metadata"] ?? [:],
        ]
    }
}

extension HTTPResponse {
    /// A JSON answer.
    static func json(_ value: JSONValue, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: value.canonicalBytes)
    }

    /// A YAML answer.
    ///
    /// JSON is YAML; its readers do not mind.
    static func yaml(_ value: JSONValue, status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "application/yaml"], body: Array(value.indentedText.utf8))
    }
}

import HTTP
import Manifests

extension SimWorld {
    /// Answers paths outside the API groups: version, health, root.
    func nonResource(_ path: [String], _ request: HTTPRequest) throws(APIStatus) -> HTTPResponse {
        switch path.first {
        case "version" where path.count == 1:
            guard request.method == .get else { throw .methodNotAllowed }
            return .json(versionDocument)
        case "healthz", "livez", "readyz":
            return HTTPResponse(
                status: 200, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array("ok".utf8))
        case "metrics" where path.count == 1:
            guard request.method == .get else { throw .methodNotAllowed }
            return HTTPResponse(
                status: 200, headers: ["Content-Type": "text/plain; version=0.0.4; charset=utf-8"],
                body: Array(RequestedDeprecatedAPI.text(requestedDeprecatedAPIs).utf8))
        case nil:
            let paths = ["/api", "/api/v1", "/apis"] + servedResources.map { "/apis/\($0.gvk.apiVersion)" }
            return .json(["paths": .array(Set(paths).sorted().map(JSONValue.string))])
        case "openapi" where path.count > 1 && request.method == .get: return try openAPI(path, request)
        default: throw .pageNotFound
        }
    }

    private var versionDocument: JSONValue {
        [
            "major": .string(String(version.major)), "minor": .string(String(version.minor)),
            "gitVersion": .string("v\(version).0"), "gitCommit": "0000000000000000000000000000000000000000",
            "gitTreeState": "clean", "buildDate": "1970-01-01T00:00:00Z", "goVersion": "none",
            "compiler": "none", "platform": "linux/amd64",
        ]
    }
}

import HTTP
import Manifests

/// The query of a request, read and checked.
struct RequestOptions: Sendable {
    var dryRun = false
    var fieldManager: String?
    var force: Bool?
    var limit = 0
    var continuation: String?
    var labelSelector = LabelSelector()
    var fieldSelector = FieldSelector()
    var resourceVersion: String?
    var resourceVersionMatch: String?
    var watch = false
    var allowWatchBookmarks = false
    var sendInitialEvents: Bool?
    var timeoutSeconds: Int?
    var includeObject = "Metadata"
    var deletion = DeletionOptions()

    init() {}

    /// Reads the query.
    ///
    /// `kind` names the options type in messages: `CreateOptions`.
    init(_ request: HTTPRequest, kind: String, at version: KubernetesVersion) throws(APIStatus) {
        for (name, value) in request.query {
            switch name {
            case "dryRun":
                guard value == "All" else {
                    throw .invalidOptions(kind, .unsupported("dryRun", [.string(value)], ["All"]))
                }
                dryRun = true
            case "fieldManager":
                try Self.checkManager(value, kind)
                fieldManager = value
            case "force": force = value == "true" || value == "1"
            // Older minors do not know the parameter.
            case "fieldValidation" where version >= KubernetesVersion(minor: 23):
                guard ["", "Ignore", "Warn", "Strict"].contains(value) else {
                    throw .invalidOptions(
                        kind,
                        .unsupported("fieldValidation", .string(value), ["", "Ignore", "Strict", "Warn"]))
                }
            case "limit": limit = max(0, try Self.number(value))
            case "timeoutSeconds": timeoutSeconds = try Self.number(value)
            case "continue": continuation = value.isEmpty ? nil : value
            case "labelSelector": labelSelector = try LabelSelector(parsing: value)
            case "fieldSelector": fieldSelector = try FieldSelector(parsing: value)
            case "resourceVersion": resourceVersion = value.isEmpty ? nil : value
            case "resourceVersionMatch": resourceVersionMatch = value.isEmpty ? nil : value
            case "watch": watch = value == "true" || value == "1"
            case "allowWatchBookmarks": allowWatchBookmarks = value == "true" || value == "1"
            case "sendInitialEvents": sendInitialEvents = value == "true" || value == "1"
            case "includeObject": includeObject = value
            case "gracePeriodSeconds": deletion.gracePeriodSeconds = try Self.number(value)
            case "propagationPolicy": deletion.propagation = value
            case "orphanDependents": deletion.propagation = value == "true" ? "Orphan" : "Background"
            default: break
            }
        }
        if let force, force, kind == "PatchOptions", request.mediaType != MediaType.apply {
            throw .invalidOptions(kind, .forbidden("force", "may not be specified for non-apply patch"))
        }
    }

    private static func number(_ text: String) throws(APIStatus) -> Int {
        guard let number = Int(text) else {
            throw .badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax")
        }
        return number
    }

    private static func checkManager(_ name: String, _ kind: String) throws(APIStatus) {
        if name.utf8.count > 128 {
            throw .invalidOptions(
                kind,
                APIStatus.Cause(
                    reason: "FieldValueTooLong", message: "Too long: may not be more than 128 bytes",
                    field: "fieldManager"))
        }
        if name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            throw .invalidOptions(kind, .invalid("fieldManager", .string(name), "invalid character"))
        }
    }
}

/// What a DELETE asks for, from its query and its body.
struct DeletionOptions: Sendable {
    var propagation: String?
    var gracePeriodSeconds: Int?
    var uid: String?
    var resourceVersion: String?
}

extension APIStatus {
    /// The query's options break a rule.
    static func invalidOptions(_ kind: String, _ cause: Cause...) -> APIStatus {
        .invalid(group: "meta.k8s.io", kind: kind, name: "", cause)
    }
}

/// Media types of request bodies.
enum MediaType {
    static let json = "application/json"
    static let yaml = "application/yaml"
    static let jsonPatch = "application/json-patch+json"
    static let mergePatch = "application/merge-patch+json"
    static let strategicMergePatch = "application/strategic-merge-patch+json"
    static let apply = "application/apply-patch+yaml"
}

extension HTTPRequest {
    /// The body's media type without parameters; empty when not said.
    var mediaType: String {
        let type = headers["Content-Type"] ?? ""
        return String(type.prefix { $0 != ";" }).lowercased()
    }
}

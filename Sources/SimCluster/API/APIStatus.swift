import HTTP
import Manifests

/// A refusal, as an API server words it: HTTP code, machine-readable reason, message and details.
struct APIStatus: Error, Sendable {
    /// One of the faults found in an object or an options query.
    struct Cause: Sendable, Equatable {
        var reason: String
        var message: String
        var field: String
    }

    var code: Int
    /// Empty where real servers give none (500 with a bare message).
    var reason: String
    var message: String
    /// `details` without the causes: name, group, kind, uid.
    var details: JSONObject?
    var causes: [Cause] = []
    /// A plain text answer instead of a Status object, as for groups that do not exist.
    var plainText = false
    /// Further header fields, as `Retry-After`.
    var headers: [(name: String, value: String)] = []

    /// The Status object.
    var json: JSONValue {
        var status: JSONObject = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
            "message": .string(message), "code": .integer(Int64(code)),
        ]
        if !reason.isEmpty { status["reason"] = .string(reason) }
        var details = details
        if !causes.isEmpty {
            details = details ?? [:]
            details?["causes"] = .array(
                causes.map {
                    var cause: JSONObject = ["reason": .string($0.reason), "message": .string($0.message)]
                    if !$0.field.isEmpty { cause["field"] = .string($0.field) }
                    return .object(cause)
                })
        }
        if let details { status["details"] = .object(details) }
        return .object(status)
    }

    /// The whole answer.
    var response: HTTPResponse {
        var response: HTTPResponse
        if plainText {
            response = HTTPResponse(
                status: code, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array(message.utf8))
        } else {
            response = HTTPResponse(
                status: code, headers: ["Content-Type": "application/json"], body: json.canonicalBytes)
        }
        for header in headers { response.headers.append(header.name, header.value) }
        return response
    }
}

extension APIStatus {
    /// The whole API group is unknown.
    static var pageNotFound: APIStatus {
        APIStatus(code: 404, reason: "NotFound", message: "404 page not found\n", plainText: true)
    }

    /// The group is known; the version, resource or subresource is not.
    static var noSuchResource: APIStatus {
        APIStatus(
            code: 404, reason: "NotFound", message: "the server could not find the requested resource", details: [:])
    }

    /// The path exists, the verb does not.
    static var methodNotAllowed: APIStatus {
        APIStatus(
            code: 405, reason: "MethodNotAllowed",
            message: "the server does not allow this method on the requested resource", details: [:])
    }

    /// There is no object of that name.
    static func notFound(_ resource: ServedResource, _ name: String) -> APIStatus {
        APIStatus(
            code: 404, reason: "NotFound", message: "\(resource.qualifiedPlural) \"\(name)\" not found",
            details: resource.details(name: name))
    }

    /// An object of that name is there already.
    static func alreadyExists(_ resource: ServedResource, _ name: String, terminating: Bool = false) -> APIStatus {
        APIStatus(
            code: 409, reason: "AlreadyExists",
            message: (terminating ? "object is being deleted: " : "")
                + "\(resource.qualifiedPlural) \"\(name)\" already exists",
            details: resource.details(name: name))
    }

    /// A precondition of a write does not hold.
    static func conflict(_ resource: ServedResource, _ name: String, _ why: String) -> APIStatus {
        APIStatus(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(resource.qualifiedPlural) \"\(name)\": \(why)",
            details: resource.details(name: name))
    }

    /// An optimistic lock was lost.
    static func modified(_ resource: ServedResource, _ name: String) -> APIStatus {
        conflict(
            resource, name,
            "the object has been modified; please apply your changes to the latest version and try again")
    }

    /// The request cannot be understood.
    static func badRequest(_ message: String) -> APIStatus {
        APIStatus(code: 400, reason: "BadRequest", message: message)
    }

    /// The request is understood and not permitted.
    static func forbidden(_ resource: ServedResource, _ name: String, _ why: String, causes: [Cause] = []) -> APIStatus
    {
        APIStatus(
            code: 403, reason: "Forbidden", message: "\(resource.qualifiedPlural) \"\(name)\" is forbidden: \(why)",
            details: resource.details(name: name), causes: causes)
    }

    /// What the client asked for is too long ago.
    static func expired(_ message: String) -> APIStatus {
        APIStatus(code: 410, reason: "Expired", message: message)
    }

    /// The body's media type is not one that this verb takes.
    static func unsupportedMediaType(_ message: String) -> APIStatus {
        APIStatus(code: 415, reason: "UnsupportedMediaType", message: message)
    }

    /// None of the media types that the client accepts can be served.
    static var notAcceptable: APIStatus {
        APIStatus(
            code: 406, reason: "NotAcceptable",
            message: "only the following media types are accepted: application/json, application/yaml")
    }

    /// The server failed on it.
    static func failure(_ message: String) -> APIStatus {
        APIStatus(code: 500, reason: "", message: message)
    }

    /// The object or the options of a request break rules.
    static func invalid(group: String, kind: String, name: String, _ causes: [Cause]) -> APIStatus {
        var details: JSONObject = ["name": .string(name), "kind": .string(kind)]
        if !group.isEmpty { details["group"] = .string(group) }
        if name.isEmpty { details["name"] = nil }
        let what = group.isEmpty ? kind : "\(kind).\(group)"
        let faults = causes.map { "\($0.field): \($0.message)" }
        let list = faults.count == 1 ? faults[0] : "[\(faults.joined(separator: ", "))]"
        return APIStatus(
            code: 422, reason: "Invalid", message: "\(what) \"\(name)\" is invalid: \(list)", details: details,
            causes: causes)
    }
}

extension APIStatus.Cause {
    /// A value that breaks a rule.
    static func invalid(_ field: String, _ value: JSONValue, _ why: String) -> Self {
        Self(reason: "FieldValueInvalid", message: "Invalid value: \(value.canonicalText): \(why)", field: field)
    }

    /// A missing value.
    static func required(_ field: String, _ why: String = "") -> Self {
        Self(
            reason: "FieldValueRequired", message: why.isEmpty ? "Required value" : "Required value: \(why)",
            field: field)
    }

    /// A change or a value that is not permitted here.
    static func forbidden(_ field: String, _ why: String) -> Self {
        Self(reason: "FieldValueForbidden", message: "Forbidden: \(why)", field: field)
    }

    /// A value that is none of those possible.
    static func unsupported(_ field: String, _ value: JSONValue, _ supported: [String]) -> Self {
        Self(
            reason: "FieldValueNotSupported",
            message: "Unsupported value: \(value.canonicalText): supported values: "
                + supported.map { "\"\($0)\"" }.joined(separator: ", "), field: field)
    }
}

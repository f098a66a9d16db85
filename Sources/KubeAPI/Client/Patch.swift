public import Manifests

/// A partial change of one object.
public enum Patch: Sendable, Hashable {
    /// RFC 6902: operations in order, all or none.
    case json([JSONPatchOperation])
    /// RFC 7386: members replace members, `null` removes, lists are replaced whole.
    case merge(JSONValue)
    /// Kubernetes' own: lists of objects are merged by key. Built-in kinds only.
    case strategic(JSONValue)
    /// Server-side apply: the fields we want and own.
    case apply(KubeObject)

    var contentType: String {
        switch self {
        case .json: "application/json-patch+json"
        case .merge: "application/merge-patch+json"
        case .strategic: "application/strategic-merge-patch+json"
        // JSON is YAML; the media type exists in this form only.
        case .apply: "application/apply-patch+yaml"
        }
    }

    var body: JSONValue {
        switch self {
        case .json(let operations): return .array(operations.map(\.json))
        case .merge(let value), .strategic(let value): return value
        case .apply(let object):
            // An applied object that still carries managedFields is refused with 400.
            var json = object.json
            json["metadata.managedFields" as FieldPath] = nil
            return json
        }
    }
}

/// One operation of a JSON patch.
public struct JSONPatchOperation: Sendable, Hashable {
    /// The operation as it is sent.
    public let json: JSONValue

    /// Sets a member, or inserts before a list element.
    ///
    /// The parent must exist.
    public static func add(_ path: FieldPath, _ value: JSONValue) -> JSONPatchOperation {
        JSONPatchOperation(json: ["op": "add", "path": .string(path.jsonPointer), "value": value])
    }

    /// Replaces what must be there.
    public static func replace(_ path: FieldPath, _ value: JSONValue) -> JSONPatchOperation {
        JSONPatchOperation(json: ["op": "replace", "path": .string(path.jsonPointer), "value": value])
    }

    /// Removes what must be there.
    public static func remove(_ path: FieldPath) -> JSONPatchOperation {
        JSONPatchOperation(json: ["op": "remove", "path": .string(path.jsonPointer)])
    }

    /// Makes the whole patch fail (422) unless the value is there.
    public static func test(_ path: FieldPath, _ value: JSONValue) -> JSONPatchOperation {
        JSONPatchOperation(json: ["op": "test", "path": .string(path.jsonPointer), "value": value])
    }
}

extension FieldPath {
    /// The path as RFC 6901 writes it: `/metadata/annotations/kubernetes.io~1ingress.class`.
    public var jsonPointer: String {
        elements.map { element in
            switch element {
            case .index(let index): return "/\(index)"
            case .member(let name):
                var escaped = "/"
                for character in name.unicodeScalars {
                    switch character {
                    case "~": escaped += "~0"
                    case "/": escaped += "~1"
                    default: escaped.unicodeScalars.append(character)
                    }
                }
                return escaped
            }
        }.joined()
    }
}

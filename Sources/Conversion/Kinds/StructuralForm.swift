import Manifests

/// A schema of v1beta1 as v1 wants it, as far as that needs no guessing.
///
/// Source: Kubernetes' documentation of structural schemas. Three things have one meaning only and are written out: the
/// root is an object; what allows an integer or a string and nothing else is `x-kubernetes-int-or-string`; and where
/// unknown fields were kept, every object keeps them, since a nested `properties` would prune again.
struct StructuralForm {
    struct Fault {
        /// Inside the schema; empty for its root.
        var path: String
        var message: String
    }

    /// A schema that checks nothing and keeps everything.
    static let anything: JSONValue = ["type": "object", "x-kubernetes-preserve-unknown-fields": true]

    private(set) var schema: JSONValue
    private(set) var faults: [Fault] = []
    var notes: [String] = []
    private let keepsUnknownFields: Bool
    private static let preserve = "x-kubernetes-preserve-unknown-fields"

    init(_ schema: JSONValue, keepsUnknownFields: Bool) {
        self.schema = schema
        self.keepsUnknownFields = keepsUnknownFields
        guard case .object(var root) = schema else {
            faults = [Fault(path: "", message: "is no schema")]
            return
        }
        if root["type"]?.present == nil, root["x-kubernetes-int-or-string"] == nil {
            root["type"] = "object"
            notes.append("type: object was written out, since every object is one")
        }
        if root["type"] != "object" { faults.append(Fault(path: "", message: "is not of type object")) }
        self.schema = node(.object(root), at: [], isRoot: true)
        if keepsUnknownFields {
            notes.append(
                "objects go on keeping fields that the schema does not name, as spec.preserveUnknownFields meant")
        }
    }

    private mutating func node(_ value: JSONValue, at path: [String], isRoot: Bool = false) -> JSONValue {
        guard var members = value.object else {
            fault(path, "is no schema")
            return value
        }
        for name in Self.forbidden where members[name]?.present != nil { fault(path, "uses `\(name)`") }
        if members["uniqueItems"] == true { fault(path, "uses `uniqueItems: true`") }
        let isIntOrString = members["x-kubernetes-int-or-string"] == true || Self.isIntOrString(members)
        if isIntOrString, members["x-kubernetes-int-or-string"] != true {
            members["x-kubernetes-int-or-string"] = true
            members["anyOf"] = nil
            notes.append(
                "\(path.joined(separator: ".")) became x-kubernetes-int-or-string, which is what its anyOf says")
        }
        let type = members["type"]?.string
        if type == nil, !isIntOrString, members[Self.preserve] != true { fault(path, "has no type") }
        let properties = members["properties"]?.object
        if properties != nil, members["additionalProperties"]?.present != nil {
            fault(path, "has additionalProperties beside properties")
        }
        if let properties {
            var written = JSONObject()
            for property in properties {
                let isMetadata = isRoot && property.key == "metadata"
                let within = path + ["properties", property.key]
                if isMetadata { checkMetadata(property.value, at: within) }
                written[property.key] =
                    isMetadata || isRoot && ["apiVersion", "kind"].contains(property.key)
                    ? property.value : node(property.value, at: within)
            }
            members["properties"] = .object(written)
        }
        if let additional = members["additionalProperties"]?.present, additional.object != nil {
            members["additionalProperties"] = node(additional, at: path + ["additionalProperties"])
        }
        if type == "array" {
            if let items = members["items"]?.present, items.object != nil {
                members["items"] = node(items, at: path + ["items"])
            } else {
                fault(path, "is a list that does not say of what")
            }
        }
        for name in ["allOf", "anyOf", "oneOf"] {
            for (index, branch) in (members[name]?.array ?? []).enumerated() {
                checkBranch(branch, at: path + ["\(name)[\(index)]"])
            }
        }
        if let not = members["not"]?.present { checkBranch(not, at: path + ["not"]) }
        if keepsUnknownFields, type == "object", members["additionalProperties"]?.present == nil {
            members[Self.preserve] = true
        }
        return .object(members)
    }

    private static let forbidden = [
        "$ref", "definitions", "dependencies", "deprecated", "discriminator", "id", "patternProperties", "readOnly",
        "writeOnly", "xml", "additionalItems",
    ]

    /// `anyOf` of an integer and a string, with nothing beside that could mean more.
    private static func isIntOrString(_ members: JSONObject) -> Bool {
        guard members["type"]?.present == nil, let branches = members["anyOf"]?.array, branches.count == 2 else {
            return false
        }
        return Set(branches.map(\.canonicalText)) == [#"{"type":"integer"}"#, #"{"type":"string"}"#]
    }

    /// A branch may only restrict what the nodes around it describe.
    private mutating func checkBranch(_ value: JSONValue, at path: [String]) {
        guard let members = value.object else { return }
        for name in ["type", "description", "default", "nullable", "additionalProperties"]
        where members[name]?.present != nil {
            fault(path, "uses `\(name)` in a branch")
        }
        for property in members["properties"]?.object ?? [:] {
            checkBranch(property.value, at: path + ["properties", property.key])
        }
        if let items = members["items"]?.present { checkBranch(items, at: path + ["items"]) }
    }

    private mutating func checkMetadata(_ value: JSONValue, at path: [String]) {
        for property in value["properties"]?.object ?? [:] where !["name", "generateName"].contains(property.key) {
            fault(path, "restricts `\(property.key)`, and only name and generateName may be")
        }
    }

    private mutating func fault(_ path: [String], _ message: String) {
        faults.append(Fault(path: path.joined(separator: "."), message: message))
    }
}

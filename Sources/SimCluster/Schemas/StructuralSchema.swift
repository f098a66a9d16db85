import Manifests

/// The OpenAPI v3 schema of a custom resource: fills in defaults, drops unknown members, finds what is wrong.
///
/// Rules in CEL (`x-kubernetes-validations`) and text formats other than date-time are not looked at yet.
struct StructuralSchema: Sendable {
    var json: JSONValue

    /// The schema of a resource's version; nil when there is none.
    init?(_ resource: ServedResource) {
        guard let schema = resource.custom?.schema, schema.object != nil else { return nil }
        json = schema
    }

    /// The object with the defaults that the schema gives.
    func withDefaults(_ object: KubeObject) -> KubeObject {
        KubeObject(Self.defaulted(object.json, json)) ?? object
    }

    /// The object without members that the schema does not know.
    ///
    /// Metadata, apiVersion and kind always stay.
    func pruned(_ object: KubeObject) -> KubeObject {
        guard case .object(var members) = object.json, json["x-kubernetes-preserve-unknown-fields"]?.bool != true
        else { return object }
        for key in members.keys where !["apiVersion", "kind", "metadata"].contains(key) {
            guard let property = json["properties"]?[key], let value = members[key] else {
                members[key] = nil
                continue
            }
            members[key] = Self.pruned(value, property)
        }
        return KubeObject(.object(members)) ?? object
    }

    /// What is wrong with an object.
    func faults(_ object: KubeObject) -> [APIStatus.Cause] {
        var causes: [APIStatus.Cause] = []
        guard case .object(var members) = object.json else { return [] }
        for key in ["apiVersion", "kind", "metadata"] { members[key] = nil }
        var schema = json
        if let required = schema["required"]?.array {
            schema["required"] = .array(required.filter { !["apiVersion", "kind", "metadata"].contains($0.string) })
        }
        SchemaFaults.check(.object(members), schema, at: "", &causes)
        return causes
    }

    private static func defaulted(_ value: JSONValue, _ schema: JSONValue) -> JSONValue {
        switch value {
        case .object(var members):
            for property in schema["properties"]?.object ?? [:] {
                if members[property.key] == nil
                    || (members[property.key]?.isNull == true && property.value["nullable"]?.bool != true)
                {
                    if let fallback = property.value["default"] { members[property.key] = fallback }
                }
            }
            for member in members {
                if let property = schema["properties"]?[member.key] ?? schema["additionalProperties"] {
                    members[member.key] = defaulted(member.value, property)
                }
            }
            return .object(members)
        case .array(let items):
            guard let schema = schema["items"] else { return value }
            return .array(items.map { defaulted($0, schema) })
        default: return value
        }
    }

    private static func pruned(_ value: JSONValue, _ schema: JSONValue) -> JSONValue {
        switch value {
        case .object(var members):
            let keeps = schema["x-kubernetes-preserve-unknown-fields"]?.bool == true
            let embedded = schema["x-kubernetes-embedded-resource"]?.bool == true
            for (key, member) in members {
                if embedded, ["apiVersion", "kind", "metadata"].contains(key) { continue }
                if let property = schema["properties"]?[key] {
                    members[key] = pruned(member, property)
                } else if let additional = schema["additionalProperties"], additional.bool != false {
                    members[key] = additional.object == nil ? member : pruned(member, additional)
                } else if !keeps {
                    members[key] = nil
                }
            }
            return .object(members)
        case .array(let items):
            guard let schema = schema["items"] else { return value }
            return .array(items.map { pruned($0, schema) })
        default: return value
        }
    }
}

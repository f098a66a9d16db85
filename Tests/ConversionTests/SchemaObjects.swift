import Catalog
import Manifests

/// Makes random objects that fit a schema: every required field, and some of the others.
struct SchemaObjects {
    var random: SplitMix64
    /// How likely a field that may be absent is there, in percent; less the deeper it lies.
    var fullness = 70

    mutating func object(_ gvk: GroupVersionKind, _ type: SchemaType) -> KubeObject {
        var object = KubeObject(gvk, namespace: "shop", name: "x")
        for field in type.fields where !["apiVersion", "kind", "metadata", "status"].contains(field.name) {
            guard field.isRequired || chance(fullness) else { continue }
            object[FieldPath([.member(field.name)])] = value(field.shape, depth: 1)
        }
        return object
    }

    private mutating func value(_ shape: SchemaShape, depth: Int) -> JSONValue {
        switch shape {
        case .string:
            return pick(["a", "b", "*", "10", "None", "NoneOnDryRun", "ServiceAccount", "User", "Webhook", "v1"])
        case .bytes: return "aGVsbG8="
        case .dateTime: return "2026-01-01T00:00:00Z"
        case .boolean: return .bool(chance(50))
        case .integer: return .integer(Int64.random(in: 0...9, using: &random))
        case .number: return .double(0.5)
        case .quantity: return pick(["1", "500m", "2Gi", "0"])
        case .integerOrString: return pick([80, "http", "25%", "8080", 0])
        case .freeObject: return ["any": "thing"]
        case .any: return pick([true, "x", 3, ["a": 1]])
        case .list(let element): return .array((0..<length(depth)).map { _ in value(element, depth: depth + 1) })
        case .map(let element):
            return .object(
                JSONObject((0..<length(depth)).map { (key: "k\($0)", value: value(element, depth: depth + 1)) }))
        case .object(let type):
            var members: JSONObject = [:]
            for field in type.fields where field.isRequired || chance(fullness / (depth * depth)) && depth < 7 {
                members[field.name] = value(field.shape, depth: depth + 1)
            }
            return .object(members)
        }
    }

    private mutating func length(_ depth: Int) -> Int { depth > 6 ? 0 : Int.random(in: 0...2, using: &random) }
    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    private mutating func pick(_ values: [JSONValue]) -> JSONValue {
        values[Int.random(in: 0..<values.count, using: &random)]
    }
}

import Catalog
import FoundationEssentials
import Manifests
import Testing

/// The definitions that the schemas were made from, as `scripts/generate-schemas --fetch` leaves them.
private enum Definitions {
    static func file(_ minor: Int) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../.build/kubernetes-validate/definitions-1.\(minor).json")
    }

    static var present: Bool { FileManager.default.fileExists(atPath: file(37).path) }

    static func read(_ minor: Int) throws -> JSONObject {
        let document = try JSONValue(parsing: Array(Data(contentsOf: file(minor))))
        return try #require((document["definitions"] ?? document["$defs"])?.object)
    }
}

/// Reads the published definitions by other means than the generator: from each kind down, value by value.
private struct SourceComparison {
    let definitions: JSONObject
    let schemas: MinorSchemas
    var differences: [String] = []
    var compared: Set<String> = []

    mutating func compareAll() {
        for (name, definition) in definitions {
            // What every group shares is one kind here, and lists are none.
            let kinds = definition["x-kubernetes-group-version-kind"]?.array ?? []
            for kind in kinds {
                let gvk = GroupVersionKind(
                    group: kind["group"]?.string ?? "", version: kind["version"]?.string ?? "",
                    kind: kind["kind"]?.string ?? "")
                if name.hasSuffix("List"), definition["properties"]?["items"] != nil {
                    if schemas.type(of: gvk) != nil { differences.append("\(gvk) is a list") }
                } else if let type = schemas.type(of: gvk) {
                    compare(type, with: name)
                } else if kinds.count <= 3 || gvk.group.isEmpty {
                    differences.append("\(gvk) is missing")
                }
            }
        }
    }

    private mutating func compare(_ type: SchemaType, with name: String) {
        guard compared.insert(name).inserted else { return }
        let definition = definitions[name]
        let properties = definition?["properties"]?.object ?? [:]
        if type.fields.map(\.name) != properties.keys { differences.append("\(name): \(type.fields.map(\.name))") }
        let required = (definition?["required"]?.array ?? []).compactMap(\.string).sorted()
        if type.required != required { differences.append("\(name): required \(type.required)") }
        for (field, schema) in properties {
            guard let ours = type.field(field) else { continue }
            compare(ours.shape, with: schema, at: "\(name).\(field)")
            compare(ours, with: schema, at: "\(name).\(field)")
        }
    }

    private mutating func compare(_ field: SchemaField, with schema: JSONValue, at place: String) {
        var merging: SchemaMerging?
        switch schema["x-kubernetes-list-type"]?.string {
        case "map":
            merging = .keyed(by: (schema["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string))
        case "set": merging = .set
        case "atomic": merging = .atomic
        default:
            let mark = schema["x-kubernetes-map-type"] ?? resolved(schema)["x-kubernetes-map-type"]
            if mark == "atomic" { merging = .atomic }
        }
        if field.merging != merging { differences.append("\(place): merged \(String(describing: field.merging))") }
        if field.patching.mergeKey != schema["x-kubernetes-patch-merge-key"]?.string {
            differences.append("\(place): merge key \(field.patching.mergeKey ?? "none")")
        }
        let strategy = schema["x-kubernetes-patch-strategy"]?.string ?? ""
        if field.patching.merges != strategy.contains("merge")
            || field.patching.retainsKeys != strategy.contains("retainKeys")
        {
            differences.append("\(place): patched \(field.patching)")
        }
        if field.isDeprecated, schema["description"]?.string?.lowercased().contains("deprecated") != true {
            differences.append("\(place): not deprecated")
        }
    }

    private mutating func compare(_ shape: SchemaShape, with schema: JSONValue, at place: String) {
        let definition = resolved(schema)
        let word = definition["type"]?.string ?? definition["type"]?.array?.first { $0 != "null" }?.string
        let fits: Bool
        switch shape {
        case .list(let element):
            fits = word == "array"
            if let items = definition["items"] { compare(element, with: items, at: place + "[]") }
        case .map(let value):
            fits = word == "object"
            if let values = definition["additionalProperties"] { compare(value, with: values, at: place + "{}") }
        case .object(let type):
            fits = word == "object" && definition["additionalProperties"] == nil
            if let name = reference(schema) {
                compare(type, with: name)
            } else {
                differences.append("\(place): no definition")
            }
        case .freeObject: fits = word == "object" && definition["properties"] == nil
        case .any: fits = word == nil && definition["oneOf"] == nil && definition["properties"] == nil
        case .quantity, .integerOrString: fits = definition["oneOf"]?.array?.count == 2
        case .string: fits = word == "string" && definition["format"] == nil
        case .bytes: fits = word == "string" && definition["format"] == "byte"
        case .dateTime: fits = word == "string" && definition["format"] == "date-time"
        case .boolean: fits = word == "boolean"
        case .integer(let bits):
            fits = word == "integer" && definition["format"]?.string == bits.map { "int\($0)" }
        case .number: fits = word == "number"
        }
        if !fits { differences.append("\(place): \(shape) is \(definition.canonicalText.prefix(80))") }
    }

    private func reference(_ schema: JSONValue) -> String? {
        schema["$ref"]?.string?.split(separator: "/").last.map(String.init)
    }

    private func resolved(_ schema: JSONValue) -> JSONValue { reference(schema).flatMap { definitions[$0] } ?? schema }
}

@Suite("The schemas beside their source", .enabled(if: Definitions.present, "kubernetes-validate is not at hand"))
struct SchemaSourceTests {
    @Test("say what the published definitions say", arguments: [16, 19, 20, 21, 24, 25, 29, 33, 36, 37])
    func equalsTheSource(_ minor: Int) throws {
        let schemas = try #require(Catalog.builtInSchemas.at(KubernetesVersion(minor: minor)))
        var comparison = SourceComparison(definitions: try Definitions.read(minor), schemas: schemas)
        comparison.compareAll()
        #expect(comparison.differences == [])
        #expect(comparison.compared.count > 350)
    }
}

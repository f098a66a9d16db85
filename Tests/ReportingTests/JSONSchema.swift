import Manifests

/// Just enough of JSON Schema (draft 2020-12) for the schemas published here; a keyword it does not know is a
/// complaint, so that none is passed over.
struct JSONSchema {
    let root: JSONValue

    /// What is wrong with a value; empty when it fits.
    func complaints(about value: JSONValue) -> [String] { complaints(about: value, schema: root, at: "$") }

    private static let known: Set = [
        "$schema", "$id", "$defs", "$ref", "title", "description", "type", "properties", "required",
        "additionalProperties", "items", "enum", "const", "pattern", "minimum", "minItems", "minLength", "anyOf",
        "examples", "default",
    ]

    private func complaints(about value: JSONValue, schema: JSONValue, at path: String) -> [String] {
        if let allowed = schema.bool { return allowed ? [] : ["\(path): not allowed"] }
        guard let rules = schema.object else { return ["\(path): the schema is no object"] }
        var found = rules.keys.filter { !Self.known.contains($0) }.map { "\(path): keyword \($0) is not known" }
        if let reference = rules["$ref"]?.string {
            let name = String(reference.dropFirst("#/$defs/".count))
            guard let target = root["$defs"]?[name] else { return ["\(path): no \(reference)"] }
            found += complaints(about: value, schema: target, at: path)
        }
        if let type = rules["type"]?.string, !isType(type, value) { return found + ["\(path): is no \(type)"] }
        if let words = rules["enum"]?.array, !words.contains(value) {
            found.append("\(path): \(value) is not one of \(words)")
        }
        if let constant = rules["const"], constant != value { found.append("\(path): is not \(constant)") }
        if let least = rules["minimum"]?.integer, let number = value.integer, number < least {
            found.append("\(path): \(number) is below \(least)")
        }
        if let least = rules["minLength"]?.integer, let text = value.string, text.count < least {
            found.append("\(path): is too short")
        }
        if let pattern = rules["pattern"]?.string, let text = value.string {
            do {
                if try Regex(pattern).firstMatch(in: text) == nil {
                    found.append("\(path): '\(text)' is not \(pattern)")
                }
            } catch { found.append("\(path): the pattern \(pattern) cannot be read") }
        }
        if let choices = rules["anyOf"]?.array,
            !choices.contains(where: { complaints(about: value, schema: $0, at: path).isEmpty })
        {
            found.append("\(path): fits none of the choices")
        }
        if let elements = value.array {
            if let least = rules["minItems"]?.integer, elements.count < least { found.append("\(path): has too few") }
            if let items = rules["items"] {
                for (index, element) in elements.enumerated() {
                    found += complaints(about: element, schema: items, at: "\(path)[\(index)]")
                }
            }
        }
        if let members = value.object {
            for name in rules["required"]?.array?.compactMap(\.string) ?? [] where members[name] == nil {
                found.append("\(path): \(name) is missing")
            }
            for (name, member) in members {
                if let schema = rules["properties"]?[name] {
                    found += complaints(about: member, schema: schema, at: "\(path).\(name)")
                } else if let rest = rules["additionalProperties"] {
                    found += complaints(about: member, schema: rest, at: "\(path).\(name)")
                }
            }
        }
        return found
    }

    private func isType(_ type: String, _ value: JSONValue) -> Bool {
        switch type {
        case "object": value.object != nil
        case "array": value.array != nil
        case "string": value.string != nil
        case "integer": value.integer != nil
        case "boolean": value.bool != nil
        default: false
        }
    }
}

import Manifests

/// Checks values against OpenAPI v3 schemas.
enum SchemaFaults {
    /// Adds what is wrong with a value, and with what is in it.
    static func check(_ value: JSONValue, _ schema: JSONValue, at path: String, _ causes: inout [APIStatus.Cause]) {
        if value.isNull {
            if schema["nullable"]?.bool != true, schema["type"] != nil {
                causes.append(typeFault(path, value, schema["type"]?.string ?? ""))
            }
            return
        }
        guard hasType(value, schema) else {
            causes.append(typeFault(path, value, schema["type"]?.string ?? "integer or string"))
            return
        }
        if let allowed = schema["enum"]?.array, !allowed.contains(value) {
            causes.append(.unsupported(path, value, allowed.map { $0.string ?? $0.canonicalText }))
        }
        switch value {
        case .object(let members): checkObject(members, schema, at: path, &causes)
        case .array(let items): checkList(items, schema, at: path, &causes)
        case .string(let text): checkText(text, schema, at: path, &causes)
        case .integer(let number): checkNumber(Double(number), value, schema, at: path, &causes)
        case .double(let number): checkNumber(number, value, schema, at: path, &causes)
        default: break
        }
        for part in schema["allOf"]?.array ?? [] { check(value, part, at: path, &causes) }
        for (name, count) in [("anyOf", 1...Int.max), ("oneOf", 1...1)] {
            guard let parts = schema[name]?.array else { continue }
            let fitting = parts.filter { part in
                var inner: [APIStatus.Cause] = []
                check(value, part, at: path, &inner)
                return inner.isEmpty
            }
            if !count.contains(fitting.count) {
                causes.append(
                    .invalid(
                        path, value,
                        "must validate \(name == "oneOf" ? "one and only one schema (oneOf)" : "at least one schema (anyOf)")"
                    ))
            }
        }
    }

    private static func hasType(_ value: JSONValue, _ schema: JSONValue) -> Bool {
        if schema["x-kubernetes-int-or-string"]?.bool == true { return value.integer != nil || value.string != nil }
        return switch schema["type"]?.string {
        case "object": value.object != nil
        case "array": value.array != nil
        case "string": value.string != nil
        case "boolean": value.bool != nil
        case "integer": value.integer != nil
        case "number": if case .double = value { true } else { value.integer != nil }
        default: true
        }
    }

    private static func typeFault(_ path: String, _ value: JSONValue, _ type: String) -> APIStatus.Cause {
        let found =
            switch value {
            case .null: "null"
            case .bool: "boolean"
            case .integer: "integer"
            case .double: "number"
            case .string: "string"
            case .array: "array"
            case .object: "object"
            }
        return APIStatus.Cause(
            reason: "FieldValueTypeInvalid",
            message: "Invalid value: \"\(found)\": \(path) in body must be of type \(type): \"\(found)\"", field: path)
    }

    private static func checkObject(
        _ members: JSONObject, _ schema: JSONValue, at path: String, _ causes: inout [APIStatus.Cause]
    ) {
        for name in (schema["required"]?.array ?? []).compactMap(\.string) where members[name] == nil {
            causes.append(.required(child(path, name)))
        }
        for member in members {
            if let property = schema["properties"]?[member.key] {
                check(member.value, property, at: child(path, member.key), &causes)
            } else if let additional = schema["additionalProperties"], additional.object != nil {
                check(member.value, additional, at: child(path, member.key), &causes)
            }
        }
        if schema["x-kubernetes-embedded-resource"]?.bool == true {
            for name in ["apiVersion", "kind"] where (members[name]?.string ?? "").isEmpty {
                causes.append(.required(child(path, name), "must not be empty"))
            }
        }
        checkCount(members.count, "Properties", schema, at: path, &causes)
    }

    private static func checkList(
        _ items: [JSONValue], _ schema: JSONValue, at path: String, _ causes: inout [APIStatus.Cause]
    ) {
        checkCount(items.count, "Items", schema, at: path, &causes)
        if let itemSchema = schema["items"] {
            for (index, item) in items.enumerated() { check(item, itemSchema, at: "\(path)[\(index)]", &causes) }
        }
        let keys = (schema["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string)
        let kind = schema["x-kubernetes-list-type"]?.string
        guard kind == "set" || kind == "map" else { return }
        var seen: Set<JSONValue> = []
        for (index, item) in items.enumerated() {
            let identity = kind == "set" ? item : .object(ListSemantics.key(of: item, keys))
            if !seen.insert(identity).inserted {
                causes.append(
                    APIStatus.Cause(
                        reason: "FieldValueDuplicate", message: "Duplicate value: \(identity.canonicalText)",
                        field: "\(path)[\(index)]"))
            }
        }
    }

    private static func checkText(
        _ text: String, _ schema: JSONValue, at path: String, _ causes: inout [APIStatus.Cause]
    ) {
        checkCount(text.unicodeScalars.count, "Length", schema, at: path, &causes)
        if schema["format"]?.string == "date-time", VirtualTime.seconds(text) == nil {
            causes.append(.invalid(path, .string(text), "\(path) in body must be of type date-time: \"\(text)\""))
        }
        if let pattern = schema["pattern"]?.string, let expression = try? Regex(pattern),
            text.firstMatch(of: expression) == nil
        {
            causes.append(.invalid(path, .string(text), "\(path) in body should match '\(pattern)'"))
        }
    }

    private static func checkNumber(
        _ number: Double, _ value: JSONValue, _ schema: JSONValue, at path: String, _ causes: inout [APIStatus.Cause]
    ) {
        func bound(_ name: String) -> Double? {
            if case .double(let bound)? = schema[name] { return bound }
            return schema[name]?.integer.map(Double.init)
        }
        if let least = bound("minimum"), schema["exclusiveMinimum"]?.bool == true ? number <= least : number < least {
            causes.append(.invalid(path, value, "\(path) in body should be greater than or equal to \(least)"))
        }
        if let most = bound("maximum"), schema["exclusiveMaximum"]?.bool == true ? number >= most : number > most {
            causes.append(.invalid(path, value, "\(path) in body should be less than or equal to \(most)"))
        }
    }

    private static func checkCount(
        _ count: Int, _ what: String, _ schema: JSONValue, at path: String, _ causes: inout [APIStatus.Cause]
    ) {
        if let most = schema["max\(what)"]?.integer, count > most {
            let reason =
                what == "Items" ? "FieldValueTooMany" : what == "Length" ? "FieldValueTooLong" : "FieldValueInvalid"
            causes.append(
                APIStatus.Cause(
                    reason: reason, message: "Too many: \(count): must have at most \(most) \(what.lowercased())",
                    field: path))
        }
        if let least = schema["min\(what)"]?.integer, count < least {
            causes.append(
                APIStatus.Cause(
                    reason: "FieldValueInvalid",
                    message: "Invalid value: \(count): should have at least \(least) \(what.lowercased())", field: path)
            )
        }
    }

    private static func child(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}

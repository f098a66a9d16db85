import Manifests

/// RFC 6902, with the liberties that API servers take: `replace` of an absent member adds it.
enum JSONPatch {
    /// The document after all operations.
    static func apply(_ patch: JSONValue, to document: JSONValue) throws(APIStatus) -> JSONValue {
        guard let operations = patch.array else {
            throw .badRequest(
                "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp")
        }
        if operations.count > 10_000 {
            throw APIStatus(
                code: 413, reason: "RequestEntityTooLarge",
                message: "The allowed maximum operations in a JSON patch is 10000, got \(operations.count)")
        }
        var document = document
        for operation in operations {
            guard let pointer = operation["path"]?.string.flatMap(parse) else { throw refusal }
            switch operation["op"]?.string {
            case "add": try add(operation["value"] ?? .null, at: pointer[...], in: &document)
            case "replace":
                // The library behind API servers lets a missing member pass.
                if !pointer.isEmpty, value(at: pointer, in: document) != nil {
                    _ = try remove(pointer[...], from: &document)
                }
                try add(operation["value"] ?? .null, at: pointer[...], in: &document)
            case "remove": _ = try remove(pointer[...], from: &document)
            case "test":
                let found = value(at: pointer, in: document) ?? .null
                guard found == operation["value"] ?? .null else { throw refusal }
            case "copy":
                guard let from = operation["from"]?.string.flatMap(parse), let found = value(at: from, in: document)
                else { throw refusal }
                try add(found, at: pointer[...], in: &document)
            case "move":
                guard let from = operation["from"]?.string.flatMap(parse) else { throw refusal }
                let moved = try remove(from[...], from: &document)
                try add(moved, at: pointer[...], in: &document)
            default: throw refusal
            }
        }
        return document
    }

    private static var refusal: APIStatus {
        APIStatus(
            code: 422, reason: "Invalid", message: "the server rejected our request due to an error in our request",
            details: [:])
    }

    private static func parse(_ pointer: String) -> [String]? {
        if pointer.isEmpty { return [] }
        guard pointer.hasPrefix("/") else { return nil }
        return pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { part in
            var text = ""
            var escaped = false
            for character in part {
                if escaped {
                    text += character == "1" ? "/" : character == "0" ? "~" : "~\(character)"
                    escaped = false
                } else if character == "~" {
                    escaped = true
                } else {
                    text.append(character)
                }
            }
            return escaped ? text + "~" : text
        }
    }

    private static func value(at pointer: [String], in document: JSONValue) -> JSONValue? {
        var value: JSONValue? = document
        for part in pointer {
            switch value {
            case .object(let members)?: value = members[part]
            case .array(let items)?: value = Int(part).flatMap { items.indices.contains($0) ? items[$0] : nil }
            default: return nil
            }
        }
        return value
    }

    private static func add(
        _ new: JSONValue, at pointer: ArraySlice<String>, in document: inout JSONValue
    ) throws(APIStatus) {
        guard let first = pointer.first else {
            document = new
            return
        }
        let rest = pointer.dropFirst()
        switch document {
        case .object(var members):
            if rest.isEmpty {
                members[first] = new
            } else {
                guard var child = members[first] else { throw refusal }
                try add(new, at: rest, in: &child)
                members[first] = child
            }
            document = .object(members)
        case .array(var items):
            let index = first == "-" && rest.isEmpty ? items.count : Int(first) ?? -1
            guard index >= 0, index <= items.count, rest.isEmpty || index < items.count else { throw refusal }
            if rest.isEmpty { items.insert(new, at: index) } else { try add(new, at: rest, in: &items[index]) }
            document = .array(items)
        default: throw refusal
        }
    }

    private static func remove(
        _ pointer: ArraySlice<String>, from document: inout JSONValue
    ) throws(APIStatus) -> JSONValue {
        guard let first = pointer.first else { throw refusal }
        let rest = pointer.dropFirst()
        var removed: JSONValue
        switch document {
        case .object(var members):
            guard var child = members[first] else { throw refusal }
            if rest.isEmpty {
                removed = child
                members[first] = nil
            } else {
                removed = try remove(rest, from: &child)
                members[first] = child
            }
            document = .object(members)
        case .array(var items):
            guard let index = Int(first), items.indices.contains(index) else { throw refusal }
            if rest.isEmpty {
                removed = items.remove(at: index)
            } else {
                removed = try remove(rest, from: &items[index])
            }
            document = .array(items)
        default: throw refusal
        }
        return removed
    }
}

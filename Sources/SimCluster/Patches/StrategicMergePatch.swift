import Manifests

/// Kubernetes' merge patch that knows which lists have keys, with its directives `$patch`, `$retainKeys`,
/// `$setElementOrder/…` and `$deleteFromPrimitiveList/…`.
enum StrategicMergePatch {
    /// The document after the patch.
    ///
    /// `name` is the member under which it lies.
    static func apply(_ patch: JSONObject, to document: JSONObject) throws(APIStatus) -> JSONObject {
        var members = document
        switch patch["$patch"]?.string {
        case nil, "merge": break
        case "replace":
            var replacement = patch
            replacement["$patch"] = nil
            return replacement
        case "delete": return [:]
        case .some(let other): throw .failure("unknown patch type: \(other) in map")
        }
        if let retained = patch["$retainKeys"]?.array?.compactMap(\.string) {
            for key in members.keys where !retained.contains(key) { members[key] = nil }
        }
        for (name, value) in patch where !name.hasPrefix("$") {
            if value.isNull {
                members[name] = nil
                continue
            }
            let order = patch["$setElementOrder/\(name)"]?.array
            switch (value, members[name]) {
            case (.object(let change), let old):
                let merged = try apply(change, to: old?.object ?? [:])
                members[name] = change["$patch"]?.string == "delete" ? nil : .object(merged)
            case (.array(let change), let old):
                members[name] = .array(try list(name, change, old?.array ?? [], order: order))
            default: members[name] = value
            }
        }
        for (name, value) in patch {
            if name.hasPrefix("$deleteFromPrimitiveList/") {
                let field = String(name.dropFirst("$deleteFromPrimitiveList/".count))
                guard let old = members[field]?.array else { continue }
                let left = old.filter { !(value.array ?? []).contains($0) }
                members[field] = left.isEmpty ? nil : .array(left)
            } else if name.hasPrefix("$setElementOrder/") {
                let field = String(name.dropFirst("$setElementOrder/".count))
                guard patch[field] == nil, let old = members[field]?.array else { continue }
                members[field] = .array(ordered(field, old, value.array ?? []))
            }
        }
        return members
    }

    private static func list(
        _ name: String, _ patch: [JSONValue], _ old: [JSONValue], order: [JSONValue]?
    ) throws(APIStatus) -> [JSONValue] {
        if patch.contains(where: { $0["$patch"]?.string == "replace" }) {
            return patch.filter { $0["$patch"] == nil }
        }
        guard let key = mergeKey(name, old + patch) else {
            if primitiveMerges.contains(name) {
                return old + patch.filter { !old.contains($0) }
            }
            return patch
        }
        var items = old
        var added: [JSONValue] = []
        for item in patch {
            guard let change = item.object else { return patch }
            guard let identity = change[key] else {
                throw .failure("map: \(item.canonicalText) does not contain declared merge key: \(key)")
            }
            let index = items.firstIndex { $0[key] == identity }
            switch change["$patch"]?.string {
            case "delete": items.removeAll { $0[key] == identity }
            case nil, "merge":
                var change = change
                change["$patch"] = nil
                if let index {
                    items[index] = .object(try apply(change, to: items[index].object ?? [:]))
                } else {
                    added.append(.object(try apply(change, to: [:])))
                }
            case .some(let other): throw .failure("unknown patch type: \(other) in map: \(item.canonicalText)")
            }
        }
        // Without an order given, what the patch adds stands in front of what was there.
        items = order == nil ? added + items : items + added
        return order.map { ordered(name, items, $0) } ?? items
    }

    /// Items in the given order; those that it does not name keep their place behind the one they followed.
    private static func ordered(_ name: String, _ items: [JSONValue], _ order: [JSONValue]) -> [JSONValue] {
        let key = mergeKey(name, items)
        func identity(_ item: JSONValue) -> JSONValue? { key.map { item[$0] } ?? item }
        let wanted = order.map { identity($0) }
        var rank: [(rank: Int, item: JSONValue)] = []
        var last = -1
        for item in items {
            if let index = wanted.firstIndex(of: identity(item)) { last = index }
            rank.append((rank: wanted.firstIndex(of: identity(item)) ?? last, item: item))
        }
        return rank.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .map(\.element.item)
    }

    private static func mergeKey(_ name: String, _ items: [JSONValue]) -> String? {
        if name == "taints" { return "key" }
        guard case .keyed(let keys) = ListSemantics.list(name, items, .builtIn) else { return nil }
        return name == "claims" ? nil : keys.first
    }

    private static let primitiveMerges: Set<String> = ["finalizers", "podCIDRs"]
}

import Manifests

/// The difference between two states of an object.
struct FieldChanges: Sendable {
    var added = FieldSet()
    var modified = FieldSet()
    var removed = FieldSet()

    /// Compares two objects; what the server alone sets does not count.
    init(from old: KubeObject, to new: KubeObject, _ lists: ListSemantics) {
        compare(
            Self.owned(old.json), Self.owned(new.json), name: "", lists.root, atRoot: true, into: [],
            parentIsNew: false)
    }

    private mutating func compare(
        _ old: JSONValue?, _ new: JSONValue?, name: String, _ schema: ListSemantics.Schema, atRoot: Bool,
        into path: [String], parentIsNew: Bool
    ) {
        if old == new { return }
        guard let new, !new.isNull else {
            if let old, !old.isNull { record(FieldSet.all(of: old, name, schema, atRoot: atRoot), path, \.removed) }
            return
        }
        guard let old, !old.isNull else {
            var fields = FieldSet.all(of: new, name, schema, atRoot: atRoot)
            // Servers serialise these structures even when empty, so that they never count as newly set themselves.
            if case .builtIn = schema, Self.alwaysPresent.contains(name), !fields.children.isEmpty {
                fields.isMember = false
            }
            record(fields, path, \.added)
            return
        }
        switch (old, new) {
        case (.object(let old), .object(let new)) where !ListSemantics.isAtomicMap(name, new, schema) || atRoot:
            for key in Set(old.keys).union(new.keys) {
                compare(
                    old[key], new[key], name: key, ListSemantics.child(key, of: schema, atRoot: atRoot), atRoot: false,
                    into: path + ["f:\(key)"], parentIsNew: false)
            }
        case (.array(let old), .array(let new)):
            let kind = ListSemantics.list(name, old + new, schema)
            guard kind != .atomic else { return record(.leaf, path, \.modified) }
            let before = FieldSet.edges(old, kind)
            let after = FieldSet.edges(new, kind)
            let items = ListSemantics.items(of: schema)
            for edge in Set(before.map(\.edge)).union(after.map(\.edge)) {
                compare(
                    before.first { $0.edge == edge }?.item, after.first { $0.edge == edge }?.item, name: "", items,
                    atRoot: false, into: path + [edge], parentIsNew: false)
            }
        default: record(.leaf, path, \.modified)
        }
    }

    private mutating func record(
        _ fields: FieldSet, _ path: [String], _ target: WritableKeyPath<FieldChanges, FieldSet>
    ) {
        var wrapped = fields
        for edge in path.reversed() {
            var parent = FieldSet()
            parent.children[edge] = wrapped
            wrapped = parent
        }
        self[keyPath: target] = self[keyPath: target].union(wrapped)
    }

    /// The object without what no manager owns.
    static func owned(_ json: JSONValue) -> JSONValue {
        guard case .object(var members) = json else { return json }
        members["apiVersion"] = nil
        members["kind"] = nil
        if case .object(var metadata)? = members["metadata"] {
            for name in unownedMetadata { metadata[name] = nil }
            members["metadata"] = metadata.isEmpty ? nil : .object(metadata)
        }
        return .object(members)
    }

    private static let unownedMetadata = [
        "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "selfLink", "managedFields",
    ]

    private static let alwaysPresent: Set<String> = [
        "spec", "status", "metadata", "template", "containers", "strategy", "updateStrategy", "jobTemplate",
    ]
}

extension FieldSet {
    /// The places that an applied configuration sets: leaves, and the items of keyed lists.
    static func applied(_ object: KubeObject, _ lists: ListSemantics) -> FieldSet {
        var fields = set(FieldChanges.owned(object.json), "", lists.root, atRoot: true, withParents: false)
        fields.isMember = false
        return fields
    }

    /// Every place of a value that appears as a whole, its parents included.
    static func all(
        of value: JSONValue, _ name: String, _ schema: ListSemantics.Schema, atRoot: Bool
    ) -> FieldSet {
        var fields = set(value, name, schema, atRoot: atRoot, withParents: true)
        if atRoot { fields.isMember = false }
        return fields
    }

    /// The items of a list with the edges that lead to them.
    static func edges(_ items: [JSONValue], _ kind: ListSemantics.ListKind) -> [(edge: String, item: JSONValue)] {
        items.map { item in
            switch kind {
            case .keyed(let keys):
                (edge: "k:" + JSONValue.object(ListSemantics.key(of: item, keys)).canonicalText, item: item)
            case .set, .atomic: (edge: "v:" + item.canonicalText, item: item)
            }
        }
    }

    private static func set(
        _ value: JSONValue, _ name: String, _ schema: ListSemantics.Schema, atRoot: Bool, withParents: Bool
    ) -> FieldSet {
        var fields = FieldSet()
        switch value {
        case .object(let members)
        where !members.isEmpty
            && (atRoot || !ListSemantics.isAtomicMap(name, members, schema)):
            fields.isMember = withParents
            for member in members {
                fields[("f:" + member.key)] = set(
                    member.value, member.key, ListSemantics.child(member.key, of: schema, atRoot: atRoot),
                    atRoot: false, withParents: withParents)
            }
            // An object of nothing but nulls still is an object.
            if fields.children.isEmpty { fields.isMember = true }
            if withParents, case .builtIn = schema, ["template", "containers", "metadata", "spec"].contains(name) {
                fields.isMember = fields.children.isEmpty
            }
        case .array(let items) where !items.isEmpty:
            let kind = ListSemantics.list(name, items, schema)
            guard kind != .atomic else { return .leaf }
            fields.isMember = withParents && name != "containers"
            let itemSchema = ListSemantics.items(of: schema)
            for (edge, item) in edges(items, kind) {
                var child = set(item, "", itemSchema, atRoot: false, withParents: withParents)
                child.isMember = true
                fields[edge] = child
            }
        case .null: break
        default: return .leaf
        }
        return fields
    }
}

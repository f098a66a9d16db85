import Manifests

/// Merges a manager's configuration into an object, as server-side apply does.
struct ServerSideApply: Sendable {
    var lists: ListSemantics
    var manager: String
    var force: Bool
    var time: String

    /// The object after the apply, and who owns what then.
    func apply(
        _ configuration: KubeObject, to live: KubeObject, managers: ManagedFields
    ) throws(APIStatus) -> (object: KubeObject, managers: ManagedFields) {
        var managers = managers
        let wanted = FieldSet.applied(configuration, lists)
        var entry = ManagedFields.Entry(
            manager: manager, operation: "Apply", apiVersion: configuration.gvk.apiVersion, subresource: nil,
            time: time, fields: wanted)
        let previous = managers.entry(like: entry)
        if let previous, previous.fields == wanted { entry.time = previous.time }
        var json = merge(configuration.json, into: live.json, name: "", lists.root, atRoot: true)
        // What this manager set before and no longer says goes away, unless another manager owns it too.
        if let previous {
            let dropped = previous.fields.subtracting(wanted)
            let others = managers.others(than: entry).reduce(FieldSet()) { $0.union($1.fields) }
            json =
                remove(
                    dropped, from: json, keeping: others.union(wanted), name: "", lists.root, atRoot: true) ?? json
        }
        guard let object = KubeObject(json) else { throw .badRequest("invalid object type") }
        adoptLastApplied(of: live, &managers)
        let changes = FieldChanges(from: live, to: object, lists)
        let taken = changes.added.union(changes.modified)
        try refuseConflicts(taken, entry, managers, live)
        managers.release(force ? taken : FieldSet(), changes.removed, keeping: entry)
        managers.set(entry)
        return (object, managers)
    }

    /// kubectl's server-side apply takes over from its client-side apply: what the last-applied annotation names is
    /// no other manager's any more.
    private func adoptLastApplied(of live: KubeObject, _ managers: inout ManagedFields) {
        guard manager == "kubectl",
            let text = live[annotation: "kubectl.kubernetes.io/last-applied-configuration"],
            let json = try? JSONValue(parsing: text), let lastApplied = KubeObject(json)
        else { return }
        let fields = FieldSet.applied(lastApplied, lists)
        for entry in managers.entries where entry.manager == "kubectl-client-side-apply" {
            var entry = entry
            entry.fields = entry.fields.subtracting(fields)
            managers.set(entry)
        }
    }

    private func refuseConflicts(
        _ taken: FieldSet, _ entry: ManagedFields.Entry, _ managers: ManagedFields, _ live: KubeObject
    ) throws(APIStatus) {
        guard !force else { return }
        var causes: [APIStatus.Cause] = []
        for other in managers.others(than: entry) {
            var who = "conflict with \"\(other.manager)\""
            if let subresource = other.subresource { who += " with subresource \"\(subresource)\"" }
            if other.operation == "Update" { who += " using \(other.apiVersion)" }
            for path in other.fields.intersection(taken).paths {
                causes.append(APIStatus.Cause(reason: "FieldManagerConflict", message: who, field: path))
            }
        }
        guard !causes.isEmpty else { return }
        causes.sort { ($0.field, $0.message) < ($1.field, $1.message) }
        let list = causes.map { "\($0.message): \($0.field)" }
        throw APIStatus(
            code: 409, reason: "Conflict",
            message: "Apply failed with \(causes.count) conflict\(causes.count == 1 ? "" : "s"): "
                + list.joined(separator: ", "),
            causes: causes)
    }

    private func merge(
        _ configuration: JSONValue, into live: JSONValue?, name: String, _ schema: ListSemantics.Schema, atRoot: Bool
    ) -> JSONValue {
        switch (configuration, live) {
        case (.object(let wanted), .object(var members)?)
        where atRoot || !ListSemantics.isAtomicMap(name, wanted, schema):
            for member in wanted {
                if member.value.isNull {
                    members[member.key] = nil
                    continue
                }
                members[member.key] = merge(
                    member.value, into: members[member.key], name: member.key,
                    ListSemantics.child(member.key, of: schema, atRoot: atRoot), atRoot: false)
            }
            return .object(members)
        case (.array(let wanted), .array(let existing)?):
            let kind = ListSemantics.list(name, existing + wanted, schema)
            guard kind != .atomic else { return configuration }
            var items = FieldSet.edges(existing, kind)
            for (edge, item) in FieldSet.edges(wanted, kind) {
                if let index = items.firstIndex(where: { $0.edge == edge }) {
                    items[index].item = merge(
                        item, into: items[index].item, name: "", ListSemantics.items(of: schema), atRoot: false)
                } else {
                    items.append((edge: edge, item: item))
                }
            }
            return .array(items.map(\.item))
        default: return Self.withoutNulls(configuration)
        }
    }

    /// The value without the dropped places; nil when nothing of it is left.
    private func remove(
        _ dropped: FieldSet, from value: JSONValue, keeping kept: FieldSet, name: String,
        _ schema: ListSemantics.Schema, atRoot: Bool
    ) -> JSONValue? {
        if dropped.isMember, kept.isEmpty { return nil }
        switch value {
        case .object(var members):
            var changed = false
            for (edge, child) in dropped.children where edge.hasPrefix("f:") {
                let key = String(edge.dropFirst(2))
                guard let member = members[key] else { continue }
                members[key] = remove(
                    child, from: member, keeping: kept[edge], name: key,
                    ListSemantics.child(key, of: schema, atRoot: atRoot), atRoot: false)
                changed = true
            }
            // A map that only held what was dropped goes with it.
            if changed, members.isEmpty, !atRoot, kept.isEmpty { return nil }
            return .object(members)
        case .array(let items):
            let kind = ListSemantics.list(name, items, schema)
            guard kind != .atomic else { return value }
            let left = FieldSet.edges(items, kind).compactMap { edge, item in
                dropped.children[edge].map {
                    remove(
                        $0, from: item, keeping: kept[edge], name: "", ListSemantics.items(of: schema),
                        atRoot: false)
                } ?? item
            }
            return left.isEmpty && kept.isEmpty ? nil : .array(left)
        default: return value
        }
    }

    private static func withoutNulls(_ value: JSONValue) -> JSONValue {
        guard case .object(let members) = value else { return value }
        return .object(
            JSONObject(members.filter { !$0.value.isNull }.map { (key: $0.key, value: withoutNulls($0.value)) }))
    }
}

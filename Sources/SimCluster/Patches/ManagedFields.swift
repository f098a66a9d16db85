import Manifests

/// Who set which fields of an object: `metadata.managedFields`.
struct ManagedFields: Sendable {
    /// One manager with what it owns.
    struct Entry: Sendable, Equatable {
        var manager: String
        /// `Apply` or `Update`.
        var operation: String
        var apiVersion: String
        var subresource: String?
        var time: String?
        var fields: FieldSet

        /// Whether both are the same manager at the same kind of work.
        func isSame(as other: Entry) -> Bool {
            manager == other.manager && operation == other.operation && apiVersion == other.apiVersion
                && subresource == other.subresource
        }
    }

    private(set) var entries: [Entry] = []

    /// Nobody owns anything.
    init() {}

    /// Reads an object's bookkeeping.
    init(of object: KubeObject) {
        for entry in object["metadata.managedFields"]?.array ?? [] where entry["manager"] != nil {
            entries.append(
                Entry(
                    manager: entry["manager"]?.string ?? "", operation: entry["operation"]?.string ?? "",
                    apiVersion: entry["apiVersion"]?.string ?? "", subresource: entry["subresource"]?.string,
                    time: entry["time"]?.string, fields: FieldSet(entry["fieldsV1"] ?? [:])))
        }
    }

    /// True when there is no bookkeeping at all.
    var isEmpty: Bool { entries.isEmpty }

    /// The entry of the same manager at the same kind of work.
    func entry(like wanted: Entry) -> Entry? { entries.first { $0.isSame(as: wanted) } }

    /// All entries but that one.
    func others(than wanted: Entry) -> [Entry] { entries.filter { !$0.isSame(as: wanted) } }

    /// Puts an entry in place of the one like it; an empty one disappears.
    mutating func set(_ entry: Entry) {
        entries.removeAll { $0.isSame(as: entry) }
        if !entry.fields.isEmpty { entries.append(entry) }
    }

    /// Records what an ordinary write changed: the writer owns it now, and it alone.
    mutating func update(
        from old: KubeObject, to new: KubeObject, by manager: String, subresource: String?, time: String,
        lists: ListSemantics
    ) {
        var changes = FieldChanges(from: old, to: new, lists)
        // A write of the object does not set its status where that is a subresource; a status write sets only that.
        if subresource == nil {
            changes.added["f:status"] = FieldSet()
            changes.modified["f:status"] = FieldSet()
        }
        let taken = changes.added.union(changes.modified)
        var entry = Entry(
            manager: manager, operation: "Update", apiVersion: new.gvk.apiVersion, subresource: subresource,
            time: time, fields: FieldSet())
        if taken.isEmpty && changes.removed.isEmpty { return }
        let own = self.entry(like: entry)
        entry.fields = (own?.fields ?? FieldSet()).subtractingSubtrees(changes.removed).union(taken)
        if let own, own.fields == entry.fields { entry.time = own.time }
        release(taken, changes.removed, keeping: entry)
        set(entry)
    }

    /// Takes fields away from all managers but one.
    mutating func release(_ taken: FieldSet, _ removed: FieldSet, keeping kept: Entry) {
        entries = entries.compactMap { entry in
            guard !entry.isSame(as: kept) else { return entry }
            var entry = entry
            entry.fields = entry.fields.subtractingSubtrees(removed).subtracting(taken)
            return entry.fields.isEmpty ? nil : entry
        }
    }

    /// Writes the bookkeeping into the object.
    func write(to object: inout KubeObject) {
        guard !entries.isEmpty else {
            object["metadata.managedFields"] = nil
            return
        }
        let sorted = entries.sorted { lhs, rhs in
            (lhs.operation, lhs.time ?? "", lhs.manager, lhs.subresource ?? "", lhs.apiVersion)
                < (rhs.operation, rhs.time ?? "", rhs.manager, rhs.subresource ?? "", rhs.apiVersion)
        }
        object["metadata.managedFields"] = .array(
            sorted.map { entry in
                var json: JSONObject = [
                    "manager": .string(entry.manager), "operation": .string(entry.operation),
                    "apiVersion": .string(entry.apiVersion), "fieldsType": "FieldsV1",
                    "fieldsV1": entry.fields.json,
                ]
                if let time = entry.time { json["time"] = .string(time) }
                if let subresource = entry.subresource { json["subresource"] = .string(subresource) }
                return .object(json)
            })
    }

    /// Whether both say the same, whatever the times.
    func describesSame(as other: ManagedFields) -> Bool {
        entries.count == other.entries.count
            && entries.allSatisfy { entry in other.entry(like: entry)?.fields == entry.fields }
    }
}

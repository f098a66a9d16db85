/// The members of one mapping while it is read.
///
/// As in kubectl's library the text's order decides between a written member and a merged one: the later wins, so a
/// `<<` at the end overrides. Of several mappings in one `<<: [a, b]` the earlier wins.
struct YAMLMembers {
    /// Nodes in the mapping, aliases expanded.
    var size = 1
    /// Levels of containers below the mapping, aliases expanded.
    var height = 0

    private struct Entry {
        var name: String
        var value: JSONValue
        var positions: PositionTree
        var isMerged = false
    }

    private var entries: [Entry] = []

    mutating func append(_ name: String, _ node: YAMLComposer.Node) {
        entries.append(Entry(name: name, value: node.value, positions: node.positions))
        size += node.size
        height = max(height, node.height)
    }

    /// Takes over what stands behind `<<`; false when that is no mapping and no list of mappings.
    mutating func merge(_ source: JSONValue, _ positions: PositionTree) -> Bool {
        switch source {
        case .object(let members):
            for (member, place) in zip(members, positions.children) {
                entries.append(Entry(name: member.key, value: member.value, positions: place, isMerged: true))
            }
            return true
        case .array(let sources):
            for (source, place) in zip(sources, positions.children).reversed() {
                guard case .object = source, merge(source, place) else { return false }
            }
            return true
        default: return false
        }
    }

    /// The object, the places of its members in the object's order, and the first name written twice, if any.
    consuming func finish() -> (JSONObject, [PositionTree], duplicate: (name: String, mark: PositionTree.Mark)?) {
        var duplicate: (name: String, mark: PositionTree.Mark)?
        // The index makes the order total, so that of equal names the later one comes last.
        let order = entries.indices.sorted { a, b in
            if entries[a].name.utf8Precedes(entries[b].name) { return true }
            return a < b && entries[a].name.utf8Equals(entries[b].name)
        }
        var kept: [Entry] = []
        kept.reserveCapacity(entries.count)
        for entry in order.map({ entries[$0] }) {
            guard let last = kept.last, last.name.utf8Equals(entry.name) else {
                kept.append(entry)
                continue
            }
            if !last.isMerged && !entry.isMerged, duplicate.map({ isBefore(entry.positions.key, $0.mark) }) ?? true {
                duplicate = (entry.name, entry.positions.key)
            }
            kept[kept.count - 1] = entry
        }
        let object = JSONObject(kept.map { (key: $0.name, value: $0.value) })
        return (object, kept.map(\.positions), duplicate)
    }

    private func isBefore(_ a: PositionTree.Mark, _ b: PositionTree.Mark) -> Bool {
        (a.line, a.column) < (b.line, b.column)
    }
}

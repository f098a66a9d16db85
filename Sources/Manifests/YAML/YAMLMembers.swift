/// The members of one mapping while it is read.
///
/// As in kubectl's library the text's order decides between a written member and a merged one: the later wins, so a
/// `<<` at the end overrides. Of several mappings in one `<<: [a, b]` the earlier wins.
struct YAMLMembers {
    /// Nodes in the mapping, aliases expanded.
    var size = 1
    /// Levels of containers below the mapping, aliases expanded.
    var height = 0

    // One array each, so that a mapping without merges, which is nearly every one, is made of them as they are.
    private var names: [String] = []
    private var values: [JSONValue] = []
    private var places: [PositionTree] = []
    /// Which members came through `<<`; empty while none did.
    private var merged: Set<Int> = []

    mutating func append(_ name: String, _ node: YAMLComposer.Node) {
        names.append(name)
        values.append(node.value)
        places.append(node.positions)
        size += node.size
        height = max(height, node.height)
    }

    /// Takes over what stands behind `<<`; false when that is no mapping and no list of mappings.
    mutating func merge(_ source: JSONValue, _ positions: PositionTree) -> Bool {
        switch source {
        case .object(let members):
            for (member, place) in zip(members, positions.children) {
                merged.insert(names.count)
                names.append(member.key)
                values.append(member.value)
                places.append(place)
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
        let order = JSONObject.order(of: names)
        if merged.isEmpty, JSONObject.duplicate(in: names, order: order) == nil {
            let places = order.map { order in order.map { self.places[$0] } } ?? places
            return (JSONObject(uniqueNames: names, contents: values, order: order), places, nil)
        }
        var duplicate: (name: String, mark: PositionTree.Mark)?
        // Equal names stand in the order of the text, so that the later one comes last.
        var kept: [Int] = []
        kept.reserveCapacity(names.count)
        for index in order ?? Array(names.indices) {
            guard let last = kept.last, names[last].utf8Equals(names[index]) else {
                kept.append(index)
                continue
            }
            if !merged.contains(last) && !merged.contains(index),
                duplicate.map({ isBefore(places[index].key, $0.mark) }) ?? true
            {
                duplicate = (names[index], places[index].key)
            }
            kept[kept.count - 1] = index
        }
        let object = JSONObject(kept.map { (key: names[$0], value: values[$0]) })
        return (object, kept.map { places[$0] }, duplicate)
    }

    private func isBefore(_ a: PositionTree.Mark, _ b: PositionTree.Mark) -> Bool {
        (a.line, a.column) < (b.line, b.column)
    }
}

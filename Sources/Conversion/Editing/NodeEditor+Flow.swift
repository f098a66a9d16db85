import Manifests

/// Brackets and braces: YAML's flow style, and all of JSON.
extension NodeEditor {
    private enum Fate: Equatable {
        case stays
        case goes
        case becomes(String)
    }

    mutating func changeFlowMapping(
        _ node: LayoutNode, _ members: [LayoutNode.Member], from old: JSONObject, to new: JSONObject
    ) throws(EditObstacle) {
        let pairing = MemberPairing(from: old, to: new)
        let indices = try ownMembers(members, of: node, touchedBy: pairing)
        var names = members.map { $0.name ?? "" }
        for name in pairing.renamed.keys.sorted() {
            guard let newName = pairing.renamed[name], let index = indices[name], let before = old[name],
                let after = new[newName]
            else { continue }
            rename(members[index].key, to: newName)
            names[index] = newName
            try change(members[index].value, from: before, to: after, at: .flow)
        }
        for name in pairing.changed {
            guard let index = indices[name], let before = old[name], let after = new[name] else { continue }
            try change(members[index].value, from: before, to: after, at: .flow)
        }
        guard !pairing.dropped.isEmpty || !pairing.added.isEmpty else { return }
        let slots = members.map { $0.key.range.lowerBound..<max($0.key.range.upperBound, $0.value.range.upperBound) }
        func text(_ name: String) -> String {
            let sources = pairing.wrapped[name] ?? []
            let preferred = Set(
                members.filter { $0.name.map(sources.contains) ?? false }.compactMap { pool.index(of: $0.key) })
            return memberText(name, new[name] ?? .null, like: members, in: slots[0].lowerBound, preferred)
        }
        var fates = [Fate](repeating: .stays, count: members.count)
        for name in pairing.dropped { if let index = indices[name] { fates[index] = .goes } }
        let order = MemberOrder.ordered(new).map(\.key).filter(pairing.added.contains)
        var additions: [(text: String, after: Int?)] = []
        for name in order {
            guard let first = pairing.wrapped[name]?.compactMap({ indices[$0] }).min() else { continue }
            if case .becomes = fates[first] {
                additions.append((text(name), first))
            } else {
                fates[first] = .becomes(text(name))
            }
        }
        let isSorted = MemberOrder.isSorted(members.map { $0.name ?? "" })
        let survivors = members.indices.filter { fates[$0] != .goes }
        for name in order where pairing.wrapped[name] == nil {
            let position = MemberOrder.predecessor(
                of: name, among: survivors.map { names[$0] }, sorted: isSorted)
            additions.append((text(name), position.map { survivors[$0] }))
        }
        try recompose(slots, fates, additions, in: node)
    }

    mutating func changeFlowSequence(
        _ node: LayoutNode, _ items: [LayoutNode], from old: [JSONValue], to new: [JSONValue]
    ) throws(EditObstacle) {
        guard items.count == old.count else {
            throw EditObstacle(.layout, "the list is written in a way that is not edited", at: node.range.lowerBound)
        }
        let alignment = ElementAlignment(from: old, to: new)
        for pair in alignment.pairs { try change(items[pair.old], from: old[pair.old], to: new[pair.new], at: .flow) }
        guard !alignment.dropped.isEmpty || !alignment.added.isEmpty else { return }
        var fates = [Fate](repeating: .stays, count: items.count)
        for index in alignment.dropped { fates[index] = .goes }
        var additions: [(text: String, after: Int?)] = []
        for addition in alignment.added {
            let text = flowText(of: new[addition.new], in: items[0].range.lowerBound, preferred: [])
            additions.append((text, addition.after))
        }
        try recompose(items.map(\.range), fates, additions, in: node)
    }

    /// Edits the entries between two brackets with the commas between them.
    private mutating func recompose(
        _ slots: [Range<Int>], _ fates: [Fate], _ additions: [(text: String, after: Int?)], in node: LayoutNode
    ) throws(EditObstacle) {
        let isSpread = slots.allSatisfy { lines.isFirstOnLine($0.lowerBound) }
        let separator: String
        if isSpread {
            separator = "," + lines.lineEnd(near: slots[0].lowerBound) + margin(at: slots[0].lowerBound)
        } else {
            separator = isJSON && usesNoSpaces(slots) ? "," : ", "
        }
        let survivors = slots.indices.filter { fates[$0] != .goes }
        guard let firstKept = survivors.first, let lastKept = survivors.last else {
            let all = slots[0].lowerBound..<slots[slots.count - 1].upperBound
            try refuseComments(in: all)
            edits.append(TextEdit(all, additions.map(\.text).joined(separator: separator)))
            return
        }
        for index in slots.indices where fates[index] == .goes && index < lastKept {
            try refuseComments(in: slots[index].upperBound..<slots[index + 1].lowerBound)
            edits.append(TextEdit(slots[index].lowerBound..<slots[index + 1].lowerBound, ""))
        }
        if lastKept + 1 < slots.count {
            let gone = slots[lastKept].upperBound..<slots[slots.count - 1].upperBound
            try refuseComments(in: gone)
            edits.append(TextEdit(gone, ""))
        }
        for index in survivors {
            if case .becomes(let text) = fates[index] { edits.append(TextEdit(slots[index], text)) }
        }
        for addition in additions {
            // Behind the nearest entry that stays.
            let anchor = addition.after.flatMap { after in survivors.last { $0 <= after } }
            if let anchor {
                let end = slots[anchor].upperBound
                let line = lines.content(ofLine: lines.line(of: end))
                if isSpread, line[min(end, line.endIndex)...].contains(UInt8(ascii: "#")) {
                    throw EditObstacle(.layout, "a comment behind an entry in braces is in the way", at: end)
                }
                edits.append(TextEdit(end..<end, separator + addition.text))
            } else {
                let start = slots[firstKept].lowerBound
                edits.append(TextEdit(start..<start, addition.text + separator))
            }
        }
    }

    private func refuseComments(in range: Range<Int>) throws(EditObstacle) {
        guard !isJSON, !range.isEmpty else { return }
        // A comment begins behind white space; within quotes this may be too careful.
        for offset in range.dropFirst()
        where bytes[offset] == UInt8(ascii: "#") && bytes[offset - 1] <= 0x20 {
            throw EditObstacle(.layout, "a comment within braces would be lost", at: offset)
        }
    }

    /// What stands before the first byte of a line.
    private func margin(at offset: Int) -> String {
        let start = lines.start(ofLineAt: offset)
        return String(decoding: bytes[start..<bytes.endIndex].prefix { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
    }

    private func usesNoSpaces(_ slots: [Range<Int>]) -> Bool {
        guard slots.count > 1 else { return !hasSpaceBehindColon }
        return slots[0].upperBound + 1 == slots[1].lowerBound
    }

    /// How the JSON at hand writes its first member.
    private var hasSpaceBehindColon: Bool {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon + 1 < bytes.count else { return true }
        return bytes[colon + 1] <= 0x20
    }

    private mutating func memberText(
        _ name: String, _ value: JSONValue, like members: [LayoutNode.Member], in offset: Int, _ preferred: Set<Int>
    ) -> String {
        let isQuoted =
            isJSON
            || members.allSatisfy {
                if case .scalar(.doubleQuoted) = $0.key.shape { true } else { false }
            }
        let flow = FlowText(isJSON: isQuoted)
        let colon = isJSON && !hasSpaceBehindColon ? ":" : ": "
        return flow.inline(.string(name)) + colon + memberValue(name, value, in: offset, preferred, flow)
    }

    private mutating func memberValue(
        _ name: String, _ value: JSONValue, in offset: Int, _ preferred: Set<Int>, _ flow: FlowText
    ) -> String {
        let before = pool
        if let source = pool.take(name, value, preferred: preferred), source.region == nil || isOnOneLine(source.node) {
            if source.value == value, source.region == nil, isOnOneLine(source.node) {
                return lines.text(source.node.range)
            }
        }
        pool = before
        if !isJSON { return inline(value, preferred: preferred, flow) }
        return flowText(of: value, in: offset, preferred: preferred)
    }

    private func isOnOneLine(_ node: LayoutNode) -> Bool {
        !bytes[node.range].contains(UInt8(ascii: "\n"))
    }

    /// A value within brackets; over several lines where the neighbours of JSON are.
    mutating func flowText(of value: JSONValue, in offset: Int, preferred: Set<Int>) -> String {
        let colon = isJSON && !hasSpaceBehindColon ? ":" : ": "
        let isSpread = isJSON && lines.isFirstOnLine(offset)
        return flowText(of: value, margin: isSpread ? margin(at: offset) : nil, colon: colon, preferred: preferred)
    }

    private mutating func flowText(
        of value: JSONValue, margin: String?, colon: String, preferred: Set<Int>
    ) -> String {
        guard value.isFilled, isJSON else {
            return isJSON ? value.canonicalText : inline(value, preferred: preferred, FlowText(isJSON: false))
        }
        let inner = margin.map { $0 + jsonIndent }
        let end = lines.lineEnd(near: 0)
        let separator = inner.map { "," + end + $0 } ?? (colon == ":" ? "," : ", ")
        let head = inner.map { end + $0 } ?? ""
        let tail = margin.map { end + $0 } ?? ""
        switch value {
        case .object(let members):
            var parts: [String] = []
            for member in MemberOrder.ordered(members) {
                let text = flowText(of: member.value, margin: inner, colon: colon, preferred: preferred)
                parts.append(JSONValue.string(member.key).canonicalText + colon + text)
            }
            return "{" + head + parts.joined(separator: separator) + tail + "}"
        case .array(let elements):
            var parts: [String] = []
            for element in elements {
                parts.append(flowText(of: element, margin: inner, colon: colon, preferred: preferred))
            }
            return "[" + head + parts.joined(separator: separator) + tail + "]"
        default: return value.canonicalText
        }
    }

    /// YAML on one line, taking up the text of what was there.
    private mutating func inline(_ value: JSONValue, preferred: Set<Int>, _ flow: FlowText) -> String {
        switch value {
        case .object(let members):
            var parts: [String] = []
            for member in MemberOrder.ordered(members) {
                let name = flow.inline(.string(member.key))
                let before = pool
                if let source = pool.take(member.key, member.value, preferred: preferred), source.region == nil,
                    source.value == member.value, isOnOneLine(source.node)
                {
                    parts.append("\(name): \(lines.text(source.node.range))")
                } else {
                    pool = before
                    parts.append("\(name): \(inline(member.value, preferred: preferred, flow))")
                }
            }
            return "{" + parts.joined(separator: ", ") + "}"
        case .array(let elements):
            var parts: [String] = []
            for element in elements { parts.append(inline(element, preferred: preferred, flow)) }
            return "[" + parts.joined(separator: ", ") + "]"
        default: return flow.inline(value)
        }
    }

    /// One level of the JSON at hand: what stands before the first member of the outermost value.
    private var jsonIndent: String {
        guard lines.starts.count > 1 else { return "  " }
        for line in 1..<lines.starts.count {
            let pad = margin(at: lines.starts[line])
            if !pad.isEmpty { return pad }
        }
        return "  "
    }
}

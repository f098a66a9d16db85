import Manifests

extension NodeEditor {
    private enum Fate: Equatable {
        case stays
        case goes
        /// Its lines are taken over by new members.
        case becomes([String])
    }

    mutating func changeBlockMapping(
        _ node: LayoutNode, _ members: [LayoutNode.Member], from old: JSONObject, to new: JSONObject, isRoot: Bool
    ) throws(EditObstacle) {
        let pairing = MemberPairing(from: old, to: new)
        let indices = try ownMembers(members, of: node, touchedBy: pairing)
        let column = column(of: members)
        var names = members.map { $0.name ?? "" }
        for (name, newName) in pairing.renamed {
            guard let index = indices[name], let before = old[name], let after = new[newName] else { continue }
            let member = members[index]
            rename(member.key, to: newName)
            names[index] = newName
            let place = Place.member(column: column, afterColon: try afterColon(of: member.key))
            try change(member.value, from: before, to: after, at: place)
        }
        for name in pairing.changed {
            guard let index = indices[name], let before = old[name], let after = new[name] else { continue }
            let member = members[index]
            let place = Place.member(column: column, afterColon: try afterColon(of: member.key))
            try change(member.value, from: before, to: after, at: place)
        }
        guard !pairing.dropped.isEmpty || !pairing.added.isEmpty else { return }
        for name in pairing.dropped {
            if let index = indices[name] { _ = try afterColon(of: members[index].key) }
        }
        let regions = regions(of: members, isRoot: isRoot)
        var fates = [Fate](repeating: .stays, count: members.count)
        for name in pairing.dropped { if let index = indices[name] { fates[index] = .goes } }
        for name in MemberOrder.ordered(new).map(\.key) {
            guard let first = pairing.wrapped[name]?.compactMap({ indices[$0] }).min() else { continue }
            if case .becomes(let others) = fates[first] {
                fates[first] = .becomes(others + [name])
            } else {
                fates[first] = .becomes([name])
            }
        }
        let free = MemberOrder.ordered(new).map(\.key).filter {
            pairing.added.contains($0) && pairing.wrapped[$0] == nil
        }
        // What stays, in order, with the names that were given places so far.
        var order = members.indices.filter { fates[$0] != .goes }.map { (index: $0, name: names[$0]) }
        if order.isEmpty, let first = fates.firstIndex(of: .goes) {
            // Nothing stays: the new members stand where the first old one stood.
            fates[first] = .becomes(free)
            order = [(first, "")]
            try write(fates, [:], new, members, regions, pairing, column)
            return
        }
        let isSorted = MemberOrder.isSorted(members.map { $0.name ?? "" })
        var additions: [Int: [String]] = [:]
        var placed = order.map(\.name)
        var anchors = order.map(\.index)
        for name in free {
            let position = MemberOrder.predecessor(of: name, among: placed, sorted: isSorted)
            let anchor = position.map { anchors[$0] } ?? -1
            additions[anchor, default: []].append(name)
            let next = position.map { $0 + 1 } ?? 0
            placed.insert(name, at: next)
            anchors.insert(anchor, at: next)
        }
        try write(fates, additions, new, members, regions, pairing, column)
    }

    /// Turns the fates of the members into edits; `additions` are new names by the member they stand behind.
    private mutating func write(
        _ fates: [Fate], _ additions: [Int: [String]], _ new: JSONObject, _ members: [LayoutNode.Member],
        _ regions: [BlockRegion], _ pairing: MemberPairing, _ column: Int
    ) throws(EditObstacle) {
        func text(_ names: [String], near offset: Int) throws(EditObstacle) -> String {
            var lines: [String] = []
            for name in names {
                guard let value = new[name] else { continue }
                let sources = pairing.wrapped[name] ?? []
                let preferred = Set(
                    members.filter { $0.name.map(sources.contains) ?? false }.compactMap { pool.index(of: $0.key) })
                lines += try memberLines(name, value, column: column, preferred: preferred, siblings: members)
            }
            return joined(lines, near: offset)
        }
        var start = 0
        // The member behind a dash goes: the next one that stays takes its place there.
        if regions.first?.isShared ?? false, fates.first == .goes,
            let next = fates.firstIndex(where: { $0 != .goes })
        {
            start = next + 1
            let head = members[next].key.range.lowerBound
            var kept = ""
            var position = regions[0].end
            for index in 1...next {
                let line = index == next ? lines.start(ofLineAt: head) : regions[index].start
                kept += lines.text(position..<max(position, line))
                position = max(position, regions[index].end)
            }
            let dashLine = lines.start(ofLineAt: regions[0].start)
            if !kept.isEmpty { edits.append(TextEdit(dashLine..<dashLine, kept)) }
            edits.append(TextEdit(regions[0].start..<head, ""))
            if let names = additions[-1] {
                let pad = String(repeating: " ", count: column)
                let end = lines.lineEnd(near: head)
                edits.append(TextEdit(head..<head, "\(try text(names, near: head).dropFirst(column))\(end)\(pad)"))
            }
            if case .becomes(let names) = fates[next] {
                let region = head..<regions[next].end
                let lines = try text(names, near: head).dropFirst(column)
                edits.append(TextEdit(region, ended(String(lines), at: region.upperBound, near: head)))
            }
            if let names = additions[next] { insert(try text(names, near: head), atLineBegin: regions[next].end) }
        } else if let names = additions[-1], let first = fates.firstIndex(where: { $0 != .goes }) {
            let region = regions[first]
            if region.isShared {
                let pad = String(repeating: " ", count: column)
                let end = lines.lineEnd(near: region.start)
                let lines = try text(names, near: region.start).dropFirst(column)
                edits.append(TextEdit(region.start..<region.start, "\(lines)\(end)\(pad)"))
            } else {
                insert(try text(names, near: region.start), atLineBegin: region.start)
            }
        }
        for index in fates.indices.dropFirst(start) {
            let region = regions[index]
            switch fates[index] {
            case .stays: break
            case .goes: edits.append(TextEdit(region.start..<region.end, ""))
            case .becomes(let names):
                let lines = try text(names, near: region.start)
                let first = region.isShared ? String(lines.dropFirst(column)) : lines
                edits.append(
                    TextEdit(region.start..<region.end, ended(first, at: region.end, near: region.start)))
            }
            if let names = additions[index] {
                insert(try text(names, near: region.start), atLineBegin: region.end)
            }
        }
    }

    mutating func changeBlockSequence(
        _ node: LayoutNode, _ items: [LayoutNode], from old: [JSONValue], to new: [JSONValue]
    ) throws(EditObstacle) {
        let alignment = ElementAlignment(from: old, to: new)
        let regions = try regions(of: items, in: node)
        guard regions.count == old.count else {
            throw EditObstacle(.layout, "the list is written in a way that is not edited", at: node.range.lowerBound)
        }
        let dash = regions[0].column
        for pair in alignment.pairs {
            try change(items[pair.old], from: old[pair.old], to: new[pair.new], at: .item(dash: dash))
        }
        for index in alignment.dropped {
            guard !regions[index].isShared else {
                throw EditObstacle(
                    .layout, "an item that shares its line with another would have to go",
                    at: items[index].range.lowerBound)
            }
            edits.append(TextEdit(regions[index].start..<regions[index].end, ""))
        }
        for addition in alignment.added {
            let text = joined(
                try itemLines(of: new[addition.new], dash: dash, preferred: []), near: regions[0].start)
            if let after = addition.after {
                insert(text, atLineBegin: regions[after].end)
            } else if regions[0].isShared {
                throw EditObstacle(
                    .layout, "an item would have to come before one that shares its line", at: node.range.lowerBound)
            } else {
                insert(text, atLineBegin: regions[0].start)
            }
        }
    }

    private func regions(of items: [LayoutNode], in node: LayoutNode) throws(EditObstacle) -> [BlockRegion] {
        var regions: [BlockRegion] = []
        for item in items {
            var head: Int
            if let last = regions.last {
                var line = lines.line(of: last.end)
                while line + 1 < lines.starts.count,
                    lines.isBlank(line: line) || lines.commentColumn(ofLine: line) != nil
                {
                    line += 1
                }
                head = lines.starts[line]
                while head < bytes.count, bytes[head] == 0x20 { head += 1 }
            } else {
                head = try contentStart(of: node)
            }
            guard head < bytes.count, bytes[head] == UInt8(ascii: "-"), head <= item.range.lowerBound else {
                throw EditObstacle(
                    .layout, "the list is written in a way that is not edited", at: item.range.lowerBound)
            }
            regions.append(
                BlockRegion(
                    head: head, last: max(head, item.range.upperBound), previous: regions.last?.end ?? 0, lines: lines))
        }
        return regions
    }

    /// Where the members that something happens to stand among the mapping's own.
    func ownMembers(
        _ members: [LayoutNode.Member], of node: LayoutNode, touchedBy pairing: MemberPairing
    ) throws(EditObstacle) -> [String: Int] {
        var indices: [String: Int] = [:]
        for (index, member) in members.enumerated() { if let name = member.name { indices[name] = index } }
        for name in pairing.changed + pairing.dropped + pairing.renamed.keys.sorted() where indices[name] == nil {
            let merge = members.first { $0.name == nil }
            throw EditObstacle(
                .mergeKey, "'\(name)' comes through a merge key (<<) and would have to change here",
                at: merge?.key.range.lowerBound ?? node.range.lowerBound)
        }
        return indices
    }

    private func column(of members: [LayoutNode.Member]) -> Int {
        let own = members.first { lines.isFirstOnLine($0.key.range.lowerBound) } ?? members[0]
        return lines.column(of: own.key.range.lowerBound)
    }

    mutating func rename(_ key: LayoutNode, to name: String) {
        guard case .scalar(let style) = key.shape else { return }
        let text =
            switch style {
            case .doubleQuoted: JSONValue.string(name).canonicalText
            case .singleQuoted: "'\(name)'"
            default: YAML.name(name)
            }
        edits.append(TextEdit(key.range, text))
    }
}

import Manifests

/// New lines in block style, in the layout of the document.
extension NodeEditor {
    /// A member with everything below it.
    ///
    /// - Parameters:
    ///   - preferred: what of the pool it is known to have taken in.
    ///   - siblings: whose quotes the name follows.
    mutating func memberLines(
        _ name: String, _ value: JSONValue, column: Int, preferred: Set<Int>, siblings: [LayoutNode.Member] = []
    ) throws(EditObstacle) -> [String] {
        let before = pool
        if let source = pool.take(name, value, preferred: preferred) {
            do {
                return try movedLines(source, as: name, value, column: column)
            } catch {
                // Only the author's words are worth giving up for.
                if error.reason != .layout || holdsComment(source) { throw error }
                pool = before
            }
        }
        let pad = String(repeating: " ", count: column)
        let head = pad + BlockText.name(name, like: siblings) + ":"
        guard value.isFilled else {
            return (head + " " + YAML.scalar(value, indentation: column + style.indent)).textLines
        }
        return [head] + (try childLines(of: value, below: column, preferred: preferred))
    }

    /// What stands below a name in that column.
    mutating func childLines(
        of value: JSONValue, below column: Int, preferred: Set<Int>
    ) throws(EditObstacle) -> [String] {
        if case .array = value {
            return try blockLines(of: value, column: column + style.dashIndent, preferred: preferred)
        }
        return try blockLines(of: value, column: column + style.indent, preferred: preferred)
    }

    /// The members or items of a filled container in that column.
    mutating func blockLines(
        of value: JSONValue, column: Int, preferred: Set<Int>
    ) throws(EditObstacle) -> [String] {
        var lines: [String] = []
        switch value {
        case .object(let members):
            for member in ordered(members, preferred) {
                lines += try memberLines(member.key, member.value, column: column, preferred: preferred)
            }
        case .array(let elements):
            for element in elements { lines += try itemLines(of: element, dash: column, preferred: preferred) }
        default: lines = [YAML.scalar(value, indentation: column)]
        }
        return lines
    }

    /// Members that keep their names come first, in the author's order.
    private func ordered(_ members: JSONObject, _ preferred: Set<Int>) -> [JSONObject.Member] {
        var places: [String: Int] = [:]
        for index in preferred where members[pool.members[index].name] != nil {
            places[pool.members[index].name] = pool.members[index].key.range.lowerBound
        }
        let kept = members.filter { places[$0.key] != nil }.sorted {
            (places[$0.key] ?? 0) < (places[$1.key] ?? 0)
        }
        return kept + MemberOrder.ordered(members).filter { places[$0.key] == nil }
    }

    /// An item with its dash.
    mutating func itemLines(of value: JSONValue, dash: Int, preferred: Set<Int>) throws(EditObstacle) -> [String] {
        let head = String(repeating: " ", count: dash) + "-" + String(repeating: " ", count: style.dashWidth - 1)
        let column = dash + style.dashWidth
        guard value.isFilled else { return (head + YAML.scalar(value, indentation: column)).textLines }
        var lines = try blockLines(of: value, column: column, preferred: preferred)
        if let first = lines.first { lines[0] = head + first.dropFirst(column) }
        return lines
    }

    private func holdsComment(_ source: Movable) -> Bool {
        guard let region = source.region else { return false }
        return lines.text(region.start..<region.end).contains("#")
    }

    /// The lines a member was written with, changed to what it is now and shifted to where it is now.
    private mutating func movedLines(
        _ source: Movable, as name: String, _ value: JSONValue, column: Int
    ) throws(EditObstacle) -> [String] {
        guard let region = source.region else { return try movedFlow(source, as: name, value, column: column) }
        var inner = self
        inner.edits = []
        if name != source.name { inner.rename(source.key, to: name) }
        let place = Place.member(column: region.column, afterColon: try afterColon(of: source.key))
        try inner.change(source.node, from: source.value, to: value, at: place)
        pool = inner.pool
        aliases = inner.aliases
        try refuseTemplates(in: region.start..<region.end)
        guard let moved = TextEdit.apply(inner.edits, to: bytes, within: region.start..<region.end) else {
            throw EditObstacle(.layout, "edits overlap", at: region.start)
        }
        var text = String(decoding: moved, as: UTF8.self)
        if region.isShared { text = String(repeating: " ", count: region.column) + text }
        return try shifted(text.textLines, by: column - region.column, at: region.start)
    }

    /// From brackets or braces to a line of its own.
    private mutating func movedFlow(
        _ source: Movable, as name: String, _ value: JSONValue, column: Int
    ) throws(EditObstacle) -> [String] {
        var inner = self
        inner.edits = []
        try inner.change(source.node, from: source.value, to: value, at: .flow)
        try refuseTemplates(in: source.node.range)
        guard let moved = TextEdit.apply(inner.edits, to: bytes, within: source.node.range),
            !moved.contains(UInt8(ascii: "\n"))
        else { throw EditObstacle(.layout, "brackets over several lines", at: source.node.range.lowerBound) }
        pool = inner.pool
        let pad = String(repeating: " ", count: column)
        return ["\(pad)\(YAML.name(name)): \(String(decoding: moved, as: UTF8.self))"]
    }

    func refuseTemplates(in range: Range<Int>) throws(EditObstacle) {
        guard let place = bytes[range].firstTemplateAction else { return }
        throw EditObstacle(.template, "a template action stands in what would change", at: place)
    }

    private func shifted(_ text: [String], by delta: Int, at offset: Int) throws(EditObstacle) -> [String] {
        if delta == 0 { return text }
        let pad = String(repeating: " ", count: max(0, delta))
        var result: [String] = []
        for line in text {
            if line.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
                result.append(line)
            } else if delta > 0 {
                result.append(pad + line)
            } else if line.utf8.prefix(-delta).allSatisfy({ $0 == 0x20 }), line.utf8.count > -delta {
                result.append(String(Substring(line.utf8.dropFirst(-delta))))
            } else {
                throw EditObstacle(.layout, "a line cannot be moved to the left", at: offset)
            }
        }
        return result
    }
}

extension String {
    /// The lines without their ends; an end behind the last one begins no line.
    var textLines: [String] {
        var lines = utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(Substring($0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0))
        }
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines
    }
}

extension ArraySlice<UInt8> {
    /// Where the action delimiter of Go templates stands.
    var firstTemplateAction: Int? {
        indices.dropLast().first { self[$0] == UInt8(ascii: "{") && self[$0 + 1] == UInt8(ascii: "{") }
    }
}

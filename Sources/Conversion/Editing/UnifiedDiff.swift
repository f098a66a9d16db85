import Manifests

/// A text before and after edits, as `diff -u` shows it.
///
/// The edits say which lines changed, so that nothing has to be guessed.
public struct UnifiedDiff: Sendable {
    /// One line of the diff, without its line end.
    public struct Line: Sendable, Hashable {
        /// What it is, for colours.
        public enum Kind: Sendable, Hashable {
            case header, hunk, context, removed, added
        }

        public var kind: Kind
        public var text: String
    }

    public private(set) var lines: [Line] = []

    /// A run of lines that changed, by line number from 0.
    private struct Change {
        var old: Range<Int>
        var new: Range<Int>
    }

    /// - Parameters:
    ///   - before: the text that the edits are made to.
    ///   - edits: with offsets of that text.
    ///   - oldName: for the header, such as `a/shop.yaml`.
    ///   - newName: for the header, such as `b/shop.yaml`.
    public init(_ before: [UInt8], _ edits: [TextEdit], oldName: String, newName: String, context: Int = 3) {
        guard !edits.isEmpty, let after = TextEdit.apply(edits, to: before) else { return }
        let old = Self.split(before)
        let new = Self.split(after)
        let changes = Self.changes(before, TextEdit.sorted(edits), old, new)
        guard !changes.isEmpty else { return }
        lines = [Line(kind: .header, text: "--- \(oldName)"), Line(kind: .header, text: "+++ \(newName)")]
        var hunk: [Change] = []
        for change in changes {
            if let last = hunk.last, change.old.lowerBound - last.old.upperBound > 2 * context {
                write(hunk, old, new, context)
                hunk = []
            }
            hunk.append(change)
        }
        write(hunk, old, new, context)
    }

    private mutating func write(_ hunk: [Change], _ old: [[UInt8]], _ new: [[UInt8]], _ context: Int) {
        guard let first = hunk.first, let last = hunk.last else { return }
        let start = max(0, first.old.lowerBound - context)
        let end = min(old.count, last.old.upperBound + context)
        let newStart = first.new.lowerBound - (first.old.lowerBound - start)
        let newEnd = last.new.upperBound + (end - last.old.upperBound)
        func span(_ start: Int, _ end: Int) -> String {
            let count = end - start
            return count == 1 ? "\(start + 1)" : "\(count == 0 ? start : start + 1),\(count)"
        }
        lines.append(Line(kind: .hunk, text: "@@ -\(span(start, end)) +\(span(newStart, newEnd)) @@"))
        var position = start
        for change in hunk {
            for line in old[position..<change.old.lowerBound] { append(.context, " ", line) }
            for line in old[change.old] { append(.removed, "-", line) }
            for line in new[change.new] { append(.added, "+", line) }
            position = change.old.upperBound
        }
        for line in old[position..<end] { append(.context, " ", line) }
    }

    private mutating func append(_ kind: Line.Kind, _ sign: String, _ line: [UInt8]) {
        let isEnded = line.last == UInt8(ascii: "\n")
        let text = String(decoding: isEnded ? line.dropLast() : line[...], as: UTF8.self)
        lines.append(Line(kind: kind, text: sign + text))
        if !isEnded { lines.append(Line(kind: kind, text: "\\ No newline at end of file")) }
    }

    /// Lines with their ends.
    private static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = 0
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            lines.append(Array(bytes[start...offset]))
            start = offset + 1
        }
        if start < bytes.count { lines.append(Array(bytes[start...])) }
        return lines
    }

    private static func changes(
        _ before: [UInt8], _ edits: [TextEdit], _ old: [[UInt8]], _ new: [[UInt8]]
    ) -> [Change] {
        let starts = TextLines(before)
        // Runs of old lines that edits touch; what is inserted where a line begins touches no line.
        var runs: [Range<Int>] = []
        var grown: [Int] = []
        for edit in edits {
            let line =
                edit.range.lowerBound == before.count && before.last == UInt8(ascii: "\n")
                ? old.count : starts.line(of: edit.range.lowerBound)
            let isInsertion =
                edit.range.isEmpty && edit.replacement.last == UInt8(ascii: "\n")
                && (line == old.count || starts.starts[line] == edit.range.lowerBound || edit.range.lowerBound == 0)
            let end = isInsertion ? line : starts.line(of: max(edit.range.lowerBound, edit.range.upperBound - 1)) + 1
            let feeds = edit.replacement.count { $0 == UInt8(ascii: "\n") }
            let lost = before[edit.range].count { $0 == UInt8(ascii: "\n") }
            if let last = runs.last, line <= last.upperBound {
                runs[runs.count - 1] = last.lowerBound..<max(last.upperBound, min(end, old.count))
                grown[grown.count - 1] += feeds - lost
            } else {
                runs.append(line..<max(line, min(end, old.count)))
                grown.append(feeds - lost)
            }
        }
        var changes: [Change] = []
        var shift = 0
        for (index, run) in runs.enumerated() {
            let start = run.lowerBound + shift
            let end =
                index == runs.count - 1 ? new.count - (old.count - run.upperBound) : start + run.count + grown[index]
            shift = end - run.upperBound
            var change = Change(old: run, new: start..<max(start, min(end, new.count)))
            while let a = change.old.first, let b = change.new.first, old[a] == new[b] {
                change.old.removeFirst()
                change.new.removeFirst()
            }
            while let a = change.old.last, let b = change.new.last, old[a] == new[b] {
                change.old.removeLast()
                change.new.removeLast()
            }
            if !change.old.isEmpty || !change.new.isEmpty { changes.append(change) }
        }
        return changes
    }
}

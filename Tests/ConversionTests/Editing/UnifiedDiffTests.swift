import Conversion
import Manifests
import Testing

@Suite("Unified diff")
struct UnifiedDiffTests {
    private func diff(_ before: String, _ edits: [TextEdit]) -> String {
        UnifiedDiff(Array(before.utf8), edits, oldName: "a/x", newName: "b/x").lines.map(\.text).joined(separator: "\n")
    }

    @Test("Shows the changed lines with three around them, far ones in hunks of their own")
    func hunks() {
        let before = (1...20).map { "line \($0)\n" }.joined()
        let place = { (line: Int) in Self.offset(line, in: before) }
        let edits = [
            TextEdit(place(2)..<place(3), "two\n"), TextEdit(place(15)..<place(15), "new\nnewer\n"),
            TextEdit(place(20)..<(place(20) + 8), ""),
        ]
        #expect(
            diff(before, edits) == """
                --- a/x
                +++ b/x
                @@ -1,5 +1,5 @@
                 line 1
                -line 2
                +two
                 line 3
                 line 4
                 line 5
                @@ -12,9 +12,10 @@
                 line 12
                 line 13
                 line 14
                +new
                +newer
                 line 15
                 line 16
                 line 17
                 line 18
                 line 19
                -line 20
                """)
    }

    @Test("Says where a last line has no end")
    func noEnd() {
        #expect(
            diff("a\nb", [TextEdit(2..<3, "c\nd")]) == """
                --- a/x
                +++ b/x
                @@ -1,2 +1,3 @@
                 a
                -b
                \\ No newline at end of file
                +c
                +d
                \\ No newline at end of file
                """)
    }

    @Test("Of the golden pairs, taken back and forth, gives the other text", arguments: GoldenConversionTests.names)
    func golden(name: String) throws {
        let file = GoldenConversionTests.file(name, "before")
        let bytes = try GoldenConversionTests.bytes(file)
        let result = GoldenConversionTests.conversion(for: bytes).convert(try ManifestSource(bytes: bytes, file: file))
        let lines = UnifiedDiff(result.source.bytes, result.edits, oldName: "a", newName: "b", context: 100_000).lines
            .filter { $0.kind != .header && $0.kind != .hunk && !$0.text.hasPrefix("\\") }
        let after = lines.filter { $0.kind != .removed }.map { $0.text.dropFirst() }.joined(separator: "\n")
        let before = lines.filter { $0.kind != .added }.map { $0.text.dropFirst() }.joined(separator: "\n")
        func trimmed(_ bytes: [UInt8]) -> String {
            let text = String(decoding: bytes, as: UTF8.self)
            return text.hasSuffix("\n") ? String(text.dropLast()) : text
        }
        #expect(after == trimmed(result.bytes))
        #expect(before == trimmed(result.source.bytes))
    }

    private static func offset(_ line: Int, in text: String) -> Int {
        text.split(separator: "\n", omittingEmptySubsequences: false).prefix(line - 1).reduce(0) {
            $0 + $1.utf8.count + 1
        }
    }
}

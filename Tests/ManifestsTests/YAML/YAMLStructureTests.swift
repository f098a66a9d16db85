import Manifests
import Testing

@Suite("Documents, aliases and merge keys")
struct YAMLStructureTests {
    private func read(_ text: String) throws -> JSONValue? {
        try YAML.documents(Array(text.utf8), file: "f").first?.value
    }

    @Test(
        "Streams hold as many documents as are written",
        arguments: [
            ("", 0), ("# only a comment\n", 0), ("---\n", 1), ("a: 1", 1), ("---\na: 1\n...\n", 1),
            ("a: 1\n---\nb: 2\n", 2), ("---\n---\n---\n", 3), ("%YAML 1.1\n---\na: 1\n", 1),
            ("a: 1\n...\n---\nb: 2", 2),
            ("\u{FEFF}a: 1\n", 1), ("--- # x\na: 1", 1), ("--- {a: 1}\n--- [b]\n", 2),
        ])
    func streams(text: String, count: Int) throws {
        #expect(try YAML.documents(Array(text.utf8), file: "f").count == count)
    }

    @Test("Line ends of Windows are line ends")
    func windows() throws {
        #expect(try read("a: |\r\n  x\r\n  y\r\nb: 1\r\n") == ["a": "x\ny\n", "b": 1])
    }

    @Test("UTF-16 is read by its byte order mark")
    func utf16() throws {
        let units = Array("a: é\nb: [1]\n".utf16)
        let little: [UInt8] = [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big: [UInt8] = [0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(try YAML.documents(little, file: "f").first?.value == ["a": "é", "b": [1]])
        #expect(try YAML.documents(big, file: "f").first?.value == ["a": "é", "b": [1]])
    }

    @Test("An alias repeats what its anchor marks; an anchor may be set anew; anchors end with their document")
    func aliases() throws {
        #expect(try read("a: &x [1, {b: &y 2}]\nc: *x\nd: *y") == ["a": [1, ["b": 2]], "c": [1, ["b": 2]], "d": 2])
        #expect(try read("a: &x 1\nb: *x\nc: &x 2\nd: *x") == ["a": 1, "b": 1, "c": 2, "d": 2])
        #expect(try read("&k name: 1\nb: *k") == ["name": 1, "b": "name"])
        #expect(try read("a: &k name\n*k : 1") == ["a": "name", "name": 1])
        #expect(code(of: "a: &x 1\n---\nb: *x") == .alias)
    }

    @Test(
        "Merging follows the text's order, as kubectl's library does",
        arguments: [
            ("{<<: {a: 1}, a: 2}", ["a": 2]), ("{a: 2, <<: {a: 1}}", ["a": 1]),
            ("{<<: [{a: 1}, {a: 2, b: 3}]}", ["a": 1, "b": 3]), ("{<<: {a: 1}, <<: {b: 2}}", ["a": 1, "b": 2]),
            ("{<<: [], a: 1}", ["a": 1]), ("{'<<': 1}", ["<<": 1]),
            ("{<<: {<<: {a: 1}, b: 2}, c: 3}", ["a": 1, "b": 2, "c": 3]),
        ] as [(String, JSONValue)])
    func merging(text: String, value: JSONValue) throws {
        #expect(try read(text) == value)
    }

    @Test(
        "Every refusal has its code and its place",
        arguments: [
            ("a: *x", .alias, "f:1:4"), ("a: &x [*x]", .alias, "f:1:8"), ("a: &x {b: *x}", .alias, "f:1:11"),
            ("a: 1\nb: 2\na: 3\n", .duplicateKey, "f:3:1"), ("{a: 1, \"a\": 2}", .duplicateKey, "f:1:8"),
            ("1: a\n'1': b", .duplicateKey, "f:2:1"), ("y: 1\ntrue: 2", .duplicateKey, "f:2:1"),
            ("x:\n  - b: 1\n    c: 2\n    b: 3", .duplicateKey, "f:4:5"),
            ("{b: 1, a: 1, a: 2, b: 2}", .duplicateKey, "f:1:14"),
            ("<<: 1", .syntax, "f:1:1"), ("<<: [1]", .syntax, "f:1:1"), ("a: [1, 2", .syntax, "f:1:9"),
            ("a: b: c", .syntax, "f:1:5"), ("a:\n\t- b", .syntax, "f:2:1"), ("a: 'x", .syntax, "f:1:6"),
            ("a: @x", .syntax, "f:1:4"), ("a: `x`", .syntax, "f:1:4"), ("a: %x", .syntax, "f:1:4"),
            ("- a\nb: 1", .syntax, "f:2:1"), ("a: \"\\q\"", .syntax, "f:1:5"), ("%YAML 9.9\n---\na", .syntax, "f:1:1"),
            ("a: \"\\ud83d\"", .syntax, "f:1:7"), ("a: !x!y z", .syntax, "f:1:4"), ("a: \u{0}", .encoding, "f:1:4"),
            ("é: \u{1}", .encoding, "f:1:4"),
        ] as [(String, ManifestError.Code, String)])
    func refused(text: String, code: ManifestError.Code, place: String) {
        let error = #expect(throws: ManifestError.self) { _ = try YAML.documents(Array(text.utf8), file: "f") }
        #expect(error?.code == code)
        #expect(error?.location?.description == place, "\(error?.message ?? "")")
    }

    @Test("A tab that indents is called a tab")
    func tab() {
        let error = #expect(throws: ManifestError.self) { _ = try YAML.documents(Array("a:\n\tb: 1".utf8), file: "f") }
        #expect(error?.message.contains("tab") == true)
    }

    @Test("Bytes that are not UTF-8 are refused at their byte")
    func encoding() {
        let error = #expect(throws: ManifestError.self) {
            _ = try YAML.documents(Array("a: 1\nb: x".utf8) + [0xFF], file: "f")
        }
        #expect(error?.code == .encoding)
        #expect(error?.location?.description == "f:2:5")
    }
}

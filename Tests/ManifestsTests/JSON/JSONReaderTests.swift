import Manifests
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
    @Test("Accepted, and written in canonical form", arguments: JSONParsingTable.accepted)
    func accepted(text: JSONParsingTable.Case, canonical: String) throws {
        let value = try JSONValue(parsing: text.bytes)
        #expect(value.canonicalText == canonical)
        #expect(try JSONValue(parsing: value.canonicalText) == value)
        #expect(try JSONValue(parsing: value.indentedText) == value)
        // The stream's reader, which records places, must see the same.
        let documents = try JSONDocuments.documents(text.bytes, file: "f")
        #expect(documents.map(\.value) == [value])
    }

    @Test("Refused", arguments: JSONParsingTable.refused)
    func refused(text: JSONParsingTable.Case) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text.bytes) }
    }

    @Test("The table is as long as it claims to be")
    func size() {
        #expect(JSONParsingTable.accepted.count + JSONParsingTable.refused.count >= 200)
        let names = JSONParsingTable.accepted.map(\.0.name) + JSONParsingTable.refused.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test(
        "Errors name the place and what kind they are",
        arguments: [
            ("{\n \"a\": 1,\n \"b\": x}", .syntax, 3, 7), ("{\"é\": tru}", .syntax, 1, 7),
            ("{\"a\": 1,\n  \"b\": 2, \"a\": 3}", .duplicateKey, 2, 11),
            ("[{\"x\": {\"p\": 1, \"q\": 2}, \"y\": 1, \"x\": 2}]", .duplicateKey, 1, 34),
            ("[1,\n2", .syntax, 2, 2), ("\"abc", .syntax, 1, 1), ("[\n\t01]", .syntax, 2, 2),
        ] as [(String, ManifestError.Code, Int, Int)])
    func places(text: String, code: ManifestError.Code, line: Int, column: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.code == code)
        #expect(error?.line == line && error?.column == column, "\(error?.description ?? "")")
    }

    @Test("Bytes that are not UTF-8 are pointed at")
    func badByte() {
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: Array("[\"ab".utf8) + [0xC3, 0x28] + Array("\"]".utf8))
        }
        #expect(error?.code == .encoding)
        #expect(error?.offset == 4)
    }

    @Test("Limits are kept to the last value")
    func limits() throws {
        let limits = ReaderLimits(depth: 3, bytes: 20, aliasNodes: 0, nodes: 5)
        _ = try JSONValue(parsing: "[[[1,2]]]", limits: limits)
        for text in ["[[[[]]]]", "[1,2,3,4,5]", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""] {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text, limits: limits) }
            #expect(error?.code == .limit)
        }
    }

    @Test("Any value survives being written and read", arguments: 0..<20)
    func roundTrip(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        for _ in 0..<100 {
            let value = SeededValues.value(&random)
            #expect(try JSONValue(parsing: value.canonicalBytes) == value)
            #expect(try JSONValue(parsing: value.indentedText) == value)
            #expect(try JSONValue(parsing: value.canonicalBytes).canonicalBytes == value.canonicalBytes)
        }
    }

    @Test("No cut or changed byte of a good text crashes the reader", arguments: 0..<20)
    func damaged(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed) + 500)
        for _ in 0..<50 {
            var bytes = SeededValues.value(&random).canonicalBytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                bytes[index] = UInt8.random(in: 0...255, using: &random)
            }
            if let value = try? JSONValue(parsing: bytes) {
                #expect((try? JSONValue(parsing: value.canonicalBytes)) == value)
            }
            _ = try? YAML.documents(bytes, file: "f")
            _ = try? YAML.documents(Array(bytes.prefix(bytes.count / 2)), file: "f")
        }
    }
}

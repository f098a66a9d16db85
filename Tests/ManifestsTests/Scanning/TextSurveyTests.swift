import Testing

@testable import Manifests

@Suite("A survey of a text")
struct TextSurveyTests {
    private func parts(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return TextSurvey(bytes.span).parts.map { String(decoding: bytes[$0.range], as: UTF8.self) }
    }

    @Test(
        "splits where a line begins with three dashes, and nowhere else",
        arguments: [
            ("a: 1", ["a: 1"]), ("a: 1\n---\nb: 2\n", ["a: 1\n", "---\nb: 2\n"]), ("", [""]),
            ("a: 1\r\n--- # next\r\nb: 2", ["a: 1\r\n", "--- # next\r\nb: 2"]),
            ("a: 1\r---\rb: 2", ["a: 1\r", "---\rb: 2"]), ("a: |\n  ---\n  x", ["a: |\n  ---\n  x"]),
            ("a: |\n  -----BEGIN\n-----BEGIN\n", ["a: |\n  -----BEGIN\n-----BEGIN\n"]),
            ("# ---- head\na: 1\n---", ["# ---- head\na: 1\n", "---"]),
            ("--- {a: 1}\n---\tb", ["--- {a: 1}\n", "---\tb"]),
        ] as [(String, [String])])
    func splits(text: String, expected: [String]) {
        #expect(parts(text) == expected)
        // Wherever the blocks of sixteen bytes fall.
        for shift in 1..<20 {
            let head = String(repeating: "#", count: shift) + "\n"
            #expect(parts(head + text).joined() == head + text)
            // A text that begins with a document of its own is one more part behind the comment.
            let opens = text.hasPrefix("---") ? 0 : 1
            #expect(parts(head + text).dropFirst() == expected.dropFirst(opens))
        }
    }

    @Test("keeps a text with directives whole")
    func directives() {
        let text = "%TAG !e! tag:yaml.org,2002:bin\n---\na: !e!ary eA==\n"
        let bytes = Array(text.utf8)
        #expect(parts(text) == [text])
        #expect(TextSurvey(bytes.span).parts.map(\.hidesWords) == [true])
        #expect(parts("a: 1\n...\n%YAML 1.1\n---\nb: 2").count == 1)
    }

    @Test(
        "says where a word may hide",
        arguments: [
            (#"a: "ext\u0065nsions""#, true), (#"a: "v1\/x""#, true), ("a: \"ext\\\n  ensions\"", true),
            (#"a: "\x65""#, true), ("a: !!binary eA==", true), ("a: !<tag:yaml.org,2002:binary> eA==", true),
            (#"a: "say \"x\"\n""#, false), ("a: !Ref x", false), ("a: if [ x != y ]", false), ("a: 1", false),
        ])
    func hides(text: String, isHidden: Bool) {
        for shift in 0..<20 {
            let bytes = Array((String(repeating: "#", count: shift) + "\n" + text).utf8)
            #expect(TextSurvey(bytes.span).parts.contains { $0.hidesWords } == isHidden)
        }
    }

    @Test("knows comments and empty documents from content")
    func blank() {
        for (text, isBlank) in [
            ("", true), ("---", true), ("--- # c\n# d\n\n", true), ("# only\r\n", true), ("\u{FEFF}---\n", true),
            ("--- a", false), ("a", false), ("# c\n- a", false),
        ] {
            let bytes = Array(text.utf8)
            #expect(TextSurvey.isBlank(bytes.span, in: 0..<bytes.count) == isBlank, "\(text)")
        }
    }
}

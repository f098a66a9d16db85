import Manifests
import Testing

/// Inputs built to hang or exhaust a reader.
///
/// The bound is generous, for busy machines; what it catches is growth
/// with the square of the input, which takes minutes at these sizes.
@Suite("Hostile YAML ends quickly", .serialized)
struct YAMLHostileTests {
    /// A text and how reading it must end.
    struct Attack: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: ManifestError.Code?
        var text: @Sendable () -> String
    }

    static let attacks: [Attack] = [
        Attack(testDescription: "a million laughs", code: .limit) {
            var text = "a0: &a0 [lol]\n"
            for level in 1...12 {
                let alias = "*a\(level - 1)"
                text += "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ","))]\n"
            }
            return text
        },
        Attack(testDescription: "laughs by merging", code: .limit) {
            let members = (0..<2000).map { "k\($0): 1" }.joined(separator: ", ")
            return "a: &a {\(members)}\n" + (0..<2000).map { "b\($0): {<<: *a}\n" }.joined()
        },
        Attack(testDescription: "depth by aliases", code: .limit) {
            "a0: &a0 [x]\n" + (1...600).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined()
        },
        Attack(testDescription: "brackets", code: .limit) { String(repeating: "[", count: 1_000_000) },
        Attack(testDescription: "braces", code: .limit) { String(repeating: "{a: ", count: 250_000) },
        Attack(testDescription: "dashes", code: .limit) { String(repeating: "- ", count: 500_000) },
        Attack(testDescription: "question marks", code: .unsupportedValue) { String(repeating: "? ", count: 500_000) },
        Attack(testDescription: "brackets at the limit, many tokens", code: .syntax) {
            String(repeating: "[", count: 100) + String(repeating: "1,", count: 300_000)
        },
        Attack(testDescription: "indentation", code: .limit) {
            (0..<1000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        },
        Attack(testDescription: "tag directives", code: .limit) {
            (0..<100_000).map { "%TAG !a\($0)! b\n" }.joined() + "---\na"
        },
        Attack(testDescription: "anchors", code: nil) { (0..<100_000).map { "- &a\($0) x\n" }.joined() },
        Attack(testDescription: "a long line", code: nil) { "a: " + String(repeating: "x", count: 5_000_000) },
        Attack(testDescription: "a long name", code: .syntax) { String(repeating: "x", count: 5_000_000) + ": 1" },
        Attack(testDescription: "an open quote", code: .syntax) {
            "a: \"" + String(repeating: "x\n", count: 1_000_000)
        },
        Attack(testDescription: "escapes", code: nil) { "a: \"" + String(repeating: "\\n", count: 1_000_000) + "\"" },
        Attack(testDescription: "comments", code: nil) { String(repeating: "#\n", count: 2_000_000) },
        Attack(testDescription: "documents", code: nil) { String(repeating: "---\n", count: 200_000) },
        Attack(testDescription: "members", code: nil) { (0..<100_000).map { "k\($0 * 7919 % 100_000): 1\n" }.joined() },
        Attack(testDescription: "one name again and again", code: .duplicateKey) {
            String(repeating: "a: 1\n", count: 100_000)
        },
        Attack(testDescription: "colons", code: .syntax) { String(repeating: ":", count: 1_000_000) },
        Attack(testDescription: "block scalar of blanks", code: nil) {
            "a: |\n" + String(repeating: " \n", count: 1_000_000)
        },
    ]

    @Test("Read or refused within the bound", .timeLimit(.minutes(15)), arguments: attacks)
    func attack(_ attack: Attack) {
        let bytes = Array(attack.text().utf8)
        var code: ManifestError.Code?
        let duration = ContinuousClock().measure {
            do throws(ManifestError) {
                _ = try YAML.documents(bytes, file: "f")
            } catch {
                code = error.code
            }
        }
        #expect(code == attack.code)
        #expect(duration < .seconds(20))
    }

    @Test("The limits are exact")
    func limits() {
        let limits = ReaderLimits(depth: 3, bytes: 100, aliasNodes: 4, nodes: 20, flowDepth: 2)
        #expect(code(of: "a:\n  b:\n    c: 1", limits: limits) == nil)
        #expect(code(of: "a:\n  b:\n    c:\n      d: 1", limits: limits) == .limit)
        #expect(code(of: "[[1]]", limits: limits) == nil)
        #expect(code(of: "[[[1]]]", limits: limits) == .limit)
        #expect(code(of: "a: &x [1]\nb: *x\nc: *x", limits: limits) == nil)
        #expect(code(of: "a: &x [1]\nb: *x\nc: *x\nd: *x", limits: limits) == .limit)
        #expect(code(of: "[" + String(repeating: "1,", count: 19) + "]", limits: limits) == nil)
        #expect(code(of: "[" + String(repeating: "1,", count: 20) + "]", limits: limits) == .limit)
        #expect(code(of: String(repeating: "x", count: 101), limits: limits) == .limit)
    }
}

import Manifests

/// A small generator whose sequence depends on the seed only (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Random values that lean towards what readers and writers get wrong.
enum SeededValues {
    static func value(_ random: inout SeededRandom, depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth > 5 ? 7 : 11), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .integer(integer(&random))
        case 3: return .number(double(&random))
        case 4, 5, 6: return .string(text(&random))
        case 7, 8:
            let count = Int.random(in: 0...4, using: &random)
            return .array((0..<count).map { _ in value(&random, depth: depth + 1) })
        default:
            var members = JSONObject()
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                members[text(&random)] = value(&random, depth: depth + 1)
            }
            return .object(members)
        }
    }

    static func text(_ random: inout SeededRandom) -> String {
        if Int.random(in: 0..<4, using: &random) == 0, let known = known.randomElement(using: &random) { return known }
        let count = Int.random(in: 0...12, using: &random)
        return (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }

    private static func integer(_ random: inout SeededRandom) -> Int64 {
        let bits = Int64(bitPattern: random.next())
        return bits >> Int64.random(in: 0...63, using: &random)
    }

    private static func double(_ random: inout SeededRandom) -> Double {
        let value = Double(bitPattern: random.next())
        return value.isFinite ? value : 0.5
    }

    private static let known = [
        "", "y", "No", "on", "~", "null", "true", "0", "017", "0x1F", "1e3", "1.5", ".5", ".inf", "1_000", "12:30:45",
        "2020-01-01", "<<", "=", "-", "--", "---", "...", "?", ":", "a: b", "a #b", "#a", "a:", "- a", "? a", ": a",
        "&a", "*a", "!a", "|", ">", "'", "\"", "%a", "@a", "`a", "{a}", "[a]", ",a", "a,b", "it's", "\"q\"",
        "{\"a\":\"b\\\\c\"}", "a\nb", "a\nb\n", "a\n\nb\n\n", "\na", " a\nb", "\ta\nb", "a\n b\n  c", "a \nb", "a\n ",
        "a\n\t", "\n", "\n\n", " ", "\t", "a\r\nb", "a\u{85}b", "a\u{2028}b\nc", "\u{FEFF}", "a\u{0}b", "\u{7F}", "é",
        "e\u{301}", "切り替え", "😀", "'\u{301}", "\u{FFFE}", "\u{FFFD}", "\\n", "a'\"b", "\"\u{301}", "a: \u{301}",
        "-\u{301}", "#\u{301}", String(repeating: "long ", count: 300), String(repeating: "x", count: 1500),
    ]

    private static let pieces = [
        "a", "b", "Z", "0", "7", "_", " ", "  ", "\n", "\t", ":", "#", "-", "'", "\"", "\\", "{", "}", "[", "]", ",",
        "&", "*", "!", "|", ">", "%", "@", "`", "?", "=", "~", ".", "<", "\r", "\u{0}", "\u{1B}", "\u{85}", "\u{A0}",
        "\u{2029}", "\u{FEFF}", "é", "e\u{301}", "切", "😀", "\u{10FFFF}", "\u{E000}", ": ", " #", "\n ", "\n\n",
    ]
}

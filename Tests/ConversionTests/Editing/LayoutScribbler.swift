import Manifests

/// Writes a value as YAML in a layout made up by chance: indentation, order, quotes, comments, flow and block style.
///
/// Every comment has a number, so that a lost one shows.
struct LayoutScribbler {
    var random: SeededRandom
    private(set) var comments = 0
    /// Members whose own comments may go with them are written without any.
    let bare: Set<String>
    private let indent: Int
    private let dashIndent: Int
    private let dashWidth: Int
    private let hasComments: Bool
    private let flowChance: Int

    init(seed: UInt64, bare: Set<String>) {
        var random = SeededRandom(seed: seed)
        indent = [2, 2, 4, 3, 1].randomElement(using: &random) ?? 2
        dashIndent = [0, 0, 2, 1].randomElement(using: &random) ?? 0
        dashWidth = [2, 2, 2, 4].randomElement(using: &random) ?? 2
        hasComments = Int.random(in: 0..<4, using: &random) > 0
        flowChance = [0, 5, 25].randomElement(using: &random) ?? 0
        self.bare = bare
        self.random = random
    }

    mutating func document(_ value: JSONValue) -> String {
        var text = ""
        if chance(30) { text += "# the file's own comment, number 0\n" }
        if chance(30) { text += "---\(chance(30) ? " # begins" : "")\n" }
        return text + block(value, column: 0, isBare: false).joined(separator: "\n") + "\n"
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func comment() -> String {
        comments += 1
        return "# comment \(comments)-"
    }

    private mutating func block(_ value: JSONValue, column: Int, isBare: Bool) -> [String] {
        switch value {
        case .object(let members): mapping(members, column: column, isBare: isBare)
        case .array(let elements): elements.flatMap { item($0, dash: column, isBare: isBare) }
        default: [scalar(value, column: column)]
        }
    }

    private mutating func mapping(_ members: JSONObject, column: Int, isBare: Bool) -> [String] {
        let pad = String(repeating: " ", count: column)
        var lines: [String] = []
        for (position, member) in Array(members).shuffled(using: &random).enumerated() {
            let isBare = isBare || bare.contains(member.key)
            let mayComment = hasComments && !isBare
            if mayComment, position > 0, chance(15) { lines.append(pad + comment()) }
            if mayComment, position > 0, chance(8) { lines.append(chance(50) ? "" : "  ") }
            let key = name(member.key)
            let colon = ":" + (chance(10) ? "   " : " ")
            if member.value.isFilled, !chance(flowChance) {
                let isArray = member.value.array != nil
                lines.append(pad + key + ":" + (mayComment && chance(10) ? "  " + comment() : ""))
                lines += block(member.value, column: column + (isArray ? dashIndent : indent), isBare: isBare)
            } else {
                let text = scalar(member.value, column: column)
                let isBlock = text.contains("\n")
                lines += (pad + key + colon + text + (!isBlock && mayComment && chance(15) ? " " + comment() : ""))
                    .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            }
        }
        return lines
    }

    private mutating func item(_ value: JSONValue, dash: Int, isBare: Bool) -> [String] {
        let head = String(repeating: " ", count: dash) + "-" + String(repeating: " ", count: dashWidth - 1)
        let column = dash + dashWidth
        var lines: [String] = []
        if hasComments, !isBare, chance(10) { lines.append(String(repeating: " ", count: dash) + comment()) }
        guard value.isFilled, !chance(flowChance) else { return lines + [head + scalar(value, column: column)] }
        let inner = block(value, column: column, isBare: isBare)
        return lines + [head + (inner.first ?? "").drop { $0 == " " }] + inner.dropFirst()
    }

    /// A scalar, or a container in braces, behind a name or dash.
    private mutating func scalar(_ value: JSONValue, column: Int) -> String {
        switch value {
        case .string(let text): return string(text, column: column, isFlow: false)
        case .array, .object: return flow(value)
        default: return value.canonicalText
        }
    }

    private mutating func flow(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): return string(text, column: 0, isFlow: true)
        case .array(let elements):
            var parts: [String] = []
            for element in elements { parts.append(flow(element)) }
            return "[" + parts.joined(separator: chance(50) ? ", " : " , ") + "]"
        case .object(let members):
            var parts: [String] = []
            for member in Array(members).shuffled(using: &random) {
                parts.append("\(name(member.key)): \(flow(member.value))")
            }
            let space = chance(50) ? " " : ""
            return "{\(space)" + parts.joined(separator: ", ") + "\(space)}"
        default: return value.canonicalText
        }
    }

    private mutating func name(_ text: String) -> String {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: "\"\(text)\""
        case 1: "'\(text)'"
        default: YAML.name(text)
        }
    }

    private mutating func string(_ text: String, column: Int, isFlow: Bool) -> String {
        let isWord = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "'") }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return JSONValue.string(text).canonicalText
        case 1 where isWord: return "'\(text)'"
        case 2 where isWord && !isFlow && !text.isEmpty:
            return "\(chance(50) ? "|" : ">")-\n\(String(repeating: " ", count: column + 2))\(text)"
        default:
            let isSafe = text.utf8.allSatisfy { !"{}[],:#&*!|>'\"%@`".utf8.contains($0) }
            return isFlow && !isSafe
                ? JSONValue.string(text).canonicalText : YAML.scalar(value(text), indentation: column + 2)
        }
    }

    private func value(_ text: String) -> JSONValue { .string(text) }
}

extension JSONValue {
    fileprivate var isFilled: Bool { !(object?.isEmpty ?? true) || !(array?.isEmpty ?? true) }
}

/// Chance that can be repeated (SplitMix64).
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

/// Makes documents out of others, the same for a seed: put together, cut, escaped, re-encoded, damaged.
struct ManifestMutation {
    private var state: UInt64
    private let documents: [[UInt8]]

    init(seed: UInt64, texts: [[UInt8]]) {
        state = seed
        documents = texts.flatMap { text in
            String(decoding: text, as: UTF8.self).split(separator: "\n---\n").map { Array($0.utf8) }
        }
    }

    /// The next text: some documents, most of them changed somewhere.
    mutating func next() -> [UInt8] {
        var text: [UInt8] = []
        for index in 0...below(3) {
            var document = documents[below(documents.count)]
            for _ in 0..<below(4) { change(&document) }
            if index > 0 {
                text += Array(
                    ["\n---\n", "\r\n---\r\n", "\n--- # x\n", "\n...\n---\n", "\r---\r", "\n...\n", "\r...\r"][below(7)]
                        .utf8)
            }
            text += document
        }
        switch below(12) {
        case 0: return [0xEF, 0xBB, 0xBF] + text
        case 1: return [0xFF, 0xFE] + text.flatMap { [$0, 0] as [UInt8] }
        case 2: return [0xFE, 0xFF] + text.flatMap { [0, $0] as [UInt8] }
        case 3: return Array("%TAG ! tag:yaml.org,2002:\n---\n".utf8) + text
        default: return text
        }
    }

    private mutating func change(_ text: inout [UInt8]) {
        guard !text.isEmpty else { return }
        let place = below(text.count)
        switch below(9) {
        case 0: text[place] = UInt8(below(256))
        case 1: text.remove(at: place)
        case 2: text.removeSubrange(place..<min(text.count, place + below(40)))
        case 3: text.insert(contentsOf: text[place..<min(text.count, place + below(40))], at: below(text.count))
        case 4: escape(&text, near: place)
        case 5: text = text.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] as [UInt8] }
        case 6: fold(&text, near: place)
        default:
            let piece = Self.pieces[below(Self.pieces.count)]
            text.insert(contentsOf: Array(piece.utf8), at: place)
        }
    }

    private static let pieces = [
        "\\", "\\u0065", "!!binary ", "!!str ", "&a ", "*a", "<<: *a\n", "{{", "\"", "'", "\n---\n", "\n%TAG ! x\n",
        "\0",
        "batch/v1beta1", "kind: CronJob\n", "extensions/v1beta1", "\u{2028}", "\u{85}", "\t", ": ", "\n- ", "# ", "|\n",
        "\r", "kind: ConfigMap\n", "\nkind: Pod\n", "apiVersion: v1\n", "\n...\n", "---\n",
    ]

    /// Puts a plain value into quotes, one letter of it as an escape.
    private mutating func escape(_ text: inout [UInt8], near place: Int) {
        guard let colon = text[place...].firstIndex(of: UInt8(ascii: ":")), colon + 2 < text.count,
            text[colon + 1] == 0x20
        else { return }
        let end = text[(colon + 2)...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? text.count
        var value = Array(text[(colon + 2)..<end])
        guard !value.isEmpty, !value.contains(where: { "\"'\\{[|>&*!#".utf8.contains($0) }) else { return }
        let letter = below(value.count)
        let hex = String(value[letter], radix: 16)
        let form = ["\\x", "\\u00", "\\U000000"][below(3)] + (hex.count == 1 ? "0" : "") + hex
        value.replaceSubrange(letter...letter, with: Array(form.utf8))
        text.replaceSubrange((colon + 2)..<end, with: [UInt8(ascii: "\"")] + value + [UInt8(ascii: "\"")])
    }

    /// Breaks a value over two lines, in one of the ways that YAML joins again.
    private mutating func fold(_ text: inout [UInt8], near place: Int) {
        guard let colon = text[place...].firstIndex(of: UInt8(ascii: ":")), colon + 4 < text.count,
            text[colon + 1] == 0x20
        else { return }
        let end = text[(colon + 2)...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? text.count
        var value = Array(text[(colon + 2)..<end])
        guard value.count > 1, !value.contains(where: { "\"'\\{[|>&*!#".utf8.contains($0) }) else { return }
        let middle = 1 + below(value.count - 1)
        let blank = "                    "
        switch below(3) {
        case 0:
            value.insert(contentsOf: Array("\\\n\(blank)".utf8), at: middle)
            value = [UInt8(ascii: "\"")] + value + [UInt8(ascii: "\"")]
        case 1: value.insert(contentsOf: Array("\n\(blank)".utf8), at: middle)
        default: value = Array(">-\n\(blank)".utf8) + value
        }
        text.replaceSubrange((colon + 2)..<end, with: value)
    }

    private mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(limit))
    }
}

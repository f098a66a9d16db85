/// The named templates of a chart, and what those of them come to that only depend on the target.
///
/// Charts keep the choice of an `apiVersion` in their `_helpers.tpl`; where it rests on `.Capabilities` alone it is known.
struct TemplateDefinitions: Sendable {
    private var bodies: [String: [UInt8]] = [:]

    /// Adds the definitions of a text.
    mutating func add(_ text: [UInt8]) {
        // The definition that is open, and how many blocks are open in it.
        var open: (name: String, start: Int, depth: Int)?
        var position = 0
        while let start = TemplateMask.start(in: text, from: position) {
            let end = TemplateMask.end(of: start, in: text)
            let words = String(decoding: text[(start + 2)..<max(start + 2, end - 2)], as: UTF8.self)
                .split(whereSeparator: \.isWhitespace).filter { $0 != "-" }
            let word = words.first.map { $0.hasPrefix("-") ? $0.dropFirst() : $0 } ?? ""
            switch word {
            case "define" where open == nil:
                let name = words.count > 1 ? words[1].filter { $0 != "\"" && $0 != "`" } : ""
                open = (name, end, 0)
            case "if", "range", "with", "block", "define": open?.depth += 1
            case "end":
                if let definition = open, definition.depth == 0 {
                    bodies[definition.name] = Array(text[definition.start..<start])
                    open = nil
                } else {
                    open?.depth -= 1
                }
            default: break
            }
            position = end
        }
    }

    /// What a named template renders to; unknown where that depends on more than the target.
    func render(
        _ name: String, capabilities: TemplateCapabilities?, depth: Int = 0
    ) -> TemplateExpression.Value {
        guard depth < 8, let body = bodies[name] else { return .unknown }
        let mask = TemplateMask(body, capabilities: capabilities) { inner in
            render(inner, capabilities: capabilities, depth: depth + 1)
        }
        let text = mask.bytes.filter { $0 != TemplateMask.statement && $0 > 0x20 || $0 == TemplateMask.value }
        guard !text.contains(TemplateMask.value), mask.sides.allSatisfy({ $0.sides.isEmpty }) else { return .unknown }
        return .text(String(decoding: text, as: UTF8.self))
    }
}

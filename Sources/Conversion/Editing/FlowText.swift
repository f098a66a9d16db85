import Manifests

/// Names and scalars in the quotes that a place asks for.
struct FlowText {
    let isJSON: Bool

    /// A scalar, or an empty container, in quotes like those it had before.
    func scalar(
        _ value: JSONValue, _ style: LayoutNode.ScalarStyle, isFlow: Bool, indentation: Int
    ) -> String {
        guard !isJSON, case .string(let text) = value else {
            return isJSON || isFlow || !value.isContainer ? value.canonicalText : YAML.scalar(value, indentation: 0)
        }
        let isSimple = text.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) || $0.value > 0xFF }
        switch style {
        case .doubleQuoted where isSimple: return value.canonicalText
        case .singleQuoted where isSimple:
            return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
        default: return isFlow ? flowString(text) : YAML.scalar(value, indentation: indentation)
        }
    }

    /// A value on one line within brackets or braces.
    func inline(_ value: JSONValue) -> String {
        if isJSON { return value.canonicalText }
        switch value {
        case .string(let text): return flowString(text)
        case .array(let elements): return "[" + elements.map(inline).joined(separator: ", ") + "]"
        case .object(let members):
            return "{"
                + MemberOrder.ordered(members).map { "\(flowString($0.key)): \(inline($0.value))" }
                .joined(separator: ", ") + "}"
        default: return value.canonicalText
        }
    }

    /// Plain only where nothing in it could end the text within brackets.
    private func flowString(_ text: String) -> String {
        let isSafe = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "._-/".utf8.contains(byte)
        }
        return isSafe && YAML.isPlain(text) ? text : JSONValue.string(text).canonicalText
    }
}

/// Names of new members in block style.
enum BlockText {
    /// A name in the quotes that all its siblings wear.
    static func name(_ name: String, like siblings: [LayoutNode.Member]) -> String {
        let styles = Set(
            siblings.map { member -> LayoutNode.ScalarStyle in
                if case .scalar(let style) = member.key.shape { style } else { .plain }
            })
        if styles == [.doubleQuoted] { return JSONValue.string(name).canonicalText }
        return YAML.name(name)
    }
}

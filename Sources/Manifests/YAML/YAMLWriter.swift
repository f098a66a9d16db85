/// Lays a value out in block style, two spaces per level, lists not indented below their name, as kubectl does.
struct YAMLWriter {
    private let ranks: [String: Int]
    private var text = ""

    init(keyOrder: [String]) {
        ranks = Dictionary(zip(keyOrder, keyOrder.indices), uniquingKeysWith: { first, _ in first })
    }

    mutating func document(_ value: JSONValue) -> String {
        text = ""
        node(value, indentation: 0, leadIn: "")
        return text
    }

    /// Writes a value and its line feed.
    ///
    /// `leadIn` separates it from a name or dash on the same line; a container's members begin a line of their own
    /// below a name.
    private mutating func node(_ value: JSONValue, indentation: Int, leadIn: String) {
        switch value {
        case .object(let members) where !members.isEmpty:
            if !leadIn.isEmpty { text += "\n" }
            mapping(members, indentation: indentation, isFirstLinePlaced: false)
        case .array(let elements) where !elements.isEmpty:
            if !leadIn.isEmpty { text += "\n" }
            sequence(elements, indentation: indentation, isFirstLinePlaced: false)
        default:
            text += leadIn
            text += YAMLScalarWriter.value(value, indentation: indentation)
            text += "\n"
        }
    }

    private mutating func mapping(_ members: JSONObject, indentation: Int, isFirstLinePlaced: Bool) {
        var isPlaced = isFirstLinePlaced
        for member in ordered(members) {
            if !isPlaced { indent(indentation) }
            isPlaced = false
            let name = YAMLScalarWriter.name(member.key)
            // YAML looks for the colon on the same line and within 1024 characters only.
            let isLong = name.utf8.count > 1000
            text += isLong ? "? \(name)\n\(String(repeating: " ", count: indentation)):" : "\(name):"
            // A list's dashes may stand below the name itself.
            let isList = if case .array(let elements) = member.value { !elements.isEmpty } else { false }
            node(member.value, indentation: isList ? indentation : indentation + 2, leadIn: " ")
        }
    }

    private mutating func sequence(_ elements: [JSONValue], indentation: Int, isFirstLinePlaced: Bool) {
        var isPlaced = isFirstLinePlaced
        for element in elements {
            if !isPlaced { indent(indentation) }
            isPlaced = false
            text += "-"
            switch element {
            case .object(let members) where !members.isEmpty:
                text += " "
                mapping(members, indentation: indentation + 2, isFirstLinePlaced: true)
            case .array(let inner) where !inner.isEmpty:
                text += " "
                sequence(inner, indentation: indentation + 2, isFirstLinePlaced: true)
            default: node(element, indentation: indentation + 2, leadIn: " ")
            }
        }
    }

    private func ordered(_ members: JSONObject) -> [JSONObject.Member] {
        var first: [(rank: Int, member: JSONObject.Member)] = []
        var rest: [JSONObject.Member] = []
        for member in members {
            if let rank = ranks[member.key] { first.append((rank, member)) } else { rest.append(member) }
        }
        return first.sorted { $0.rank < $1.rank }.map(\.member) + rest
    }

    private mutating func indent(_ count: Int) {
        text += String(repeating: " ", count: count)
    }
}

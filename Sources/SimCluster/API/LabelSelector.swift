import Manifests

/// A label selector in the form of a query: `app=x,tier in (a,b),!old,n>3`.
struct LabelSelector: Sendable, Hashable {
    private enum Rule: Sendable, Hashable {
        case exists(String)
        case missing(String)
        case among(String, [String])
        case notAmong(String, [String])
        case greater(String, Int)
        case less(String, Int)
    }

    private var rules: [Rule] = []

    /// Selects everything.
    init() {}

    /// Reads the query form.
    init(parsing text: String) throws(APIStatus) {
        var scanner = Scanner(text)
        guard !scanner.isAtEnd else { return }
        while true {
            rules.append(try Self.rule(&scanner))
            if scanner.isAtEnd { return }
            guard scanner.take(",") else {
                throw .badRequest("found '\(scanner.peek())', expected: ',' or 'end of string'")
            }
        }
    }

    /// The selector of a workload's `spec.selector`; nil when that is none.
    init?(_ value: JSONValue?) {
        guard let value = value?.object else { return nil }
        for label in value["matchLabels"]?.object ?? [:] {
            rules.append(.among(label.key, [label.value.string ?? ""]))
        }
        for expression in value["matchExpressions"]?.array ?? [] {
            let key = expression["key"]?.string ?? ""
            let values = (expression["values"]?.array ?? []).compactMap(\.string)
            switch expression["operator"]?.string {
            case "In": rules.append(.among(key, values))
            case "NotIn": rules.append(.notAmong(key, values))
            case "Exists": rules.append(.exists(key))
            case "DoesNotExist": rules.append(.missing(key))
            default: return nil
            }
        }
    }

    /// True when nothing is asked.
    var isEmpty: Bool { rules.isEmpty }

    /// Whether labels fulfil all rules.
    func matches(_ labels: JSONObject) -> Bool {
        rules.allSatisfy { rule in
            switch rule {
            case .exists(let key): labels[key] != nil
            case .missing(let key): labels[key] == nil
            case .among(let key, let values): labels[key]?.string.map(values.contains) ?? false
            case .notAmong(let key, let values): labels[key]?.string.map { !values.contains($0) } ?? true
            case .greater(let key, let bound): labels[key]?.string.flatMap { Int($0) }.map { $0 > bound } ?? false
            case .less(let key, let bound): labels[key]?.string.flatMap { Int($0) }.map { $0 < bound } ?? false
            }
        }
    }

    private static func rule(_ scanner: inout Scanner) throws(APIStatus) -> Rule {
        if scanner.take("!") {
            return .missing(try identifier(&scanner))
        }
        let key = try identifier(&scanner)
        if scanner.isAtEnd || scanner.peek() == "," { return .exists(key) }
        if scanner.take("==") || scanner.take("=") { return .among(key, [try value(&scanner)]) }
        if scanner.take("!=") { return .notAmong(key, [try value(&scanner)]) }
        if scanner.take(">") { return .greater(key, try integer(&scanner)) }
        if scanner.take("<") { return .less(key, try integer(&scanner)) }
        switch scanner.word() {
        case "in": return .among(key, try values(&scanner))
        case "notin": return .notAmong(key, try values(&scanner))
        case let other:
            throw .badRequest(
                "unable to parse requirement: found '\(other)', expected: in, notin, =, ==, !=, gt, lt")
        }
    }

    private static func identifier(_ scanner: inout Scanner) throws(APIStatus) -> String {
        let word = scanner.word()
        guard !word.isEmpty else {
            throw .badRequest("unable to parse requirement: found '\(scanner.peek())', expected: identifier")
        }
        return word
    }

    private static func value(_ scanner: inout Scanner) throws(APIStatus) -> String {
        let word = scanner.word()
        guard NameRules.isLabelValue(word) else {
            throw .badRequest("unable to parse requirement: values[0]: Invalid value: \"\(word)\"")
        }
        return word
    }

    private static func integer(_ scanner: inout Scanner) throws(APIStatus) -> Int {
        guard let number = Int(scanner.word()) else {
            throw .badRequest(
                "unable to parse requirement: values[0]: for 'Gt', 'Lt' operators, the value must be an integer")
        }
        return number
    }

    private static func values(_ scanner: inout Scanner) throws(APIStatus) -> [String] {
        guard scanner.take("(") else {
            throw .badRequest("unable to parse requirement: found '\(scanner.peek())' expected: '('")
        }
        var values: [String] = []
        repeat { values.append(try value(&scanner)) } while scanner.take(",")
        guard scanner.take(")") else {
            throw .badRequest("unable to parse requirement: found '\(scanner.peek())', expected: ',' or ')'")
        }
        return values
    }

    /// Words and signs of a selector; blanks between them do not count.
    private struct Scanner {
        private var rest: Substring

        init(_ text: String) {
            rest = text[...]
            skip()
        }

        var isAtEnd: Bool { rest.isEmpty }

        func peek() -> String { rest.first.map(String.init) ?? "" }

        mutating func take(_ sign: String) -> Bool {
            guard rest.hasPrefix(sign) else { return false }
            rest = rest.dropFirst(sign.count)
            skip()
            return true
        }

        mutating func word() -> String {
            let word = rest.prefix { !"=!<>(), ".contains($0) }
            rest = rest.dropFirst(word.count)
            skip()
            return String(word)
        }

        private mutating func skip() { rest = rest.drop { $0 == " " } }
    }
}

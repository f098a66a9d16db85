/// The small part of Go's template expressions that says something about versions; everything else is unknown.
struct TemplateExpression {
    /// What an expression comes to.
    enum Value: Equatable {
        case text(String)
        case number(Int)
        case truth(Bool)
        /// Depends on values, on the release, on functions that are not known here.
        case unknown

        /// Whether Go takes it for true; nil where that is not known.
        var isTrue: Bool? {
            switch self {
            case .text(let text): !text.isEmpty
            case .number(let number): number != 0
            case .truth(let truth): truth
            case .unknown: nil
            }
        }
    }

    /// What was assigned before, by the variable's name with its dollar sign.
    var variables: [String: Value]
    let capabilities: TemplateCapabilities?
    /// What a named template renders to.
    let include: (String) -> Value

    /// What the text of an action comes to.
    func evaluate(_ text: Substring) -> Value {
        var tokens = Self.tokens(text)[...]
        return pipeline(&tokens, depth: 0)
    }

    private enum Token: Equatable {
        case word(String)
        case string(String)
        case open, close, pipe
    }

    private func pipeline(_ tokens: inout ArraySlice<Token>, depth: Int) -> Value {
        guard depth < 30 else { return .unknown }
        var last: Value?
        while true {
            var function: String?
            var arguments: [Value] = []
            var isFirst = true
            loop: while let token = tokens.first {
                switch token {
                case .pipe, .close: break loop
                case .open:
                    tokens.removeFirst()
                    arguments.append(pipeline(&tokens, depth: depth + 1))
                    if tokens.first == .close { tokens.removeFirst() }
                    // A field of what stands in the parentheses.
                    if case .word(let word)? = tokens.first, word.hasPrefix(".") {
                        tokens.removeFirst()
                        arguments[arguments.count - 1] = .unknown
                    }
                case .string(let text):
                    tokens.removeFirst()
                    arguments.append(.text(text))
                case .word(let word):
                    tokens.removeFirst()
                    if isFirst, Self.isFunction(word) { function = word } else { arguments.append(operand(word)) }
                }
                isFirst = false
            }
            if let last { arguments.append(last) }
            last = function.map { call($0, arguments) } ?? (arguments.count == 1 ? arguments[0] : .unknown)
            guard tokens.first == .pipe else { return last ?? .unknown }
            tokens.removeFirst()
        }
    }

    private static func isFunction(_ word: String) -> Bool {
        if word.hasSuffix(".Capabilities.APIVersions.Has") { return true }
        guard let first = word.first else { return false }
        return first.isLetter && word != "true" && word != "false" && word != "nil"
    }

    private func operand(_ word: String) -> Value {
        if word == "true" || word == "false" { return .truth(word == "true") }
        if let number = Int(word) { return .number(number) }
        if let value = variables[word] { return value }
        let names = word.split(separator: ".")
        guard let capabilities, let place = names.firstIndex(of: "Capabilities"), place <= 1,
            names.indices.contains(place + 1), names[place + 1] == "KubeVersion"
        else { return .unknown }
        switch names.dropFirst(place + 2).first {
        case nil, "Version", "GitVersion": return .text("v\(capabilities.version).0")
        case "Major": return .text("\(capabilities.version.major)")
        case "Minor": return .text("\(capabilities.version.minor)")
        default: return .unknown
        }
    }

    private func call(_ function: String, _ arguments: [Value]) -> Value {
        if function.hasSuffix(".APIVersions.Has") { return has(arguments) }
        switch function {
        case "semverCompare":
            guard arguments.count == 2, case .text(let constraint) = arguments[0], case .text(let text) = arguments[1],
                let version = KubernetesVersion(text)
            else { return .unknown }
            return VersionConstraint(constraint)?.isMet(by: version).map(Value.truth) ?? .unknown
        case "not": return arguments.first?.isTrue.map { .truth(!$0) } ?? .unknown
        case "and":
            if arguments.contains(where: { $0.isTrue == false }) { return .truth(false) }
            return arguments.contains(.unknown) ? .unknown : arguments.last ?? .unknown
        case "or":
            if let first = arguments.first(where: { $0.isTrue == true }) { return first }
            return arguments.contains(.unknown) ? .unknown : arguments.last ?? .unknown
        case "eq", "ne":
            guard arguments.count == 2, !arguments.contains(.unknown) else { return .unknown }
            return .truth((arguments[0] == arguments[1]) == (function == "eq"))
        case "lt", "le", "gt", "ge":
            guard arguments.count == 2, case .number(let a) = arguments[0], case .number(let b) = arguments[1] else {
                return .unknown
            }
            return .truth(function == "lt" ? a < b : function == "le" ? a <= b : function == "gt" ? a > b : a >= b)
        case "int", "int64", "atoi":
            if case .text(let text)? = arguments.last, let number = Int(text) { return .number(number) }
            if case .number? = arguments.last { return arguments.last ?? .unknown }
            return .unknown
        // A value that may be set is taken for unset: that is how charts are delivered.
        case "default", "coalesce", "ternary":
            guard function == "default", arguments.count == 2 else { return .unknown }
            return arguments[1] == .unknown ? arguments[0] : arguments[1].isTrue == true ? arguments[1] : arguments[0]
        case "print", "quote", "squote", "toString", "trim", "trimSuffix", "trimPrefix", "lower":
            return arguments.last ?? .unknown
        case "include", "template":
            guard case .text(let name)? = arguments.first else { return .unknown }
            return include(name)
        default: return .unknown
        }
    }

    private func has(_ arguments: [Value]) -> Value {
        guard let capabilities, arguments.count == 1, case .text(let text) = arguments[0] else { return .unknown }
        let words = text.split(separator: "/")
        // A last word that begins with a capital is a kind: `networking.k8s.io/v1/Ingress`.
        let kind = words.last.flatMap { $0.first?.isUppercase == true ? String($0) : nil }
        let apiVersion = (kind == nil ? words : words.dropLast()).joined(separator: "/")
        return capabilities.serves(apiVersion, kind).map(Value.truth) ?? .unknown
    }

    /// By scalars, not by characters: a return and a line feed would be one.
    private static func tokens(_ text: Substring) -> [Token] {
        var tokens: [Token] = []
        var rest = text.unicodeScalars
        while let first = rest.popFirst() {
            switch first {
            case " ", "\t", "\n", "\r": break
            case "(": tokens.append(.open)
            case ")": tokens.append(.close)
            case "|": tokens.append(.pipe)
            case "\"", "`":
                let content = rest.prefix { $0 != first }
                tokens.append(.string(String(content)))
                rest = rest.dropFirst(content.count + 1)
            default:
                let tail = rest.prefix { !" \t\r\n()|\"`".unicodeScalars.contains($0) }
                tokens.append(.word(String(first) + String(tail)))
                rest = rest.dropFirst(tail.count)
            }
        }
        return tokens
    }
}

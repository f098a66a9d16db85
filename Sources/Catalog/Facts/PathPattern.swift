public import Manifests

/// A set of places inside an object, such as `spec.containers[].(command|args)[]`.
///
/// `[]` is each element of a list, `{}` each member of a map, `..` whatever lies below at any depth, `(a|b)` either.
/// A pattern that begins with `/` starts at the object's root wherever the others start.
public struct PathPattern: Sendable, Hashable, CustomStringConvertible {
    /// One step down.
    public enum Step: Sendable, Hashable {
        case member(String)
        case each
        case anywhere
        case either([PathPattern])
    }

    /// A place that the pattern names, with what stands there.
    public typealias Place = (path: FieldPath, value: JSONValue)

    public var steps: [Step]
    /// Whether it starts at the object's root.
    public var isAbsolute: Bool

    public init(_ steps: [Step] = [], isAbsolute: Bool = false) {
        self.steps = steps
        self.isAbsolute = isAbsolute
    }

    /// Reads the written form; nil when parentheses do not close or a step is empty.
    public init?(_ text: some StringProtocol) {
        var rest = Substring(text)
        isAbsolute = rest.hasPrefix("/")
        if isAbsolute { rest.removeFirst() }
        steps = []
        while let first = rest.first {
            if rest.hasPrefix("[]") || rest.hasPrefix("{}") {
                steps.append(.each)
                rest.removeFirst(2)
            } else if rest.hasPrefix("..") {
                steps.append(.anywhere)
                rest.removeFirst(2)
            } else if first == "." {
                rest.removeFirst()
                guard let next = rest.first, next != ".", next != "[", next != "{" else { return nil }
            } else if first == "(" {
                guard let end = rest.firstIndex(of: ")") else { return nil }
                let inner = rest[rest.index(after: rest.startIndex)..<end]
                let alternatives = inner.split(separator: "|", omittingEmptySubsequences: false)
                let patterns = alternatives.compactMap { PathPattern($0) }
                guard patterns.count == alternatives.count, patterns.allSatisfy({ !$0.steps.isEmpty }) else {
                    return nil
                }
                steps.append(.either(patterns))
                rest = rest[rest.index(after: end)...]
            } else {
                let name = rest.prefix { !".[{(".contains($0) }
                guard !name.isEmpty, !name.contains(where: { "]})".contains($0) }) else { return nil }
                steps.append(.member(String(name)))
                rest = rest.dropFirst(name.count)
            }
        }
    }

    public var description: String {
        var text = isAbsolute ? "/" : ""
        for step in steps {
            let dot = text.isEmpty || text.hasSuffix(".") || text == "/" ? "" : "."
            switch step {
            case .member(let name): text += dot + name
            case .each: text += "[]"
            case .anywhere: text += ".."
            case .either(let patterns): text += "\(dot)(\(patterns.map(\.description).joined(separator: "|")))"
            }
        }
        return text
    }

    /// This pattern and another one further down.
    public func appending(_ other: PathPattern) -> PathPattern {
        PathPattern(steps + other.steps, isAbsolute: isAbsolute)
    }

    /// Every place in a value that the pattern names and that holds something, in the order of the value.
    public func places(in value: JSONValue, at path: FieldPath = FieldPath()) -> [Place] {
        var places: [Place] = []
        Self.walk(value, path, steps[...], &places)
        return places
    }

    /// Whether it names any place in the value.
    public func exists(in value: JSONValue) -> Bool {
        var value = value
        // The common case needs no list of places.
        for (index, step) in steps.enumerated() {
            guard case .member(let name) = step else {
                return !PathPattern(Array(steps[index...])).places(in: value).isEmpty
            }
            guard let next = value[name] else { return false }
            value = next
        }
        return true
    }

    private static func walk(
        _ value: JSONValue, _ path: FieldPath, _ steps: ArraySlice<Step>, _ places: inout [Place]
    ) {
        guard let step = steps.first else {
            places.append((path, value))
            return
        }
        let rest = steps.dropFirst()
        switch step {
        case .member(let name):
            if let next = value[name] { walk(next, path.member(name), rest, &places) }
        case .each:
            each(value, path) { walk($0, $1, rest, &places) }
        case .either(let patterns):
            for pattern in patterns { walk(value, path, pattern.steps + rest, &places) }
        case .anywhere:
            walk(value, path, rest, &places)
            each(value, path) { walk($0, $1, steps, &places) }
        }
    }

    private static func each(_ value: JSONValue, _ path: FieldPath, _ body: (JSONValue, FieldPath) -> Void) {
        switch value {
        case .array(let elements):
            for (index, element) in elements.enumerated() { body(element, path.index(index)) }
        case .object(let members):
            for member in members { body(member.value, path.member(member.key)) }
        default: break
        }
    }

    /// The deepest place along the pattern that exists, for saying where something is missing.
    public func nearest(in value: JSONValue) -> FieldPath {
        var value = value
        var path = FieldPath()
        for step in steps {
            guard case .member(let name) = step, let next = value[name] else { break }
            value = next
            path = path.member(name)
        }
        return path
    }

    /// Names that all stand on the way to every place it names.
    public var names: Set<String> {
        Set(steps.compactMap { if case .member(let name) = $0 { name } else { nil } })
    }

    /// For each of its forks, names of which one stands on the way to every place it names.
    public var eitherNames: [Set<String>] {
        steps.compactMap { step in
            guard case .either(let patterns) = step else { return nil }
            let names = patterns.map { $0.names.max { $0.utf8.count < $1.utf8.count } }
            return names.contains(nil) ? nil : Set(names.compactMap(\.self))
        }
    }
}

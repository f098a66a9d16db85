/// A place inside an object, written as kubectl's JSONPath does: `spec.template.spec.containers[0].image`.
///
/// A member name that is no plain word is bracketed: `metadata.annotations['kubernetes.io/ingress.class']`.
public struct FieldPath: Sendable, Hashable, Codable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// One step down.
    public enum Element: Sendable, Hashable {
        case member(String)
        case index(Int)
    }

    public var elements: [Element]

    public init(_ elements: [Element] = []) { self.elements = elements }

    /// Reads the written form; nil when brackets or quotes do not close.
    public init?(_ text: String) {
        var elements: [Element] = []
        var rest = Substring(text)
        while let first = rest.first {
            if first == "." {
                rest.removeFirst()
            } else if first == "[" {
                rest.removeFirst()
                if rest.first == "'" {
                    rest.removeFirst()
                    guard let end = rest.range(ofText: "']") else { return nil }
                    elements.append(.member(String(rest[..<end.lowerBound])))
                    rest = rest[end.upperBound...]
                } else {
                    guard let end = rest.firstIndex(of: "]"), let index = Int(rest[..<end]), index >= 0 else {
                        return nil
                    }
                    elements.append(.index(index))
                    rest = rest[rest.index(after: end)...]
                }
            } else {
                let word = rest.prefix { $0 != "." && $0 != "[" }
                elements.append(.member(String(word)))
                rest = rest.dropFirst(word.count)
            }
        }
        self.init(elements)
    }

    /// For paths written in code, where a malformed one is a mistake of the programmer.
    public init(stringLiteral text: String) {
        guard let path = FieldPath(text) else { preconditionFailure("malformed field path: \(text)") }
        self = path
    }

    /// This path and one member further down.
    public func member(_ name: String) -> FieldPath { FieldPath(elements + [.member(name)]) }
    /// This path and one list element further down.
    public func index(_ index: Int) -> FieldPath { FieldPath(elements + [.index(index)]) }

    public var description: String {
        var text = ""
        for element in elements {
            switch element {
            case .index(let index): text += "[\(index)]"
            case .member(let name):
                let plain =
                    !name.isEmpty
                    && name.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "$")
                    }
                text += plain ? (text.isEmpty ? name : ".\(name)") : "['\(name)']"
            }
        }
        return text
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let path = FieldPath(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a field path: \(text)"))
        }
        self = path
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Substring {
    fileprivate func range(ofText text: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
            index = self.index(after: index)
        }
        return nil
    }
}

extension JSONValue {
    /// The value at that place, or nil when any step is missing.
    ///
    /// Setting creates missing objects on the way (never list elements); setting nil removes the member and leaves what
    /// is around it.
    public subscript(path: FieldPath) -> JSONValue? {
        get {
            var value: JSONValue? = self
            for element in path.elements {
                switch element {
                case .member(let name): value = value?[name]
                case .index(let index): value = value?[index]
                }
                if value == nil { return nil }
            }
            return value
        }
        set { set(path.elements[...], to: newValue) }
    }

    private mutating func set(_ path: ArraySlice<FieldPath.Element>, to newValue: JSONValue?) {
        guard let first = path.first else {
            self = newValue ?? .null
            return
        }
        let rest = path.dropFirst()
        switch first {
        case .member(let name):
            var members = object ?? [:]
            if rest.isEmpty {
                members[name] = newValue
            } else if var child = members[name] ?? (newValue == nil ? nil : .object([:])) {
                members[name] = nil
                child.set(rest, to: newValue)
                members[name] = child
            }
            self = .object(members)
        case .index(let index):
            guard case .array(var elements) = self, elements.indices.contains(index) else { return }
            if rest.isEmpty {
                if let newValue { elements[index] = newValue } else { elements.remove(at: index) }
            } else {
                elements[index].set(rest, to: newValue)
            }
            self = .array(elements)
        }
    }
}

/// A JSON value as the Kubernetes API machinery understands it.
///
/// Numbers follow apimachinery's unstructured decoding: what fits a signed 64-bit integer is an integer,
/// everything else is an IEEE double. A whole number within that range is an integer however it was written (`1.0`,
/// `1e3`), since an API server gives it back without point or exponent. Strings are compared by their UTF-8 bytes, not by Unicode canonical
/// equivalence: to an API server "é" written in two ways is two different names.
public enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue: Equatable {
    /// Equality by type and content; strings by UTF-8 bytes.
    ///
    /// An integer never equals a double.
    public static func == (lhs: JSONValue, rhs: JSONValue) -> Bool {
        switch (lhs, rhs) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.integer(let a), .double(let b)), (.double(let b), .integer(let a)): b.wholeNumber == a
        case (.string(let a), .string(let b)): a.utf8Equals(b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }
}

extension JSONValue: Hashable {
    /// Feeds the content to the hasher; values that are equal by `==` hash alike.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .double(let value):
            if let whole = value.wholeNumber { hasher.combine(whole) } else { hasher.combine(value) }
        case .string(let value): hasher.combine(value)
        case .array(let value): hasher.combine(value)
        case .object(let value): hasher.combine(value)
        }
    }
}

extension JSONValue {
    /// The string, or nil for any other type.
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    /// The boolean, or nil for any other type.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The integer, or nil for any other type (a double is not rounded).
    public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    /// The elements, or nil for any other type.
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    /// The members, or nil for any other type.
    public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
    /// True for `null` only; an absent member is `nil`, not `.null`.
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// The member of that name.
    ///
    /// Nil when absent or when this is no object. Setting on a value that is no object makes it one; setting nil
    /// removes the member.
    public subscript(key: String) -> JSONValue? {
        get { object?[key] }
        set {
            var members = object ?? [:]
            members[key] = newValue
            self = .object(members)
        }
    }

    /// The element at that index, or nil when out of range or when this is no array.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}

// Not `ExpressibleByNilLiteral`: in `value ?? nil` that would turn "absent" into `null` without a word.
extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByFloatLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { (key: $0.0, value: $0.1) }))
    }
}

/// What a scalar's text means, by the rules of the library that kubectl reads YAML with.
enum YAMLScalar: Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Larger than any signed integer of 64 bits.
    case unsigned(UInt64)
    case double(Double)
    case string(String)

    /// The tag of the key `<<`.
    static let mergeTag = "tag:yaml.org,2002:merge"

    /// Nil when the text contradicts its tag.
    init?(_ text: String, tag: String?, isPlain: Bool) {
        switch tag {
        case nil: self = isPlain ? Self.resolve(text) : .string(text)
        case "tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp": self = .string(text)
        case "tag:yaml.org,2002:binary":
            guard let bytes = Base64.decode(text), let decoded = String(validating: bytes, as: UTF8.self) else {
                return nil
            }
            self = .string(decoded)
        case "tag:yaml.org,2002:null":
            guard case .null = Self.resolve(text) else { return nil }
            self = .null
        case "tag:yaml.org,2002:bool":
            guard case .bool(let value) = Self.resolve(text) else { return nil }
            self = .bool(value)
        case "tag:yaml.org,2002:int":
            switch Self.resolve(text) {
            case .integer(let value): self = .integer(value)
            case .unsigned(let value): self = .unsigned(value)
            default: return nil
            }
        case "tag:yaml.org,2002:float":
            switch Self.resolve(text) {
            case .integer(let value): self = .double(Double(value))
            case .double(let value): self = .double(value)
            default: return nil
            }
        // Tags of other programs, such as `!Ref`: the text stays as it is.
        default: self = .string(text)
        }
    }

    /// The value, or nil for what JSON's numbers cannot be: infinities and not-a-number.
    var json: JSONValue? {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .unsigned(let value): .double(Double(value))
        case .double(let value): value.isFinite ? .number(value) : nil
        case .string(let value): .string(value)
        }
    }

    /// The name that a mapping's key becomes, or nil where kubectl refuses the key.
    var memberName: String? {
        switch self {
        case .null, .unsigned: nil
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .double(let value): value.isFinite ? DecimalForm(Float(value)).general : nil
        case .string(let value): value
        }
    }

    /// What a plain scalar without a tag is.
    static func resolve(_ text: String) -> YAMLScalar {
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            return word(text) ?? number(text) ?? .string(text)
        case UInt8(ascii: "."):
            return word(text) ?? float(text) ?? .string(text)
        case UInt8(ascii: "~"), UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"),
            UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"),
            UInt8(ascii: "O"):
            return word(text) ?? .string(text)
        default: return .string(text)
        }
    }

    private static func word(_ text: String) -> YAMLScalar? {
        guard text.utf8.count <= 5 else { return nil }
        switch text {
        case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": return .bool(true)
        case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": return .bool(false)
        case "~", "null", "Null", "NULL": return .null
        case ".nan", ".NaN", ".NAN": return .double(.nan)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .double(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .double(-.infinity)
        default: return nil
        }
    }

    private static func number(_ text: String) -> YAMLScalar? {
        // Underscores count for nothing, wherever they stand.
        let plain = text.utf8.contains(UInt8(ascii: "_")) ? String(text.filter { $0 != "_" }) : text
        return integer(plain) ?? float(plain)
    }

    private static func integer(_ text: String) -> YAMLScalar? {
        var digits = text[...]
        let isNegative = digits.first == "-"
        let isSigned = isNegative || digits.first == "+"
        if isSigned { digits.removeFirst() }
        var radix = 10
        if digits.utf8.first == UInt8(ascii: "0"), digits.utf8.count > 1 {
            switch digits.dropFirst().first {
            case "x", "X": (radix, digits) = (16, digits.dropFirst(2))
            case "o", "O": (radix, digits) = (8, digits.dropFirst(2))
            case "b", "B": (radix, digits) = (2, digits.dropFirst(2))
            default: (radix, digits) = (8, digits.dropFirst())
            }
        }
        // A second sign would be accepted by the standard library.
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-"),
            let magnitude = UInt64(digits, radix: radix)
        else { return nil }
        if isNegative {
            guard magnitude <= UInt64(Int64.max) + 1 else { return nil }
            return .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
        }
        if let value = Int64(exactly: magnitude) { return .integer(value) }
        return isSigned ? nil : .unsigned(magnitude)
    }

    /// A sign, digits with a point before, between or behind them, an exponent; nil for anything else, and for
    /// numbers that no double can hold.
    private static func float(_ text: String) -> YAMLScalar? {
        var rest = text.utf8[...]
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        func isSign(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }
        if isSign(rest.first) { rest = rest.dropFirst() }
        let whole = rest.prefix(while: isDigit).count
        rest = rest.dropFirst(whole)
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            let fraction = rest.prefix(while: isDigit).count
            guard whole + fraction > 0 else { return nil }
            rest = rest.dropFirst(fraction)
        } else if whole == 0 {
            return nil
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if isSign(rest.first) { rest = rest.dropFirst() }
            let exponent = rest.prefix(while: isDigit).count
            guard exponent > 0 else { return nil }
            rest = rest.dropFirst(exponent)
        }
        guard rest.isEmpty, let value = Double(text), value.isFinite else { return nil }
        return .double(value)
    }
}

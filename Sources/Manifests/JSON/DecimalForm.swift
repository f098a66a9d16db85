/// The shortest decimal digits that read back as the same binary number, and where the point stands.
struct DecimalForm {
    /// Without leading or trailing zeros; empty for zero.
    var digits: [UInt8] = []
    /// The value is 0.d₁d₂d₃… × 10^exponent.
    var exponent = 0
    var isNegative: Bool

    /// Of a finite number.
    init(_ value: some BinaryFloatingPoint & CustomStringConvertible) {
        isNegative = value.sign == .minus
        var hasPoint = false
        var written: Int?
        for (index, byte) in value.description.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if !(digits.isEmpty && byte == UInt8(ascii: "0")) { digits.append(byte) }
                if !hasPoint, !digits.isEmpty { exponent += 1 }
                if hasPoint, digits.isEmpty { exponent -= 1 }
            case UInt8(ascii: "."): hasPoint = true
            case UInt8(ascii: "e"): written = Int(String(value.description.dropFirst(index + 1)))
            default: break
            }
            if written != nil { break }
        }
        exponent += written ?? 0
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    }

    /// All digits up to the point, for a whole number.
    var wholeDigits: String {
        let zeros = repeatElement(UInt8(ascii: "0"), count: max(0, exponent - digits.count))
        return (isNegative ? "-" : "") + String(decoding: digits + zeros, as: UTF8.self)
    }

    /// The form C and Go call `%g`: an exponent below 0.0001 and from a million up.
    var general: String {
        let sign = isNegative ? "-" : ""
        guard let first = digits.first else { return sign + "0" }
        let power = exponent - 1
        if power < -4 || power >= 6 {
            let fraction = String(decoding: digits.dropFirst(), as: UTF8.self)
            let magnitude = String(power.magnitude)
            return sign + String(Character(Unicode.Scalar(first))) + (fraction.isEmpty ? "" : "." + fraction) + "e"
                + (power < 0 ? "-" : "+") + (magnitude.utf8.count < 2 ? "0" : "") + magnitude
        }
        if exponent >= digits.count { return wholeDigits }
        if exponent > 0 {
            return sign + String(decoding: digits.prefix(exponent), as: UTF8.self) + "."
                + String(decoding: digits.dropFirst(exponent), as: UTF8.self)
        }
        return sign + "0." + String(repeating: "0", count: -exponent) + String(decoding: digits, as: UTF8.self)
    }
}

extension Double {
    /// The integer that this number is to an API server, or nil when it is none.
    ///
    /// Go writes a whole number without point or exponent, in its shortest digits filled up with zeros, and what is
    /// written so is read as an integer where 64 bits suffice. So `1.0`, `1e3` and `1e18` are integers to Kubernetes.
    var wholeNumber: Int64? {
        guard isFinite, magnitude < 0x1p63, rounded(.towardZero) == self else { return nil }
        if magnitude <= 0x1p53 { return Int64(self) }
        return Int64(DecimalForm(self).wholeDigits)
    }
}

extension JSONValue {
    /// The number as a reader would give it: an integer when it is whole and fits, a double otherwise.
    public static func number(_ value: Double) -> JSONValue {
        value.wholeNumber.map(JSONValue.integer) ?? .double(value)
    }
}

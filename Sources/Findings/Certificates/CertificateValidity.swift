/// The two things of an X.509 certificate that are told: whose it is, and when it ends.
///
/// Nothing is verified, and nothing else is looked at. Read by hand because the reader of swift-certificates can only be
/// called through a package below it that this project does not depend on; what is read here is a walk over four nested
/// values with their lengths checked.
struct CertificateValidity {
    /// `CN=web.example.org, O=Shop`; empty where the subject names nobody.
    var subject: String
    /// The last moment, in seconds since 1970.
    var end: Int64

    /// Nil for bytes that are no certificate.
    init?(der bytes: [UInt8]) {
        var outer = DERReader(bytes[...])
        guard var certificate = outer.enter(DERReader.sequence), var body = certificate.enter(DERReader.sequence) else {
            return nil
        }
        // An optional version, serial number, algorithm, issuer: passed over.
        if body.nextTag == 0xA0 { _ = body.value() }
        guard body.value() != nil, body.value() != nil, body.value() != nil,
            var validity = body.enter(DERReader.sequence), validity.value() != nil, let end = validity.value(),
            let moment = Self.moment(end.content, isGeneralized: end.tag == 0x18),
            let names = body.enter(DERReader.sequence)
        else { return nil }
        self.end = moment
        subject = Self.subject(names)
    }

    /// `YYMMDDHHMMSSZ`, or with four digits for the year.
    private static func moment(_ text: ArraySlice<UInt8>, isGeneralized: Bool) -> Int64? {
        let digits = text.prefix { (0x30...0x39).contains($0) }.map { Int64($0) - 0x30 }
        let yearDigits = isGeneralized ? 4 : 2
        guard digits.count >= yearDigits + 10 else { return nil }
        var position = 0
        func number(_ count: Int) -> Int64 {
            defer { position += count }
            return digits[position..<(position + count)].reduce(0) { $0 * 10 + $1 }
        }
        var year = number(yearDigits)
        if !isGeneralized { year += year >= 50 ? 1900 : 2000 }
        let (month, day, hour, minute, second) = (number(2), number(2), number(2), number(2), number(2))
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60 else { return nil }
        // Days since 1970 of the proleptic calendar, counted from March so that leap days come last.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return days * 86400 + hour * 3600 + minute * 60 + second
    }

    /// Common name, organization and unit, in the order in which they stand.
    private static func subject(_ names: DERReader) -> String {
        let known: [[UInt8]: String] = [[0x55, 4, 3]: "CN", [0x55, 4, 10]: "O", [0x55, 4, 11]: "OU"]
        var names = names
        var parts: [String] = []
        while var set = names.enter(0x31) {
            while var attribute = set.enter(DERReader.sequence) {
                guard let type = attribute.value(), let value = attribute.value(),
                    let name = known[Array(type.content)]
                else { continue }
                parts.append("\(name)=\(String(decoding: value.content, as: UTF8.self))")
            }
        }
        return parts.joined(separator: ", ")
    }
}

/// Walks over values in DER, one after the other.
struct DERReader {
    static let sequence: UInt8 = 0x30

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The tag of the value that comes next.
    var nextTag: UInt8? { rest.first }

    /// The next value; nil at the end, and for a length that goes beyond it.
    mutating func value() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
        guard let tag = rest.popFirst(), tag & 0x1F != 0x1F, let first = rest.popFirst() else { return nil }
        var length = Int(first)
        if first & 0x80 != 0 {
            let count = Int(first & 0x7F)
            guard (1...4).contains(count), rest.count >= count else { return nil }
            length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
        }
        guard rest.count >= length else { return nil }
        defer { rest = rest.dropFirst(length) }
        return (tag, rest.prefix(length))
    }

    /// The inside of the next value, when it has that tag.
    mutating func enter(_ tag: UInt8) -> DERReader? {
        guard nextTag == tag, let value = value() else { return nil }
        return DERReader(value.content)
    }
}

import Crypto

/// A SHA-256 digest, written `sha256:` and 64 lower-case hexadecimal digits; keyed ones `hmac-sha256:`.
public struct Digest: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The written form.
    public let description: String

    /// The digest of exactly these bytes.
    public static func sha256(_ bytes: [UInt8]) -> Digest {
        Digest(description: "sha256:" + hexadecimal(SHA256.hash(data: bytes)))
    }

    /// The digest of a value's canonical form.
    public init(of value: JSONValue) { self = .sha256(value.canonicalBytes) }

    /// A digest that only holders of `key` can recompute.
    ///
    /// Used for Secret data: a bare digest of a short password could be guessed.
    public static func keyed(_ bytes: [UInt8], key: [UInt8]) -> Digest {
        let code = HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key))
        return Digest(description: "hmac-sha256:" + hexadecimal(code))
    }

    /// Reads the written form; nil when it is not one.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "sha256" || parts[0] == "hmac-sha256", parts[1].utf8.count == 64,
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        description = text
    }

    private init(description: String) { self.description = description }

    init(hash: SHA256Digest) { self.init(description: "sha256:" + Self.hexadecimal(hash)) }

    /// The first 12 hexadecimal digits, for display and names.
    public var short: String {
        String(description.drop { $0 != ":" }.dropFirst().prefix(12))
    }

    /// Whether only holders of a key can recompute it.
    public var isKeyed: Bool { description.hasPrefix("hmac-") }

    /// The hexadecimal digits without the algorithm's name.
    public var hexadecimal: String { String(description.drop { $0 != ":" }.dropFirst()) }

    /// The digest itself: 32 bytes.
    public var bytes: [UInt8] {
        let digits = hexadecimal.utf8.map { $0 >= 0x61 ? $0 - 0x61 + 10 : $0 - 0x30 }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    public static func < (lhs: Digest, rhs: Digest) -> Bool { lhs.description < rhs.description }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let digest = Digest(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a digest: \(text)"))
        }
        self = digest
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
    }
}

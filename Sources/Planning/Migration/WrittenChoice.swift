/// An enumeration that people write in files: what is not one of the words is answered with the words.
public protocol WrittenChoice: RawRepresentable<String>, CaseIterable, Codable {}

extension WrittenChoice {
    /// Reads one of the words.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(rawValue: text) else {
            let words = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is none of: \(words)")
        }
        self = value
    }
}

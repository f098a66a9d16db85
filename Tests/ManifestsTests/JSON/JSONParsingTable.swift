import Testing

/// Texts that every reader must accept (`y`), must refuse (`n`), or may treat as it likes (`i`), with what ours does.
///
/// Our own table; the three letters are the custom of JSON parsing test suites.
enum JSONParsingTable {
    /// A text given as bytes, so that it may be broken.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]

        init(_ name: String, _ text: String) { self.init(name, bytes: Array(text.utf8)) }

        init(_ name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }

        var testDescription: String { name }
    }
}

/// Reads streams of JSON: one value, several behind one another, or one per line.
public enum JSONDocuments {
    /// Every value of a stream, with the place of every node.
    ///
    /// White space between values is optional. The text is UTF-8, with or without a byte order mark; other encodings
    /// are refused by name.
    public static func documents(
        _ bytes: [UInt8], file: String, limits: ReaderLimits = .standard
    ) throws(ManifestError) -> [SourceDocument] {
        var documents: [SourceDocument] = []
        if let error = read(bytes, file: file, limits: limits, goingOn: false, visit: { documents.append($0) }).first {
            throw error
        }
        return documents
    }

    /// Hands on every value of a stream and goes on behind one that is broken, at the next line that begins with `{`.
    ///
    /// - Returns: what is wrong; after many errors the rest is left unread.
    static func read(
        _ bytes: [UInt8], file: String, limits: ReaderLimits, goingOn: Bool = true, visit: (SourceDocument) -> Void
    ) -> [ManifestError] {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || bytes.prefix(2).contains(0) {
            return [
                ManifestError(
                    .encoding,
                    "JSON must be UTF-8, this looks like UTF-16 or UTF-32; convert it, for example with iconv",
                    at: SourceLocation(file: file, line: 1, column: 1))
            ]
        }
        var errors: [ManifestError] = []
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while true {
            var reader = JSONReader(bytes: bytes, limits: limits, recordsPositions: true, from: start)
            do {
                while let value = try reader.next() {
                    guard let positions = reader.takePositions() else { break }
                    visit(SourceDocument(value: value, file: file, positions: positions))
                }
                return errors
            } catch {
                errors.append(error.inFile(file))
                guard goingOn, error.code != .limit, errors.count < 20,
                    let next = lineWithObject(after: error.offset, in: bytes)
                else { return errors }
                start = next
            }
        }
    }

    private static func lineWithObject(after offset: Int, in bytes: [UInt8]) -> Int? {
        var index = max(offset, 1)
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "{"), bytes[index - 1] == UInt8(ascii: "\n"), index > offset {
                return index
            }
            index += 1
        }
        return nil
    }
}

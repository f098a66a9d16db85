/// Reads streams of JSON: one value, several behind one another, or one per line.
public enum JSONDocuments {
    /// Every value of a stream, with the place of every node.
    ///
    /// White space between values is optional. The text is UTF-8, with or without a byte order mark; other encodings
    /// are refused by name.
    public static func documents(
        _ bytes: [UInt8], file: String, limits: ReaderLimits = .standard
    ) throws(ManifestError) -> [SourceDocument] {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || bytes.prefix(2).contains(0) {
            throw ManifestError(
                .encoding, "JSON must be UTF-8, this looks like UTF-16 or UTF-32; convert it, for example with iconv",
                at: SourceLocation(file: file, line: 1, column: 1))
        }
        var reader = JSONReader(bytes: bytes, limits: limits, recordsPositions: true)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.position = 3 }
        var documents: [SourceDocument] = []
        do {
            while let value = try reader.next() {
                guard let positions = reader.takePositions() else { break }
                documents.append(SourceDocument(value: value, file: file, positions: positions))
            }
        } catch {
            throw error.inFile(file)
        }
        return documents
    }
}

/// Decides whether a text is JSON or YAML, and whether it may be a template.
enum ManifestText {
    /// The documents of a file: JSON for .json and .jsonl; otherwise YAML, unless the text begins like JSON and is.
    static func documents(
        _ bytes: [UInt8], file: String, limits: ReaderLimits
    ) throws(ManifestError) -> [SourceDocument] {
        try read(bytes, file: file, limits: limits).documents
    }

    /// The same, and whether the text was taken for JSON.
    static func read(
        _ bytes: [UInt8], file: String, limits: ReaderLimits
    ) throws(ManifestError) -> (documents: [SourceDocument], isJSON: Bool) {
        if file.hasSuffix(".json") || file.hasSuffix(".jsonl") {
            return (try JSONDocuments.documents(bytes, file: file, limits: limits), true)
        }
        // YAML would take nearly all of JSON, but slower, and not the surrogate pairs in strings.
        if let first = bytes.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            let documents = try? JSONDocuments.documents(bytes, file: file, limits: limits)
        {
            return (documents, true)
        }
        return (try YAML.documents(bytes, file: file, limits: limits), false)
    }

    /// True when the action delimiter of Go templates stands in the text.
    static func holdsTemplate(_ bytes: [UInt8]) -> Bool {
        zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "{") && $1 == UInt8(ascii: "{") }
    }
}

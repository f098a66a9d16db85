/// A manifest with its bytes, for those who want to change it: what it means and how it is written.
///
/// Invariant: ``layouts()`` has one root for each of ``documents``, in the same order.
public struct ManifestSource: Sendable {
    /// The file as given or found; `-` for standard input.
    public let file: String
    public let bytes: [UInt8]
    /// Every document, empty ones included.
    public let documents: [SourceDocument]
    /// Whether it was read as JSON, which has no comments and no style but its own.
    public let isJSON: Bool

    /// Reads a text as ``ManifestLoader`` does.
    public init(bytes: [UInt8], file: String, limits: ReaderLimits = .standard) throws(ManifestError) {
        let read = try ManifestText.read(bytes, file: file, limits: limits)
        self.file = file
        self.bytes = bytes
        documents = read.documents
        isJSON = read.isJSON
    }

    /// How each document is written; only for UTF-8.
    public func layouts() throws(ManifestError) -> [LayoutNode] {
        if isJSON {
            var reader = JSONLayoutReader(bytes)
            return reader.documents()
        }
        var reader = YAMLLayoutReader(bytes, file: file)
        return try reader.documents()
    }

    /// The objects of one document, lists taken apart, and what in it is no object.
    public func objects(inDocument index: Int) -> (objects: [LoadedObject], skipped: [SkippedInput]) {
        let document = documents[index]
        guard !document.value.isNull else { return ([], []) }
        var flattening = ListFlattening(document: document, file: file)
        flattening.add(document.value, at: FieldPath())
        return (flattening.objects, flattening.skipped)
    }

    /// Whether the action delimiter of Go templates stands in a text.
    public static func holdsTemplate(_ bytes: [UInt8]) -> Bool { ManifestText.holdsTemplate(bytes) }
}

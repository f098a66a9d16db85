/// Reads and writes YAML as Kubernetes means it.
///
/// Reading follows kubectl, whose library resolves plain scalars by YAML 1.1: `y`, `no` and `on` are booleans, `0777`
/// is octal, `1e3` a number, `2020-01-01` a string. It is stricter in one point: a name written twice in one mapping
/// is refused, where kubectl takes the last one without a word.
public enum YAML {
    /// Every document of a stream, with the place of every node.
    ///
    /// An empty document is `null`. The text is UTF-8, or UTF-16 with a byte order mark.
    public static func documents(
        _ bytes: [UInt8], file: String, limits: ReaderLimits = .standard
    ) throws(ManifestError) -> [SourceDocument] {
        try unsafe bytes.span.withUnsafeBufferPointer { (input) throws(ManifestError) in
            var composer = try unsafe YAMLComposer(input, file: file, limits: limits)
            var documents: [SourceDocument] = []
            while let document = try composer.next() { documents.append(document) }
            return documents
        }
    }

    /// One value as a YAML document in block style: the same value always gives the same bytes, and reading them
    /// gives the value again.
    ///
    /// - Parameters:
    ///   - value: what to write.
    ///   - keyOrder: names that come first in every mapping, in this order; the others follow sorted.
    public static func text(_ value: JSONValue, keyOrder: [String] = kubernetesKeyOrder) -> String {
        var writer = YAMLWriter(keyOrder: keyOrder)
        return writer.document(value)
    }

    /// Several documents in one stream, separated by `---`.
    public static func text(documents: some Sequence<JSONValue>, keyOrder: [String] = kubernetesKeyOrder) -> String {
        documents.map { text($0, keyOrder: keyOrder) }.joined(separator: "---\n")
    }

    /// One scalar, `[]` or `{}` as it may stand behind a name or a dash, without a line feed at its end.
    ///
    /// A text of several lines becomes a literal block whose lines stand at `indentation`. Containers that hold
    /// something have no such form and are written as if they were empty.
    public static func scalar(_ value: JSONValue, indentation: Int) -> String {
        YAMLScalarWriter.value(value, indentation: indentation)
    }

    /// A mapping's key on one line, in quotes where it needs them.
    public static func name(_ text: String) -> String { YAMLScalarWriter.name(text) }

    /// Whether the text may stand without quotes in block style and is then read as this string.
    public static func isPlain(_ text: String) -> Bool { YAMLScalarWriter.isPlain(text) }

    /// The order in which people expect an object's first members.
    public static let kubernetesKeyOrder = [
        "apiVersion", "kind", "metadata", "name", "namespace", "labels", "annotations",
    ]
}

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
        var composer = try YAMLComposer(bytes, file: file, limits: limits)
        return try composer.documents()
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

    /// The order in which people expect an object's first members.
    public static let kubernetesKeyOrder = [
        "apiVersion", "kind", "metadata", "name", "namespace", "labels", "annotations",
    ]
}

import Catalog
import Manifests

/// A component's configuration: the object itself, or a document kept as text in a ConfigMap or Secret.
struct ConfigurationDocument {
    let object: KubeObject
    /// The member that holds the text; nil when the object is the configuration.
    let holder: FieldPath?
    private let source: SourceDocument?

    /// Every document that a ConfigMap or a Secret holds as text, and the object itself.
    static func all(in object: KubeObject) -> [ConfigurationDocument] {
        var documents = [ConfigurationDocument(object: object, holder: nil, source: nil)]
        let members: [String]
        switch (object.gvk.group, object.gvk.kind) {
        case ("", "ConfigMap"): members = ["data"]
        case ("", "Secret"): members = ["stringData"]
        default: return documents
        }
        for member in members {
            for entry in object.json[member]?.object ?? [:] {
                guard let text = entry.value.string, text.utf8.contains(UInt8(ascii: "\n")) || text.hasPrefix("{"),
                    holdsHeading(text), let parsed = try? YAML.documents(Array(text.utf8), file: entry.key)
                else { continue }
                for document in parsed {
                    guard let inner = KubeObject(document.value) else { continue }
                    let holder = FieldPath([.member(member), .member(entry.key)])
                    documents.append(ConfigurationDocument(object: inner, holder: holder, source: document))
                }
            }
        }
        return documents
    }

    /// Most texts in ConfigMaps are no objects; that is told without parsing them.
    private static func holdsHeading(_ text: String) -> Bool {
        let bytes = text.utf8.span
        return holds(apiVersion, bytes) && holds(kind, bytes)
    }

    private static let apiVersion = Array("apiVersion".utf8)
    private static let kind = Array("kind".utf8)

    /// By bytes: texts in ConfigMaps are long, and comparing characters is slow.
    private static func holds(_ word: [UInt8], _ text: Span<UInt8>) -> Bool {
        guard text.count >= word.count else { return false }
        search: for start in 0...(text.count - word.count) where text[start] == word[0] {
            for offset in 1..<word.count where text[start + offset] != word[offset] { continue search }
            return true
        }
        return false
    }

    /// Where a place of the document stands in the object that holds it.
    func path(_ inner: FieldPath) -> FieldPath { holder ?? inner }

    /// A place of the document in words, with the line within the text that holds it.
    ///
    /// - Parameter name: what to call the place, if not by its path.
    func words(_ inner: FieldPath, as name: String? = nil) -> String {
        let called = name ?? (inner.elements.isEmpty ? object.gvk.kind : inner.description)
        guard let holder, let source else { return called }
        return "\(called) (line \(source.location(of: inner).line) of \(holder))"
    }

    /// Whether it is what a carrier names.
    func isCarrier(_ carrier: Probe.Carrier) -> Bool {
        switch carrier {
        case .configuration(let group, let version, let kind):
            object.gvk.group == group && version.map { $0 == object.gvk.version } ?? true
                && kind.map { $0 == object.gvk.kind } ?? true
        case .kubeconfig: object.gvk == GroupVersionKind(group: "", version: "v1", kind: "Config")
        default: false
        }
    }
}

/// A folder with a Helm chart, of which `helm template` makes the manifests.
public struct ChartFolder: Sendable, Hashable {
    /// The folder as the walk came to it.
    public let path: String
    /// What `Chart.yaml` calls it; the first part of the names by which Helm tells where a document comes from.
    public let name: String

    /// What Helm's output takes the place of: the templates, the CRDs beside them and the charts it depends on.
    public var replaced: [String] { ["templates", "crds", "charts"].map { "\(path)/\($0)" } }

    /// Reads a `Chart.yaml`; nil for what is no chart, and for library charts, which nothing can be made of.
    init?(file: String) {
        guard let text = ManifestLoader.text(at: file),
            let value = try? YAML.documents(text, file: file).first?.value,
            let name = value["name"]?.string, !name.isEmpty, value["type"]?.string != "library"
        else { return nil }
        self.name = name
        path = RenderableFolders.folder(of: file)
    }

    /// A name for the release that Helm takes; nil where the chart's own is none.
    public var releaseName: String? {
        let bytes = name.utf8
        func isPlain(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }
        guard bytes.count <= 53, let first = bytes.first, let last = bytes.last, isPlain(first), isPlain(last),
            bytes.allSatisfy({ isPlain($0) || $0 == UInt8(ascii: "-") })
        else { return nil }
        return name
    }

    /// The file that Helm calls `web/templates/ingress.yaml`.
    func file(of source: String) -> String? {
        guard source.hasPrefix(name + "/") else { return nil }
        return "\(path)/\(source.dropFirst(name.count + 1))"
    }
}

/// The folders below some paths of which programs make manifests.
public struct RenderableFolders: Sendable {
    /// Charts that are no part of another one, in the order of the walk.
    public private(set) var charts: [ChartFolder] = []
    /// Kustomizations that no other one builds on, in the order of the walk.
    public private(set) var kustomizations: [KustomizationFolder] = []

    /// Walks to the end and reads what charts and kustomizations say of themselves.
    public init(in walk: ManifestWalk) {
        var walk = walk
        var found: [KustomizationFolder] = []
        while let next = walk.next() {
            let path: String
            switch next {
            case .file(let file): path = file
            case .skipped(let input) where input.scope == .file && input.reason == .otherExtension: path = input.path
            default: continue
            }
            let name = path.split(separator: "/").last.map(String.init) ?? path
            if name == "Chart.yaml" {
                if let chart = ChartFolder(file: path) { charts.append(chart) }
            } else if Kustomization.fileNames.contains(name) {
                found.append(KustomizationFolder(file: path))
            }
        }
        let inner = Set(charts.flatMap { chart in charts.filter { $0.path.hasPrefix(chart.path + "/charts/") } })
        charts.removeAll { inner.contains($0) }
        let bases = found.reduce(into: Set<String>()) { $0.formUnion($1.bases) }
        kustomizations = found.filter { !$0.isComponent && !bases.contains(ManifestWalk.plain($0.path)) }
    }

    /// The folder that a file stands in.
    static func folder(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }
}

extension ManifestLoader {
    /// A small file's bytes; nil when it cannot be read.
    static func text(at path: String) -> [UInt8]? {
        var buffer = FileBuffer()
        guard (try? Disk.read(path, into: &buffer, limit: 1 << 20)) != nil else { return nil }
        return Array(buffer.bytes.prefix(buffer.count))
    }
}

/// A folder with a kustomization, of which `kubectl kustomize` makes the manifests.
public struct KustomizationFolder: Sendable, Hashable {
    /// The folder as the walk came to it.
    public let path: String
    /// The files that it and the kustomizations it builds on name as resources; the output takes their place.
    public private(set) var replaced: [String] = []
    /// The folders of the kustomizations it builds on, without dots.
    private(set) var bases: Set<String> = []
    /// A part for others, which nothing can be made of alone.
    private(set) var isComponent = false

    init(file: String) {
        path = RenderableFolders.folder(of: file)
        var seen: Set<String> = []
        isComponent = take(file, isTop: true, &seen)
        bases.remove(ManifestWalk.plain(path))
    }

    /// Whether it is that folder, or builds on it.
    public func reaches(folder: String) -> Bool {
        let plain = ManifestWalk.plain(folder)
        return plain == ManifestWalk.plain(path) || bases.contains(plain)
    }

    @discardableResult
    private mutating func take(_ file: String, isTop: Bool, _ seen: inout Set<String>) -> Bool {
        let folder = ManifestWalk.plain(RenderableFolders.folder(of: file))
        guard seen.insert(folder).inserted, let text = ManifestLoader.text(at: file) else { return false }
        bases.insert(folder)
        let kustomization = Kustomization(text)
        for resource in kustomization.resources where !Kustomization.isRemote(resource) {
            let target = ManifestWalk.plain("\(folder)/\(resource)")
            switch try? Disk.entry(at: target).kind {
            case .file: replaced.append(target)
            case .directory:
                for name in Kustomization.fileNames where (try? Disk.entry(at: "\(target)/\(name)")) != nil {
                    take("\(target)/\(name)", isTop: false, &seen)
                }
            default: continue
            }
        }
        return kustomization.isComponent
    }
}

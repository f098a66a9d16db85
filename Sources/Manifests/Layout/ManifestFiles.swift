/// The manifests below some paths, for those who read the files themselves: the same ones that ``ManifestLoader`` reads.
public enum ManifestFiles {
    /// What there is, in the loader's order; `-` stands for standard input.
    public enum Entry: Sendable {
        case file(String)
        case skipped(SkippedInput)
        case failed(ManifestError)
    }

    /// Everything at and below the paths.
    public static func entries(_ paths: [String], ignoredDirectories: Set<String> = []) -> [Entry] {
        var walk = ManifestWalk(paths, ignoredDirectories: ignoredDirectories)
        var entries: [Entry] = []
        while let found = walk.next() {
            switch found {
            case .file(let path): entries.append(.file(path))
            case .skipped(let input): entries.append(.skipped(input))
            case .failed(let error, _): entries.append(.failed(error))
            }
        }
        return entries
    }
}

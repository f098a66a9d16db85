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

    /// The files that the kustomizations among these name as patches: parts of objects, not whole ones.
    public static func patches(namedIn entries: [Entry]) -> Set<String> {
        var found: Set<String> = []
        for case .file(let path) in entries {
            let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            guard let name = path.split(separator: "/").last, Kustomization.fileNames.contains(String(name)) else {
                continue
            }
            var buffer = FileBuffer()
            guard (try? Disk.read(path, into: &buffer, limit: ReaderLimits.standard.bytes)) != nil else { continue }
            for patch in Kustomization(Array(buffer.bytes.prefix(buffer.count))).patches {
                found.insert(resolved(folder + patch.split(separator: "/")))
            }
        }
        return found
    }

    /// The same file written without `.` and `..`, so that two ways of naming it are equal.
    public static func resolved(_ path: String) -> String {
        resolved(path.split(separator: "/", omittingEmptySubsequences: false)[...])
    }

    private static func resolved(_ steps: some Sequence<Substring>) -> String {
        var kept: [Substring] = []
        for step in steps where step != "." {
            if step == "..", let last = kept.last, last != "..", !last.isEmpty {
                kept.removeLast()
            } else {
                kept.append(step)
            }
        }
        return kept.joined(separator: "/")
    }
}

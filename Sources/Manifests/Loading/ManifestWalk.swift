/// Walks paths and tells what it finds, in a stable order.
///
/// Remembers every file and directory by device and inode, so that loops of links end and nothing is told twice.
struct ManifestWalk {
    /// One thing found.
    enum Found {
        case file(String)
        case skipped(SkippedInput)
        case failed(ManifestError, isFile: Bool)
    }

    private let ignoredDirectories: Set<String>
    private var visited: Set<Disk.Identity> = []

    init(ignoredDirectories: Set<String>) { self.ignoredDirectories = ignoredDirectories }

    /// Tells everything at and below a path that somebody named.
    mutating func visit(_ path: String, _ tell: (Found) -> Void) {
        do {
            let entry = try Disk.entry(at: path)
            guard visited.insert(entry.identity).inserted else {
                let scope: SkippedInput.Scope = entry.kind == .directory ? .directory : .file
                return tell(.skipped(SkippedInput(path: path, scope: scope, reason: .alreadyRead)))
            }
            if entry.kind == .directory { descend(into: path, tell) } else { tell(.file(path)) }
        } catch {
            tell(.failed(error, isFile: true))
        }
    }

    private mutating func descend(into directory: String, _ tell: (Found) -> Void) {
        let names: (usable: [String], unusable: [String])
        do {
            names = try Disk.names(in: directory)
        } catch {
            return tell(.failed(error, isFile: false))
        }
        let base = directory.hasSuffix("/") ? directory : directory + "/"
        for name in names.unusable {
            let place = SourceLocation(file: base + name, line: 1, column: 1)
            tell(.failed(ManifestError(.unreadable, "cannot read: the name is not UTF-8", at: place), isFile: true))
        }
        for name in names.usable { find(name, at: base + name, tell) }
    }

    private mutating func find(_ name: String, at path: String, _ tell: (Found) -> Void) {
        let isManifest = [".yaml", ".yml", ".json", ".jsonl"].contains { name.hasSuffix($0) }
        let entry: Disk.Entry
        do {
            entry = try Disk.entry(at: path)
        } catch {
            // A broken link or the like; of no interest unless it looks like a manifest.
            return tell(
                isManifest
                    ? .failed(error, isFile: true)
                    : .skipped(SkippedInput(path: path, scope: .file, reason: .otherExtension)))
        }
        func skip(_ scope: SkippedInput.Scope, _ reason: SkippedInput.Reason) {
            tell(.skipped(SkippedInput(path: path, scope: scope, reason: reason)))
        }
        switch entry.kind {
        case .directory:
            if name.hasPrefix(".") { return skip(.directory, .hiddenDirectory) }
            if ignoredDirectories.contains(name) { return skip(.directory, .ignoredDirectory) }
            guard visited.insert(entry.identity).inserted else { return skip(.directory, .alreadyRead) }
            descend(into: path, tell)
        case .file:
            guard isManifest else { return skip(.file, .otherExtension) }
            guard visited.insert(entry.identity).inserted else { return skip(.file, .alreadyRead) }
            tell(.file(path))
        case .other: skip(.file, .specialFile)
        }
    }
}

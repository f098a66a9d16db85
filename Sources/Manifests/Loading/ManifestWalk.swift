/// Walks paths and tells what it finds one by one, in a stable order.
///
/// Remembers every file and directory by device and inode, so that loops of links end and nothing is told twice.
public struct ManifestWalk: IteratorProtocol, Sendable {
    /// One thing found.
    public enum Found: Sendable {
        /// A file to be read; `-` stands for standard input.
        case file(String)
        case skipped(SkippedInput)
        case failed(ManifestError, isFile: Bool)
    }

    /// A directory with those of its names that were not told yet, the next one last.
    private struct Level {
        var base: String
        var device: UInt64
        var names: [Disk.Name]
        /// The names that lead here from the path that somebody named.
        var trail: [[UInt8]]
        var rules: IgnoreRules
    }

    private let ignoredDirectories: Set<String>
    private let rules: IgnoreRules
    private let followsKustomizations: Bool
    /// What is passed over because something else takes its place.
    private let replaced: Set<Disk.Identity>
    /// The given paths, without dots, to tell what lies outside of all of them.
    private let roots: [String]
    /// What kustomizations name outside of the given paths, in the order found; read when those are done.
    private var named: [String] = []
    private var visited: Set<Disk.Identity> = []
    private var paths: [String]
    private var levels: [Level] = []
    /// What was found out together with something told before, the next one last.
    private var pending: [Found] = []
    private var hasToldStandardInput = false

    init(
        _ paths: [String], ignoredDirectories: Set<String>, patterns: [IgnorePattern] = [],
        followsKustomizations: Bool = false, replaced: [String] = []
    ) {
        self.replaced = Set(replaced.compactMap { try? Disk.entry(at: $0).identity })
        self.followsKustomizations = followsKustomizations
        self.paths = paths.reversed()
        roots = paths.map { Self.plain($0) }
        rules = IgnoreRules(patterns)
        self.ignoredDirectories = ignoredDirectories
    }

    /// What comes next; nil when everything was told.
    public mutating func next() -> Found? {
        while true {
            if let found = pending.popLast() { return found }
            if let name = levels.last?.names.last {
                levels[levels.count - 1].names.removeLast()
                if let found = find(name, in: levels[levels.count - 1]) { return found }
            } else if levels.popLast() == nil {
                if let path = paths.popLast() {
                    if let found = visit(path) { return found }
                } else if !named.isEmpty {
                    if let found = visit(named.removeFirst(), isFollowed: true) { return found }
                } else {
                    return nil
                }
            }
        }
    }

    /// What somebody named is read whatever it is called.
    private mutating func visit(_ path: String, isFollowed: Bool = false) -> Found? {
        if path == "-" {
            defer { hasToldStandardInput = true }
            return hasToldStandardInput ? nil : .file(path)
        }
        do {
            let entry = try Disk.entry(at: path)
            if replaced.contains(entry.identity) {
                let scope: SkippedInput.Scope = entry.kind == .directory ? .directory : .file
                return .skipped(SkippedInput(path: path, scope: scope, reason: .rendered))
            }
            guard visited.insert(entry.identity).inserted else {
                // Two kustomizations may well share a base.
                if isFollowed { return nil }
                let scope: SkippedInput.Scope = entry.kind == .directory ? .directory : .file
                return .skipped(SkippedInput(path: path, scope: scope, reason: .alreadyRead))
            }
            guard entry.kind == .directory else { return .file(path) }
            return descend(into: path, device: entry.identity.device, trail: [], rules: rules)
        } catch {
            return .failed(error, isFile: true)
        }
    }

    private mutating func descend(
        into directory: String, device: UInt64, trail: [[UInt8]], rules: IgnoreRules
    ) -> Found? {
        let names: (usable: [Disk.Name], unusable: [String])
        do {
            names = try Disk.names(in: directory)
        } catch {
            return .failed(error, isFile: false)
        }
        let base = directory.hasSuffix("/") ? directory : directory + "/"
        pending = names.unusable.reversed().map { name in
            let place = SourceLocation(file: base + name, line: 1, column: 1)
            return .failed(ManifestError(.unreadable, "cannot read: the name is not UTF-8", at: place), isFile: true)
        }
        var rules = rules
        for name in names.usable {
            if name.text == IgnoreRules.fileName {
                guard let text = text(at: base + name.text) else { continue }
                rules.add(text, depth: trail.count)
            } else if followsKustomizations, Kustomization.fileNames.contains(name.text),
                let text = text(at: base + name.text)
            {
                follow(Kustomization(text), in: base, file: base + name.text)
            }
        }
        levels.append(
            Level(base: base, device: device, names: names.usable.reversed(), trail: trail, rules: rules))
        return nil
    }

    private mutating func follow(_ kustomization: Kustomization, in base: String, file: String) {
        for resource in kustomization.resources {
            if Kustomization.isRemote(resource) {
                pending.append(
                    .skipped(SkippedInput(path: file, scope: .document, reason: .remote, detail: resource)))
            } else {
                let path = Self.plain(base + resource)
                // What lies inside is read, or excluded, by the walk itself.
                if !roots.contains(where: { Self.lies(path, within: $0) }) { named.append(path) }
            }
        }
    }

    private static func lies(_ path: String, within root: String) -> Bool {
        if root == "." { return !path.hasPrefix("/") && !path.hasPrefix("../") && path != ".." }
        return path == root || path.hasPrefix(root + "/")
    }

    private func text(at path: String) -> [UInt8]? {
        var buffer = FileBuffer()
        guard (try? Disk.read(path, into: &buffer, limit: 1 << 20)) != nil else { return nil }
        return Array(buffer.bytes.prefix(buffer.count))
    }

    /// A path without `.` and, where something stands before it, without `..`.
    static func plain(_ path: String) -> String {
        var kept: [Substring] = []
        for name in path.split(separator: "/") where name != "." {
            if name == "..", let last = kept.last, last != ".." { kept.removeLast() } else { kept.append(name) }
        }
        let joined = kept.joined(separator: "/")
        return path.hasPrefix("/") ? "/" + joined : joined.isEmpty ? "." : joined
    }

    private mutating func find(_ found: Disk.Name, in level: Level) -> Found? {
        let name = found.text
        let path = level.base + name
        let isManifest = Self.isManifest(name)
        func skip(_ scope: SkippedInput.Scope, _ reason: SkippedInput.Reason) -> Found {
            .skipped(SkippedInput(path: path, scope: scope, reason: reason))
        }
        let trail = level.rules.isEmpty ? [] : level.trail + [Array(name.utf8)]
        func isExcluded(_ isDirectory: Bool) -> Bool {
            !level.rules.isEmpty && level.rules.ignores(trail, isDirectory: isDirectory)
        }
        // Most entries are plain files, and what the directory says of them is enough.
        if found.isFile {
            guard isManifest else { return skip(.file, .otherExtension) }
            if isExcluded(false) { return skip(.file, .excluded) }
            let identity = Disk.Identity(device: level.device, inode: found.inode)
            if replaced.contains(identity) { return skip(.file, .rendered) }
            return visited.insert(identity).inserted ? .file(path) : skip(.file, .alreadyRead)
        }
        let entry: Disk.Entry
        do {
            entry = try Disk.entry(at: path)
        } catch {
            // A broken link or the like; of no interest unless it looks like a manifest.
            return isManifest ? .failed(error, isFile: true) : skip(.file, .otherExtension)
        }
        if replaced.contains(entry.identity) {
            return skip(entry.kind == .directory ? .directory : .file, .rendered)
        }
        switch entry.kind {
        case .directory:
            if name.hasPrefix(".") { return skip(.directory, .hiddenDirectory) }
            if ignoredDirectories.contains(name) { return skip(.directory, .ignoredDirectory) }
            if isExcluded(true) { return skip(.directory, .excluded) }
            guard visited.insert(entry.identity).inserted else { return skip(.directory, .alreadyRead) }
            return descend(
                into: path, device: entry.identity.device, trail: level.trail + [Array(name.utf8)], rules: level.rules)
        case .file:
            guard isManifest else { return skip(.file, .otherExtension) }
            if isExcluded(false) { return skip(.file, .excluded) }
            return visited.insert(entry.identity).inserted ? .file(path) : skip(.file, .alreadyRead)
        case .other: return skip(.file, .specialFile)
        }
    }

    private static func isManifest(_ name: String) -> Bool {
        [".yaml", ".yml", ".json", ".jsonl"].contains { name.hasSuffix($0) }
    }
}

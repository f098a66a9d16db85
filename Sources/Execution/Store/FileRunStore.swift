import Glibc
public import Manifests

/// Runs in a folder: `<state>/runs/<run>/{journal.jsonl, images/, plan/, ballast}` and `<state>/locks/`.
///
/// Folders are for the owner only (0700), files too (0600). Before-images of Secrets are sealed (``ImageKey``).
public struct FileRunStore: RunStore {
    /// The folder of state.
    public let root: String

    /// A store in that folder, which need not exist yet.
    public init(_ folder: String) {
        root = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    }

    /// Where a run lies.
    public func folder(of run: String) -> String { "\(root)/runs/\(run)" }

    public func runs() throws(JournalError) -> [StoredRun] {
        var found: [StoredRun] = []
        for name in try PosixFile.names(in: root + "/runs") where !name.hasPrefix(".") {
            do throws(JournalError) {
                let contents = try read(name)
                found.append(
                    StoredRun(id: name, place: folder(of: name), state: RunState(contents.records), problem: nil))
            } catch {
                found.append(StoredRun(id: name, place: folder(of: name), state: nil, problem: error))
            }
        }
        return found.sorted { ($0.state?.begun.wall ?? 0, $0.id) < ($1.state?.begun.wall ?? 0, $1.id) }
    }

    public func begin(_ run: String, first: JournalRecord, plan: PlanFiles) throws(JournalError) -> any JournalStore {
        let target = folder(of: run)
        guard !PosixFile.exists(target) else {
            throw JournalError(.alreadyBegun, "there is a run \(run) already")
        }
        try build(run, journal: first.line + [UInt8(ascii: "\n")], images: [:], plan: plan) {
            building throws(JournalError) in try PosixFile.rename(building, target)
        }
        return try FileJournalStore(folder: target, validLength: first.line.count + 1)
    }

    public func adopt(
        _ run: String, journal: [UInt8], images: [Digest: [UInt8]], plan: PlanFiles
    ) throws(JournalError) {
        let target = folder(of: run)
        try build(run, journal: journal, images: images, plan: plan) { building throws(JournalError) in
            if PosixFile.exists(target) {
                try PosixFile.makeFolder(root + "/superseded")
                let number = try PosixFile.names(in: root + "/superseded").count
                try PosixFile.rename(target, "\(root)/superseded/\(run)-\(number)")
            }
            try PosixFile.rename(building, target)
        }
    }

    /// Built aside and renamed, so that a run exists in full or not at all.
    private func build(
        _ run: String, journal: [UInt8], images: [Digest: [UInt8]], plan: PlanFiles,
        _ finish: (String) throws(JournalError) -> Void
    ) throws(JournalError) {
        let building = "\(root)/runs/.tmp-\(run)"
        do throws(JournalError) {
            removeFolder(building)
            try PosixFile.makeFolder(building + "/images")
            try PosixFile.makeFolder(building + "/plan")
            for (name, bytes) in plan.files.sorted(by: { $0.key < $1.key }) {
                try PosixFile.create("\(building)/plan/\(name)", bytes)
            }
            for (digest, bytes) in images.sorted(by: { $0.key < $1.key }) {
                try PosixFile.create(FileJournalStore.imagePath(digest, in: building), bytes)
            }
            try PosixFile.create(
                building + "/ballast", [UInt8](repeating: 0, count: FileJournalStore.ballastBytes))
            try PosixFile.create(building + "/journal.jsonl", journal)
            try finish(building)
        } catch {
            removeFolder(building)
            throw error
        }
    }

    public func read(_ run: String) throws(JournalError) -> JournalContents {
        let path = folder(of: run) + "/journal.jsonl"
        guard PosixFile.exists(path) else {
            throw JournalError(.noSuchRun, "there is no run \(run) in \(root); 'kirikae runs list' shows what there is")
        }
        return try JournalContents(reading: try PosixFile.read(path))
    }

    public func open(_ run: String) throws(JournalError) -> (contents: JournalContents, journal: any JournalStore) {
        let contents = try read(run)
        if let torn = contents.torn {
            let folder = folder(of: run)
            let number = try PosixFile.names(in: folder).count { $0.hasPrefix("journal.jsonl.torn-") }
            try PosixFile.create("\(folder)/journal.jsonl.torn-\(number)", torn.bytes)
            let file = try PosixFile(folder + "/journal.jsonl", flags: O_WRONLY)
            try file.truncate(to: contents.validLength)
            try file.sync()
        }
        return (contents, try FileJournalStore(folder: folder(of: run), validLength: contents.validLength))
    }

    public func keepWayBack(_ page: [UInt8], of run: String) throws(JournalError) {
        try PosixFile.create(folder(of: run) + "/WAY-BACK.md", page)
    }

    public func plan(of run: String) throws(JournalError) -> PlanFiles {
        let folder = folder(of: run) + "/plan"
        var files: [String: [UInt8]] = [:]
        for name in try PosixFile.names(in: folder) { files[name] = try PosixFile.read("\(folder)/\(name)") }
        guard !files.isEmpty else { throw JournalError(.noSuchRun, "\(folder) holds no plan") }
        return PlanFiles(files)
    }

    public func lock(migration: String, holder: String) throws(JournalError) -> any HeldLock {
        try PosixFile.makeFolder(root + "/locks")
        return try FileLock(lockPath(migration), holder: holder)
    }

    private func removeFolder(_ path: String) {
        for name in (try? PosixFile.names(in: path)) ?? [] {
            let child = "\(path)/\(name)"
            if unlink(child) != 0 { removeFolder(child) }
        }
        rmdir(path)
    }
}

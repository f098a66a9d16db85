/// Files that are either the old or the new one after a crash, never half of each, and on the disk once written.
package enum DurableFile {
    /// All bytes of the file.
    package static func read(_ path: String) throws(POSIX.Failure) -> [UInt8] { try POSIX.contents(of: path) }

    /// Replaces (or creates) the file in one step.
    ///
    /// The permissions of a file that is replaced stay; a symbolic link stays one, and what it points to is replaced.
    /// On failure `landed` says whether the new content may be visible.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(POSIX.Failure) {
        let target = resolved(path)
        let temporary = "\(target).new-\(POSIX.processID)"
        try POSIX.write(bytes, to: temporary, mode: POSIX.permissions(of: target) ?? 0o644)
        do { try POSIX.rename(temporary, to: target) } catch {
            POSIX.remove(temporary)
            throw error
        }
        do { try POSIX.syncFolder(folder(of: target)) } catch {
            var failure = error
            failure.landed = true
            throw failure
        }
    }

    /// Creates the folder and the missing ones above it, durably.
    package static func createFolder(_ path: String) throws(POSIX.Failure) {
        let above = folder(of: path)
        if above != path && POSIX.permissions(of: above) == nil { try createFolder(above) }
        if try POSIX.makeFolder(path) { try POSIX.syncFolder(above) }
    }

    /// Gives a file or folder another name in the same folder, durably.
    package static func rename(_ old: String, to new: String) throws(POSIX.Failure) {
        try POSIX.rename(old, to: new)
        do { try POSIX.syncFolder(folder(of: new)) } catch {
            var failure = error
            failure.landed = true
            throw failure
        }
    }

    /// Whether something stands under that name.
    package static func exists(_ path: String) -> Bool { POSIX.permissions(of: path) != nil }

    /// The path with symbolic links followed, also when only the folder exists yet.
    static func resolved(_ path: String) -> String { POSIX.resolve(path) }

    private static func folder(of path: String) -> String {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? path.dropLast() : path[...]
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }
}

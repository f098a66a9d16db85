import Glibc

/// The few POSIX calls that the stores need, in one place: every write in a loop, every sync checked, nothing retried
/// after a failed sync.
struct PosixFile: ~Copyable {
    let descriptor: Int32
    let path: String

    /// Opens for reading and writing; `O_CLOEXEC`, so that subprocesses do not inherit it.
    init(_ path: String, flags: Int32, mode: mode_t = 0o600) throws(JournalError) {
        let descriptor = open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Self.error("open", path) }
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Appends or writes all bytes.
    func write(_ bytes: [UInt8]) throws(JournalError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.error("write", path)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Forces the data to the disk.
    func sync() throws(JournalError) {
        guard fdatasync(descriptor) == 0 else { throw Self.error("sync", path) }
    }

    /// Cuts the file.
    func truncate(to length: Int) throws(JournalError) {
        guard ftruncate(descriptor, off_t(length)) == 0 else { throw Self.error("truncate", path) }
    }

    /// The whole content of a file.
    static func read(_ path: String) throws(JournalError) -> [UInt8] {
        let file = try PosixFile(path, flags: O_RDONLY)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(file.descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw error("read", path)
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// A part of a file; less than `limit` bytes only at its end.
    static func read(_ path: String, from offset: Int, limit: Int) throws(JournalError) -> [UInt8] {
        let file = try PosixFile(path, flags: O_RDONLY)
        var bytes = [UInt8](repeating: 0, count: limit)
        var length = 0
        while length < limit {
            let count = bytes.withUnsafeMutableBytes {
                pread(file.descriptor, $0.baseAddress?.advanced(by: length), limit - length, off_t(offset + length))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw error("read", path)
            }
            if count == 0 { break }
            length += count
        }
        bytes.removeLast(limit - length)
        return bytes
    }

    /// Takes a file away; does nothing when there is none.
    static func remove(_ path: String) throws(JournalError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw error("remove", path) }
    }

    /// Takes a folder away, if nothing is in it.
    static func removeEmptyFolder(_ path: String) { rmdir(path) }

    /// Writes a new file, synced; it appears under its name in full or not at all.
    static func create(_ path: String, _ bytes: [UInt8]) throws(JournalError) {
        let temporary = path + ".tmp"
        do throws(JournalError) {
            let file = try PosixFile(temporary, flags: O_WRONLY | O_CREAT | O_TRUNC)
            try file.write(bytes)
            try file.sync()
        } catch {
            unlink(temporary)
            throw error
        }
        try rename(temporary, path)
    }

    static func rename(_ old: String, _ new: String) throws(JournalError) {
        guard Glibc.rename(old, new) == 0 else { throw error("rename", new) }
        try syncFolder(parent(new))
    }

    /// Makes the names in a folder durable.
    static func syncFolder(_ path: String) throws(JournalError) {
        let folder = try PosixFile(path, flags: O_RDONLY | O_DIRECTORY)
        guard fsync(folder.descriptor) == 0 else { throw error("sync", path) }
    }

    /// Makes a folder, and those above it, for the owner only.
    static func makeFolder(_ path: String) throws(JournalError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, parent(path) != path else { throw error("make", path) }
        try makeFolder(parent(path))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw error("make", path) }
    }

    /// The names in a folder, sorted; empty when there is no such folder.
    static func names(in path: String) throws(JournalError) -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw error("list", path)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func error(_ verb: String, _ path: String) -> JournalError {
        let number = errno
        let text = String(cString: strerror(number))
        switch number {
        case ENOSPC, EDQUOT: return JournalError(.diskFull, "cannot \(verb) \(path): \(text)")
        case _ where verb == "open" || verb == "read" || verb == "list":
            return JournalError(.unreadable, "cannot \(verb) \(path): \(text)")
        default: return JournalError(.writeFailed, "cannot \(verb) \(path): \(text)")
        }
    }
}

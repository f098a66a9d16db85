import Glibc

/// The few POSIX calls that loading needs; the only file of this room that makes them.
enum Disk {
    /// A file's identity, whatever path leads to it.
    struct Identity: Hashable {
        var device: UInt64
        var inode: UInt64
    }

    /// What stands at a path, links followed.
    struct Entry {
        enum Kind { case file, directory, other }

        var kind: Kind
        var identity: Identity
    }

    /// What stands at the path, links followed.
    static func entry(at path: String) throws(ManifestError) -> Entry {
        var status = stat()
        guard !path.utf8.contains(0), unsafe stat(path, &status) == 0 else { throw failure("read", path, errno) }
        let kind: Entry.Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            default: .other
            }
        return Entry(
            kind: kind, identity: Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
    }

    /// The names in a directory without `.` and `..`, ascending by their bytes.
    ///
    /// Names that are not UTF-8, which no path of ours could lead to, stand repaired under `unusable`.
    static func names(in directory: String) throws(ManifestError) -> (usable: [String], unusable: [String]) {
        guard let handle = unsafe opendir(directory) else { throw failure("open the directory", directory, errno) }
        defer { unsafe closedir(handle) }
        var usable: [String] = []
        var unusable: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(handle) else { break }
            let bytes = unsafe withUnsafeBytes(of: entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if let name = String(validating: bytes, as: UTF8.self) {
                if name != "." && name != ".." { usable.append(name) }
            } else {
                unusable.append(String(decoding: bytes, as: UTF8.self))
            }
        }
        guard errno == 0 else { throw failure("read the directory", directory, errno) }
        return (usable.sorted { $0.utf8Precedes($1) }, unusable.sorted { $0.utf8Precedes($1) })
    }

    /// The content of a file of any kind, refused beyond `limit` bytes.
    static func read(_ path: String, limit: Int) throws(ManifestError) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw failure("open", path, EINVAL) }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path, errno) }
        defer { close(descriptor) }
        return try content(of: descriptor, named: path, limit: limit)
    }

    /// All of the process's standard input, refused beyond `limit` bytes.
    static func readStandardInput(limit: Int) throws(ManifestError) -> [UInt8] {
        try content(of: STDIN_FILENO, named: "-", limit: limit)
    }

    private static func content(of descriptor: Int32, named path: String, limit: Int) throws(ManifestError) -> [UInt8] {
        var status = stat()
        var bytes: [UInt8] = []
        if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
            bytes.reserveCapacity(min(limit, Int(status.st_size)) + 1)
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path, errno) }
            if count == 0 { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else {
                throw ManifestError(
                    .limit, "larger than \(limit) bytes", at: SourceLocation(file: path, line: 1, column: 1))
            }
        }
    }

    private static func failure(_ verb: String, _ path: String, _ code: Int32) -> ManifestError {
        ManifestError(
            .unreadable, "cannot \(verb): \(unsafe String(cString: strerror(code)))",
            at: SourceLocation(file: path, line: 1, column: 1))
    }
}

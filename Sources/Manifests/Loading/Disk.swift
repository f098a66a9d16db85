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

    /// A name in a directory, with what the directory itself knows of it.
    struct Name: Sendable {
        var text: String
        var inode: UInt64
        /// True for plain files; links and what the file system does not say have to be looked at.
        var isFile: Bool
    }

    /// The names in a directory without `.` and `..`, ascending by their bytes.
    ///
    /// Names that are not UTF-8, which no path of ours could lead to, stand repaired under `unusable`.
    static func names(in directory: String) throws(ManifestError) -> (usable: [Name], unusable: [String]) {
        guard let handle = unsafe opendir(directory) else { throw failure("open the directory", directory, errno) }
        defer { unsafe closedir(handle) }
        var usable: [Name] = []
        var unusable: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(handle) else { break }
            let bytes = unsafe withUnsafeBytes(of: entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if let name = String(validating: bytes, as: UTF8.self) {
                guard name != "." && name != ".." else { continue }
                unsafe usable.append(
                    Name(
                        text: name, inode: UInt64(entry.pointee.d_ino), isFile: entry.pointee.d_type == UInt8(DT_REG)))
            } else {
                unusable.append(String(decoding: bytes, as: UTF8.self))
            }
        }
        guard errno == 0 else { throw failure("read the directory", directory, errno) }
        return (usable.sorted { $0.text.utf8Precedes($1.text) }, unusable.sorted { $0.utf8Precedes($1) })
    }

    /// Fills the buffer with the content of a file of any kind; refused beyond `limit` bytes.
    static func read(_ path: String, into buffer: inout FileBuffer, limit: Int) throws(ManifestError) {
        buffer.count = 0
        guard !path.utf8.contains(0) else { throw failure("open", path, EINVAL) }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path, errno) }
        defer { close(descriptor) }
        try fill(&buffer, from: descriptor, named: path, limit: limit)
    }

    /// All of the process's standard input, refused beyond `limit` bytes.
    static func readStandardInput(into buffer: inout FileBuffer, limit: Int) throws(ManifestError) {
        buffer.count = 0
        try fill(&buffer, from: STDIN_FILENO, named: "-", limit: limit)
    }

    private static func fill(
        _ buffer: inout FileBuffer, from descriptor: Int32, named path: String, limit: Int
    ) throws(ManifestError) {
        var status = stat()
        let isFile = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        let size = isFile ? Int(status.st_size) : 0
        while true {
            // One byte more than the size: a file that did not grow meanwhile is read to its end at once.
            buffer.makeRoom(max(isFile ? min(size, limit) + 1 - buffer.count : 0, 1 << 14))
            let start = buffer.count
            let count = unsafe buffer.bytes.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress?.advanced(by: start), $0.count - start)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path, errno) }
            buffer.count += count
            guard buffer.count <= limit else {
                throw ManifestError(
                    .limit, "larger than \(limit) bytes", at: SourceLocation(file: path, line: 1, column: 1))
            }
            if count == 0 || isFile && size > 0 && buffer.count == size { return }
        }
    }

    private static func failure(_ verb: String, _ path: String, _ code: Int32) -> ManifestError {
        ManifestError(
            .unreadable, "cannot \(verb): \(unsafe String(cString: strerror(code)))",
            at: SourceLocation(file: path, line: 1, column: 1))
    }
}

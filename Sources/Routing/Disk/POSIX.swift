import Glibc

/// The few system calls behind durable files, in one place so that every unchecked pointer can be seen at a glance.
package enum POSIX {
    /// A system call that failed.
    package struct Failure: Error, Sendable {
        /// What was tried on what, and the system's words for why it did not work.
        package var message: String
        /// Whether the file's new content may be visible although the call failed.
        package var landed = false

        init(_ attempt: String, _ path: String, code: Int32 = errno) {
            message = "cannot \(attempt) \(path): \(String(cString: strerror(code)))"
        }
    }

    /// All bytes of a file.
    static func contents(of path: String) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("read", path) }
        defer { Glibc.close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Failure("read", path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// A new file with those bytes and permissions, on the disk when this returns.
    ///
    /// Removed again when that fails.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Failure("create", path) }
        var failure: Failure?
        // open() applies the umask; the permissions of the file we replace are not ours to change.
        if fchmod(descriptor, mode) != 0 { failure = Failure("set the permissions of", path) }
        var written = 0
        while failure == nil && written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { failure = Failure("write", path) } else { written += count }
        }
        if failure == nil && fsync(descriptor) != 0 { failure = Failure("sync", path) }
        if Glibc.close(descriptor) != 0 && failure == nil { failure = Failure("close", path) }
        if let failure {
            unlink(path)
            throw failure
        }
    }

    /// Puts a file or folder under another name, in one step.
    static func rename(_ old: String, to new: String) throws(Failure) {
        if Glibc.rename(old, new) != 0 { throw Failure("rename \(old) to", new) }
    }

    /// Makes names created or changed in a folder durable.
    static func syncFolder(_ path: String) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("open", path) }
        defer { Glibc.close(descriptor) }
        if fsync(descriptor) != 0 { throw Failure("sync", path) }
    }

    /// Creates a folder; true when it was not there before.
    static func makeFolder(_ path: String) throws(Failure) -> Bool {
        if mkdir(path, 0o755) == 0 { return true }
        let code = errno
        var facts = stat()
        if code == EEXIST, stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR { return false }
        throw Failure("create the folder", path, code: code)
    }

    /// The permissions of a file, nil when there is none.
    static func permissions(of path: String) -> mode_t? {
        var facts = stat()
        return stat(path, &facts) == 0 ? facts.st_mode & 0o7777 : nil
    }

    /// The path with every symbolic link followed; the path itself when it leads nowhere.
    static func resolve(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// Removes a file if it is there.
    static func remove(_ path: String) { unlink(path) }

    /// Opens a lock file, creating it if need be.
    static func openLock(_ path: String) throws(Failure) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Failure("open the lock", path) }
        return descriptor
    }

    /// Takes the lock if it is free.
    static func tryLock(_ descriptor: Int32) -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    /// Closes a descriptor, which frees its lock.
    static func close(_ descriptor: Int32) { Glibc.close(descriptor) }

    /// Tells two writers of one process tree apart in the names of temporary files.
    static var processID: Int32 { getpid() }
}

import Glibc
import Synchronization

/// Keeps other processes of this machine out, by `flock`: the kernel gives it back when the process ends, however it
/// ends.
///
/// What stands in the file is for people only.
final class FileLock: HeldLock {
    private let descriptor: Mutex<Int32?>

    /// Takes the lock or throws `locked`, naming who wrote last into the file.
    init(_ path: String, holder: String) throws(JournalError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw PosixFile.error("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            let who = (try? PosixFile.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            throw JournalError(
                .locked, "another process works on this migration here" + (who.isEmpty ? "" : ": \(who)"))
        }
        self.descriptor = Mutex(descriptor)
        // For display only: a holder that cannot be written down holds the lock all the same.
        ftruncate(descriptor, 0)
        _ = Array(holder.utf8).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }

    /// Who holds the lock at that path; nil when nobody does.
    ///
    /// Does not keep it.
    static func holder(of path: String) -> String? {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return nil }
        let text = (try? PosixFile.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.isEmpty ? "somebody" : text
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor { Glibc.close(open) }
            descriptor = nil
        }
    }
}

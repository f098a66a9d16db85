#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Puts new content in the place of a file, whole or not at all.
enum FileReplacing {
    /// Writes beside the file, then renames over it: a reader sees the old content or the new, never a part.
    ///
    /// A link stays a link, and what it leads to is replaced. Mode and, where that is allowed, owner stay.
    static func replace(_ path: String, with bytes: [UInt8]) throws(CommandFailure) {
        guard let resolved = realpath(path, nil) else { throw failure("find", path) }
        let target = String(cString: resolved)
        free(resolved)
        var status = stat()
        guard stat(target, &status) == 0 else { throw failure("read", target) }
        var template = Array("\(target).kirikae-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure("write beside", target) }
        let temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do throws(CommandFailure) {
            try write(bytes, to: descriptor, named: temporary)
            // Only root may give files away; for others the file becomes theirs, as with every editor.
            _ = fchown(descriptor, status.st_uid, status.st_gid)
            guard fchmod(descriptor, status.st_mode & 0o7777) == 0, fsync(descriptor) == 0 else {
                throw failure("write", temporary)
            }
            close(descriptor)
            guard rename(temporary, target) == 0 else { throw failure("replace", target) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, named name: String) throws(CommandFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                close(descriptor)
                throw failure("write", name)
            }
            rest = rest.dropFirst(count)
        }
    }

    private static func failure(_ verb: String, _ path: String) -> CommandFailure {
        CommandFailure(.usage, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}

import Routing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Files that commands write results to.
enum ResultFile {
    /// Replaces the file in one step, so that a reader never meets half of it.
    ///
    /// Pipes, terminals and `/dev/null` cannot be replaced; they are written to.
    static func write(_ text: String, to path: String) throws {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            guard status.st_mode & S_IFMT != S_IFDIR else {
                throw CommandFailure(.usage, "\(path): is a folder", next: "Name a file in it.")
            }
            guard let file = fopen(path, "a") else {
                throw CommandFailure(.usage, "\(path): \(String(cString: strerror(errno)))")
            }
            let isWritten = fputs(text, file) >= 0
            if fclose(file) != 0 || !isWritten { throw CommandFailure(.usage, "\(path): could not be written whole") }
            return
        }
        do { try DurableFile.replace(path, with: Array(text.utf8)) } catch {
            throw CommandFailure(.usage, "the result could not be written: \(error.message)")
        }
    }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Looks for programs as a shell does.
enum ProgramSearch {
    /// The program's file; nil when `PATH` leads to none.
    static func find(_ command: String, in path: String) -> String? {
        guard !command.contains("/") else { return access(command, X_OK) == 0 ? command : nil }
        // An empty part would mean the current folder, where nobody expects a program to come from.
        return path.split(separator: ":").map { "\($0)/\(command)" }.first { file in
            var status = stat()
            return access(file, X_OK) == 0 && stat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }
    }

    /// Whether this process's own `PATH` leads to the program.
    static func has(_ command: String) -> Bool {
        find(command, in: getenv("PATH").map { String(cString: $0) } ?? "") != nil
    }
}

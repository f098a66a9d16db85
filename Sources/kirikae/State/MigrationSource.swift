import FoundationEssentials
import Planning

/// Migration files on disk.
enum MigrationSource {
    /// Reads and checks one.
    static func read(_ path: String) throws -> MigrationFile {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(
                .usage, "\(path): cannot be read",
                next: "An example with every field: docs/schema/migration.example.yaml")
        }
        do { return try MigrationFile(Array(data), file: path) } catch {
            throw CommandFailure(.usage, "\(error)")
        }
    }

    /// The folder that holds the file.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

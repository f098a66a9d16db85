import Glibc

/// Where the recordings of real servers lie when the project stands in its usual place.
enum Recordings {
    /// `../shared/recordings`, seen from the project.
    static let directory: String = {
        var parts = #filePath.split(separator: "/").map(String.init)
        while let last = parts.popLast(), last != "Tests" {}
        return "/" + (parts.dropLast() + ["shared", "recordings"]).joined(separator: "/")
    }()

    /// Whether they are there.
    static var areThere: Bool { access(directory, R_OK) == 0 }

    /// A file's bytes; nil when it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}

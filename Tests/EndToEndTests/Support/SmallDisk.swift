import FoundationEssentials
import Glibc

/// A file system of its own, small enough to be filled.
///
/// A tmpfs, which only root may mount: ``isPossible`` says whether that is so here.
final class SmallDisk {
    let path: String

    /// Whether such a disk can be had: tried once.
    static let isPossible: Bool = {
        guard let folder = try? Folder() else { return false }
        return (try? SmallDisk(folder.path, kilobytes: 64)) != nil
    }()

    private var filler: String { "\(path)/filler" }

    init(_ path: String, kilobytes: Int) throws {
        self.path = path
        try Files.makeFolder(path)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k,mode=700") == 0 else {
            throw Program.Failure(description: "no tmpfs can be mounted: \(String(cString: strerror(errno)))")
        }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Leaves not one byte.
    func fill() throws {
        let file = open(filler, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard file >= 0 else { throw Program.Failure(description: "\(filler) cannot be made") }
        defer { close(file) }
        for size in [65_536, 4096, 1] {
            let bytes = [UInt8](repeating: 0, count: size)
            while write(file, bytes, size) == size {}
        }
    }

    /// Gives the room back.
    func clear() throws { try FileManager.default.removeItem(atPath: filler) }
}

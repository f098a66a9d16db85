#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A file of lines, written once from front to back, read anywhere.
///
/// Readable by its owner only.
final class SpoolFile {
    private let path: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private var written = 0

    /// A new file; one that is there is replaced.
    init(creating path: String) throws(InventoryError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("write", path) }
        // One that was there keeps its mode otherwise.
        fchmod(descriptor, 0o600)
    }

    init(reading path: String) throws(InventoryError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("read", path) }
    }

    deinit { if descriptor >= 0 { Self.shut(descriptor) } }

    /// Appends a line; returns where it begins.
    func append(_ line: [UInt8]) throws(InventoryError) -> Int {
        let offset = written + buffer.count
        buffer += line
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= 1 << 18 { try flush() }
        return offset
    }

    /// Everything is on disk after this.
    func close() throws(InventoryError) {
        try flush()
        guard fsync(descriptor) == 0 else { throw Self.failure("write", path) }
        Self.shut(descriptor)
        descriptor = -1
    }

    /// So many bytes from there.
    func read(at offset: Int, count: Int) throws(InventoryError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let start = filled
            let got = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress?.advanced(by: start), count - start, offset + start)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw Self.failure("read", path) }
            filled += got
        }
        return bytes
    }

    private func flush() throws(InventoryError) {
        var done = 0
        while done < buffer.count {
            let start = done
            let count = buffer.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress?.advanced(by: start), $0.count - start)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("write", path) }
            done += count
        }
        written += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    /// Replaces a file in one step.
    static func write(_ bytes: [UInt8], to path: String) throws(InventoryError) {
        let file = try SpoolFile(creating: "\(path).new")
        file.buffer = bytes
        try file.close()
        guard rename("\(path).new", path) == 0 else { throw failure("write", path) }
    }

    /// Every line with where it begins, one at a time.
    static func lines(
        _ path: String, _ body: ([UInt8], Int) throws(InventoryError) -> Void
    ) throws(InventoryError) {
        let file = try SpoolFile(reading: path)
        var rest: [UInt8] = []
        var start = 0
        var position = 0
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = piece.withUnsafeMutableBytes { pread(file.descriptor, $0.baseAddress, $0.count, position) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { break }
            position += count
            var from = 0
            while let end = piece[from..<count].firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest + piece[from..<end]
                try body(line, start)
                start += line.count + 1
                rest = []
                from = end + 1
            }
            rest += piece[from..<count]
        }
        guard rest.isEmpty else { throw InventoryError(.malformed, "\(path) is cut short: begin without --resume") }
    }

    private static func shut(_ descriptor: Int32) { Glibc.close(descriptor) }

    private static func failure(_ what: String, _ path: String) -> InventoryError {
        InventoryError(.unwritable, "cannot \(what) \(path): \(String(cString: strerror(errno)))")
    }
}

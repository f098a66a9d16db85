/// Memory for one file's content, used again for the next one.
struct FileBuffer: Sendable {
    /// The content stands in the first ``count`` bytes.
    var bytes: [UInt8] = []
    var count = 0

    /// Makes room for at least that many bytes behind the content.
    mutating func makeRoom(_ more: Int) {
        let missing = count + more - bytes.count
        if missing > 0 { bytes += [UInt8](repeating: 0, count: max(missing, min(bytes.count, 1 << 24))) }
    }

    /// Gives memory back that only a rare large file needed.
    mutating func shrink() {
        if bytes.count > 1 << 20 { self = FileBuffer() }
    }
}

import Glibc

/// Standard output and standard error, unbuffered, line by line.
enum StandardStream {
    case output
    case error

    /// Writes one line.
    func write(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        let file: Int32 = self == .output ? 1 : 2
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count <= 0 { return }
            written += count
        }
    }
}

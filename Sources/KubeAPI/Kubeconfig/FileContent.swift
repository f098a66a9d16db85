import Glibc

/// Reads small files whole: kubeconfigs, certificates, tokens.
enum FileContent {
    /// Why a file could not be read, in the system's words.
    struct Failure: Error {
        let message: String
        let isMissing: Bool
    }

    /// No kubeconfig and no certificate comes near this; what does is a wrong path.
    private static let limit = 16 << 20

    static func read(_ path: String) throws(Failure) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw Failure(message: "the path holds a zero byte", isMissing: false) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(errno) }
            if count == 0 { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else {
                throw Failure(message: "larger than \(limit >> 20) MiB", isMissing: false)
            }
        }
    }

    private static func failure(_ code: Int32) -> Failure {
        Failure(message: String(cString: strerror(code)), isMissing: code == ENOENT || code == ENOTDIR)
    }
}

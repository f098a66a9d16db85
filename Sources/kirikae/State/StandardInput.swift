#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The standard input of the process.
enum StandardInput {
    /// Everything until its end.
    static func read() throws -> [UInt8] {
        var collected: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count == 0 { return collected }
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandFailure(.notEverythingRead, "standard input: \(String(cString: strerror(errno)))")
            }
            collected += buffer[..<count]
        }
    }
}

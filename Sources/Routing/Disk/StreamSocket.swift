import Dispatch
import Glibc

/// One question over a stream socket, and the answer up to its end.
enum StreamSocket {
    /// Where to connect.
    enum Address: Sendable, Hashable, CustomStringConvertible {
        case unix(String)
        case tcp(host: String, port: String)

        var description: String {
            switch self {
            case .unix(let path): path
            case .tcp(let host, let port): "\(host):\(port)"
            }
        }
    }

    /// What went wrong, and whether the question may have arrived.
    struct Failure: Error, Sendable {
        var message: String
        var isSent: Bool
    }

    /// Connects, sends, and reads until the other side closes; at most `limit` for each wait.
    ///
    /// Off the pool of Swift's own threads, which must not be blocked.
    static func ask(_ address: Address, _ question: String, limit: Duration) async throws(Failure) -> String {
        let answer: Result<String, Failure> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    returning: Result { () throws(Failure) in try exchange(address, question, limit: limit) })
            }
        }
        return try answer.get()
    }

    private static func exchange(
        _ address: Address, _ question: String, limit: Duration
    ) throws(Failure) -> String {
        let descriptor = try connect(address, limit: limit)
        defer { Glibc.close(descriptor) }
        let bytes = Array(question.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("cannot write to \(address)", isSent: sent > 0) }
            sent += count
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("no answer from \(address)", isSent: true) }
            if count == 0 { return String(decoding: answer, as: UTF8.self) }
            answer += buffer[..<count]
            guard answer.count < 64 << 20 else {
                throw Failure(message: "the answer of \(address) does not end", isSent: true)
            }
        }
    }

    private static func connect(_ address: Address, limit: Duration) throws(Failure) -> Int32 {
        switch address {
        case .unix(let path): return try connectUnix(path, limit)
        case .tcp(let host, let port): return try connectTCP(host, port, limit)
        }
    }

    private static func connectUnix(_ path: String, _ limit: Duration) throws(Failure) -> Int32 {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: name.sun_path) else {
            throw Failure(message: "\(path) is too long for the name of a socket", isSent: false)
        }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure("no socket", isSent: false) }
        bound(descriptor, limit)
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, length) }
        }
        guard result == 0 else {
            let failure = failure("cannot connect to \(path)", isSent: false)
            Glibc.close(descriptor)
            throw failure
        }
        return descriptor
    }

    private static func connectTCP(_ host: String, _ port: String, _ limit: Duration) throws(Failure) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, port, &hints, &found)
        guard status == 0 else {
            throw Failure(message: "\(host):\(port): \(String(cString: gai_strerror(status)))", isSent: false)
        }
        defer { freeaddrinfo(found) }
        var failure = Failure(message: "\(host) has no address", isSent: false)
        var next = found
        while let candidate = next?.pointee {
            let descriptor = socket(
                candidate.ai_family, candidate.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), candidate.ai_protocol)
            if descriptor >= 0 {
                bound(descriptor, limit)
                if Glibc.connect(descriptor, candidate.ai_addr, candidate.ai_addrlen) == 0 { return descriptor }
                failure = self.failure("cannot connect to \(host):\(port)", isSent: false)
                Glibc.close(descriptor)
            }
            next = candidate.ai_next
        }
        throw failure
    }

    /// Bounds every later wait on the socket; on Linux the bound of sending holds for connecting too.
    private static func bound(_ descriptor: Int32, _ limit: Duration) {
        let parts = limit.components
        var time = timeval(tv_sec: Int(parts.seconds), tv_usec: Int(parts.attoseconds / 1_000_000_000_000))
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
    }

    private static func failure(_ attempt: String, isSent: Bool) -> Failure {
        Failure(message: "\(attempt): \(String(cString: strerror(errno)))", isSent: isSent)
    }
}

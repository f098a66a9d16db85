import Glibc
import Synchronization

/// A small HTTP/1.1 server that stands for one cluster: says which, keeps connections open, and counts.
final class SideServer: Sendable {
    let port: Int
    private let listener: Int32
    private let state = Mutex((count: 0, open: Set<Int32>(), isOver: false, isSick: false))

    init(_ side: String) throws {
        (listener, port) = try Wire.listen()
        let sick = Array("HTTP/1.1 503 Service Unavailable\r\nX-Cluster: \(side)\r\nContent-Length: 0\r\n\r\n".utf8)
        let answer = Array("HTTP/1.1 200 OK\r\nX-Cluster: \(side)\r\nContent-Length: 2\r\n\r\nok".utf8)
        Wire.thread { [listener, self] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    return
                }
                let isOver = state.withLock { state in
                    if !state.isOver { state.open.insert(connection) }
                    return state.isOver
                }
                if isOver {
                    close(connection)
                    return
                }
                Wire.unhurried(connection)
                Wire.thread { self.serve(connection, answer, sick) }
            }
        }
    }

    /// How many requests of the load it answered; other people's, such as probes, do not count.
    var count: Int { state.withLock { $0.count } }

    /// Whether it answers `/healthz` with 503; the load is served all the same.
    func set(isSick: Bool) { state.withLock { $0.isSick = isSick } }

    /// Closes everything.
    func stop() {
        state.withLock { state in
            state.isOver = true
            for connection in state.open { shutdown(connection, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ connection: Int32, _ answer: [UInt8], _ sick: [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: 8192)
        var filled = 0
        defer {
            _ = state.withLock { $0.open.remove(connection) }
            close(connection)
        }
        while true {
            let room = buffer.count - filled
            let count = buffer.withUnsafeMutableBytes { recv(connection, $0.baseAddress.map { $0 + filled }, room, 0) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            filled += count
            while let end = Wire.find("\r\n\r\n", in: buffer, filled) {
                let isProbed = Wire.find("GET /healthz ", in: buffer, end) == 0
                let isSick = isProbed && state.withLock { $0.isSick }
                if Wire.find("GET /load ", in: buffer, end) == 0 { state.withLock { $0.count += 1 } }
                let rest = filled - end - 4
                for index in 0..<rest { buffer[index] = buffer[end + 4 + index] }
                filled = rest
                guard Wire.send(connection, isSick ? sick : answer) else { return }
            }
            if filled == buffer.count { return }
        }
    }
}

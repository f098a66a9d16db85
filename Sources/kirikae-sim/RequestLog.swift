import ArgumentParser
import Glibc
import HTTP
import Manifests
import SimCluster

/// Every request that may have changed a world, on disk before it is answered.
///
/// A world follows from its seed, its times and its requests alone, so replaying the log after a `kill -9` gives the
/// same cluster, to the resourceVersion: what etcd is to a real API server.
final class RequestLog: Sendable {
    /// When the world began, as the file says; nil for a new file.
    let began: Int?

    private let file: Int32
    private let entries: [(time: Int, request: HTTPRequest)]

    /// Opens or makes the file, and reads what is in it.
    ///
    /// A last line that was cut off is dropped: nobody got an answer to it.
    init(_ path: String) throws {
        let file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw ValidationError("--keep: cannot open \(path): \(String(cString: strerror(errno)))")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if count <= 0 { break }
            bytes += buffer[..<count]
        }
        self.file = file
        let newline = UInt8(ascii: "\n")
        let whole = bytes.lastIndex(of: newline).map { $0 + 1 } ?? 0
        if whole < bytes.count { ftruncate(file, off_t(whole)) }
        var lines: [JSONValue] = []
        for line in bytes[..<whole].split(separator: newline) {
            guard let value = try? JSONValue(parsing: Array(line)) else {
                throw ValidationError("--keep: \(path) is no log of requests; name another file, or remove it")
            }
            lines.append(value)
        }
        began = lines.first?["began"]?.integer.map { Int($0) }
        entries = lines.dropFirst().compactMap(Self.entry)
    }

    /// Notes when the world begins; the first line of a new log.
    func begin(at time: Int) { append(["began": .integer(Int64(time))]) }

    /// Does again to a world what the log says was done to it.
    func replay(on world: inout SimWorld) {
        for entry in entries {
            world.advance(to: entry.time)
            _ = world.handle(entry.request)
        }
    }

    /// Notes a request that is about to be carried out at that time.
    func append(_ request: HTTPRequest, at time: Int) {
        append([
            "time": .integer(Int64(time)), "method": .string(request.method.rawValue), "path": .string(request.path),
            "query": .array(request.query.map { [.string($0.name), .string($0.value)] }),
            "type": request.headers["Content-Type"].map(JSONValue.string) ?? .null,
            "agent": request.headers["User-Agent"].map(JSONValue.string) ?? .null,
            "body": request.body.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null,
        ])
    }

    private func append(_ value: JSONValue) {
        let bytes = value.canonicalBytes + [UInt8(ascii: "\n")]
        let written = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        if written != bytes.count { StandardStream.error.write("kirikae-sim: --keep: a request was not kept") }
    }

    private static func entry(_ line: JSONValue) -> (time: Int, request: HTTPRequest)? {
        guard let time = line["time"]?.integer, let path = line["path"]?.string,
            let method = line["method"]?.string.flatMap({ HTTPRequest.Method(rawValue: $0) })
        else { return nil }
        let query = (line["query"]?.array ?? []).compactMap { pair -> (name: String, value: String)? in
            guard let parts = pair.array, parts.count == 2, let name = parts[0].string, let value = parts[1].string
            else { return nil }
            return (name: name, value: value)
        }
        var request = HTTPRequest(method, path, query: query, body: line["body"]?.string.map { Array($0.utf8) })
        request.headers["Content-Type"] = line["type"]?.string
        request.headers["User-Agent"] = line["agent"]?.string
        return (Int(time), request)
    }
}

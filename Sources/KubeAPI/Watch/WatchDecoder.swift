import HTTP
import Manifests

/// Cuts a watch's bytes into lines and reads each as one event.
///
/// Bytes may arrive cut anywhere, also inside a UTF-8 sequence: only line feeds matter, and JSON has none inside a
/// value that is written on one line.
struct WatchDecoder {
    private var line: [UInt8] = []
    private var scanned = 0
    private let resource: APIResource
    private let target: String
    private let cluster: String
    /// One event holds one object, and etcd keeps objects below 1.5 MiB; a line that goes on and on is no event.
    private let limit = 64 << 20

    init(resource: APIResource, target: String, cluster: String) {
        self.resource = resource
        self.target = target
        self.cluster = cluster
    }

    /// Takes the next piece and gives the events that it completes.
    mutating func append(_ piece: [UInt8]) throws(KubeError) -> [WatchEvent] {
        var events: [WatchEvent] = []
        line += piece
        var start = 0
        while let end = line[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
            if let event = try event(line[start..<end]) { events.append(event) }
            start = end + 1
            scanned = start
        }
        line.removeSubrange(..<start)
        scanned = line.count
        guard line.count <= limit else { throw failure("an event longer than \(limit) bytes") }
        return events
    }

    /// What remains when the stream has ended: a last line without its line feed, or half of one.
    mutating func finish() throws(KubeError) -> [WatchEvent] {
        defer {
            line = []
            scanned = 0
        }
        return try event(line[...]).map { [$0] } ?? []
    }

    private func event(_ bytes: ArraySlice<UInt8>) throws(KubeError) -> WatchEvent? {
        guard bytes.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }) else { return nil }
        let json: JSONValue
        do { json = try JSONValue(parsing: Array(bytes)) } catch {
            throw failure("an event that is not JSON: \(error)")
        }
        guard let type = json["type"]?.string, var object = json["object"] else {
            throw failure("an event without type or object")
        }
        if type == "ERROR" {
            let status = object["code"]?.integer.map { Int($0) } ?? 500
            return .error(
                KubeError(status: status, body: object, verb: "watch", target: target, cluster: cluster))
        }
        resource.fillIn(&object)
        if type == "BOOKMARK" {
            return .bookmark(resourceVersion: object["metadata"]?["resourceVersion"]?.string ?? "")
        }
        guard let object = KubeObject(object) else { throw failure("an event whose object has no kind") }
        switch type {
        case "ADDED": return .added(object)
        case "MODIFIED": return .modified(object)
        case "DELETED": return .deleted(object)
        default: throw failure("an event of unknown type \(type)")
        }
    }

    private func failure(_ what: String) -> KubeError {
        KubeError(.decoding, "the server sent \(what)", verb: "watch", target: target, cluster: cluster)
    }
}

extension APIResource {
    /// Writes `apiVersion` and `kind` where the server left them out.
    func fillIn(_ json: inout JSONValue) {
        guard json.object != nil else { return }
        if json["apiVersion"]?.string ?? "" == "" { json["apiVersion"] = .string(gvk.apiVersion) }
        if json["kind"]?.string ?? "" == "" { json["kind"] = .string(gvk.kind) }
    }
}

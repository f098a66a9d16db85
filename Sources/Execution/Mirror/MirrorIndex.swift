import FoundationEssentials
import Manifests

/// What a mirror holds of one run, in a blob of its own that is replaced last: what it does not count is not there.
struct MirrorIndex: Sendable, Hashable {
    /// The format written by this tool; a newer one is refused.
    static let format: Int64 = 1
    static let blob = "index"

    var run: String
    /// The blobs of the ``MirrorSegment``s, in order.
    var segments: [String]
    /// Bytes of the journal, all of them whole records.
    var length: Int
    var records: Int
    /// Hash of the last of these records.
    var head: Digest

    /// The blob's bytes.
    func sealed(_ key: ImageKey) throws(JournalError) -> [UInt8] {
        let json: JSONValue = [
            "format": .integer(Self.format), "run": .string(run), "segments": .array(segments.map(JSONValue.string)),
            "length": .integer(Int64(length)), "records": .integer(Int64(records)), "head": .string(head.description),
        ]
        return try key.seal(json.canonicalBytes, as: "mirror/\(run)/\(Self.blob)")
    }

    /// Reads the blob of that run.
    init(_ bytes: [UInt8], of run: String, at place: String, _ key: ImageKey) throws(MirrorError) {
        let json = try MirrorSegment.opened(bytes, Self.blob, of: run, at: place, key)
        guard let format = json["format"]?.integer, format >= 1 else {
            throw MirrorError(.damaged, "\(place): the index of run \(run) names no format")
        }
        guard format <= Self.format else {
            throw MirrorError(
                .unknownFormat,
                "\(place): run \(run) is mirrored in format \(format), written by a newer kirikae; use that one")
        }
        guard json["run"]?.string == run, let segments = json["segments"]?.array?.compactMap(\.string),
            let length = json["length"]?.integer, let records = json["records"]?.integer,
            let head = json["head"]?.string.flatMap({ Digest($0) }), length >= 0, segments.allSatisfy(PlanFiles.isName)
        else { throw MirrorError(.damaged, "\(place): the index of run \(run) is not one") }
        self.init(
            run: run, segments: segments, length: Int(length), records: Int(records), head: head)
    }

    init(run: String, segments: [String], length: Int, records: Int, head: Digest) {
        self.run = run
        self.segments = segments
        self.length = length
        self.records = records
        self.head = head
    }
}

/// A piece of a run: journal bytes behind those of the piece before, the before-images that they name, and files.
///
/// Never changed once an index counts it.
struct MirrorSegment: Sendable, Hashable {
    var journal: [UInt8] = []
    var images: [Digest: [UInt8]] = [:]
    /// The plan's files in the first piece; later ones replace those of their name.
    var files: [String: [UInt8]] = [:]

    /// What the piece of that number is sealed as.
    private static func title(_ number: Int) -> String { "segment-\(number)" }

    /// The blob that holds these sealed bytes: another piece of the same number gets another name, so that what an
    /// index counts is never written over.
    static func blob(_ number: Int, _ sealed: [UInt8]) -> String { title(number) + "-" + Digest.sha256(sealed).short }

    /// The blob's bytes.
    func sealed(_ number: Int, of run: String, _ key: ImageKey) throws(JournalError) -> [UInt8] {
        var kept = JSONObject()
        for (digest, bytes) in images { kept[digest.description] = .string(Self.base64(bytes)) }
        var files = JSONObject()
        for (name, bytes) in self.files { files[name] = .string(Self.base64(bytes)) }
        let json: JSONValue = [
            "journal": .string(String(decoding: journal, as: UTF8.self)), "images": .object(kept),
            "files": .object(files),
        ]
        let packed: [UInt8]
        do { packed = try Gzip.deflate(json.canonicalBytes) } catch {
            throw JournalError(.writeFailed, "a piece of the mirror cannot be packed: \(error)")
        }
        return try key.seal(packed, as: "mirror/\(run)/\(Self.title(number))")
    }

    init() {}

    /// Reads the blob.
    init(_ bytes: [UInt8], _ number: Int, of run: String, at place: String, _ key: ImageKey) throws(MirrorError) {
        let name = Self.title(number)
        let json = try Self.opened(bytes, name, of: run, at: place, key, isPacked: true)
        guard let journal = json["journal"]?.string, let images = json["images"]?.object,
            let files = json["files"]?.object
        else { throw MirrorError(.damaged, "\(place): \(name) of run \(run) is not one") }
        self.journal = Array(journal.utf8)
        for member in images {
            guard let digest = Digest(member.key), let bytes = Self.bytes(member.value) else {
                throw MirrorError(.damaged, "\(place): \(name) of run \(run) holds something that is no image")
            }
            self.images[digest] = bytes
        }
        for member in files {
            guard let bytes = Self.bytes(member.value), PlanFiles.isName(member.key) else {
                throw MirrorError(.damaged, "\(place): \(name) of run \(run) holds something that is no file")
            }
            self.files[member.key] = bytes
        }
    }

    /// Opens a blob and reads the JSON in it.
    fileprivate static func opened(
        _ bytes: [UInt8], _ name: String, of run: String, at place: String, _ key: ImageKey, isPacked: Bool = false
    ) throws(MirrorError) -> JSONValue {
        var plain: [UInt8]
        do { plain = try key.open(bytes, as: "mirror/\(run)/\(name)") } catch {
            throw MirrorError(
                error.code == .sealed ? .sealed : .damaged,
                error.code == .sealed
                    ? "\(place): run \(run) is sealed with key \(ImageKey.owner(of: bytes) ?? "?"), the key given is "
                        + "\(key.id); name the right one with --image-key-file or KIRIKAE_IMAGE_KEY"
                    : "\(place): \(name) of run \(run) was changed since it was written")
        }
        if isPacked {
            do { plain = try Gzip.inflate(plain, limit: 1 << 30) } catch {
                throw MirrorError(.damaged, "\(place): \(name) of run \(run) cannot be unpacked: \(error)")
            }
        }
        do { return try JSONValue(parsing: plain) } catch {
            throw MirrorError(.damaged, "\(place): \(name) of run \(run) is not JSON: \(error)")
        }
    }

    private static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
    private static func bytes(_ value: JSONValue) -> [UInt8]? {
        value.string.flatMap { Data(base64Encoded: $0) }.map(Array.init)
    }
}

extension PlanFiles {
    /// Whether something may stand in a run's folder under that name: a plain name, without a folder.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }
}

import Manifests
import Planning

/// Keeps the mirror of one run up with its journal: a value that knows what the store is known to hold.
///
/// Invariant: what the index counts is a prefix of the journal, whole records, together with every before-image that
/// they name. Pieces are written first and the index last, each is read back; so an end of the process at any
/// instruction leaves an older prefix, never half of one.
struct RunMirror: Sendable {
    let store: any MirrorStore
    let key: ImageKey
    let run: String
    /// What goes into the first piece, and what has changed since into later ones.
    var files: PlanFiles
    /// What the store holds; nil until it was asked.
    private var index: MirrorIndex?
    private var mirroredImages: Set<Digest> = []
    private var mirroredFiles: [String: Digest] = [:]
    /// Bytes of the journal in one piece, so that memory is bounded however long the journal is.
    private let pieceBytes: Int

    init(store: any MirrorStore, key: ImageKey, run: String, files: PlanFiles, pieceBytes: Int = 4 << 20) {
        self.store = store
        self.key = key
        self.run = run
        self.files = files
        self.pieceBytes = pieceBytes
    }

    /// Brings the mirror up to the end of the journal, whose last record is `head`.
    ///
    /// - Parameter known: the hash of a record of the journal here, by its number. Asked once, to see whether what the
    ///   store holds belongs to this journal.
    mutating func bringUp(
        _ journal: any JournalStore, records: Int, head: Digest, known: (Int) -> Digest?
    ) async throws(MirrorError) {
        var now = try await found(known)
        let files = files.files.filter { mirroredFiles[$0.key] != Digest.sha256($0.value) }
        guard now.head != head || now.records != records || !files.isEmpty else { return }
        // Counted as there only once the index counts them.
        var images = mirroredImages
        var isFirst = true
        while true {
            var segment = try nextSegment(journal, from: now.length, without: images)
            if isFirst { segment.files = files }
            if segment.journal.isEmpty, segment.files.isEmpty { break }
            isFirst = false
            let number = now.segments.count
            let sealed = try Self.asMirror { () throws(JournalError) in try segment.sealed(number, of: run, key) }
            let name = MirrorSegment.blob(number, sealed)
            try await put(name, sealed)
            now.segments.append(name)
            now.length += segment.journal.count
            images.formUnion(segment.images.keys)
        }
        now.records = records
        now.head = head
        let counted = now
        try await put(MirrorIndex.blob, try Self.asMirror { () throws(JournalError) in try counted.sealed(key) })
        index = now
        mirroredImages = images
        for (name, bytes) in files { mirroredFiles[name] = .sha256(bytes) }
    }

    /// What the store holds of this run, which must be the beginning of this journal.
    private mutating func found(_ known: (Int) -> Digest?) async throws(MirrorError) -> MirrorIndex {
        if let index { return index }
        guard let bytes = try await store.get(MirrorIndex.blob, of: run) else {
            return MirrorIndex(run: run, segments: [], length: 0, records: 0, head: .sha256([]))
        }
        let there = try MirrorIndex(bytes, of: run, at: store.place, key)
        guard there.records == 0 || known(there.records - 1) == there.head else {
            throw MirrorError(
                .ahead,
                "\(store.place) holds \(there.records) records of run \(run) that are not all in the journal here: it "
                    + "went on somewhere else. Go on with --from-store \(store.place)")
        }
        // What was begun with stands in the first piece; only what is written anew may differ.
        for (name, bytes) in files.files where name != PlanFile.wayBackName { mirroredFiles[name] = .sha256(bytes) }
        return there
    }

    private func nextSegment(
        _ journal: any JournalStore, from offset: Int, without there: Set<Digest>
    ) throws(MirrorError) -> MirrorSegment {
        var segment = MirrorSegment()
        segment.journal = try Self.asMirror { () throws(JournalError) in
            var limit = pieceBytes
            while true {
                let bytes = try journal.bytes(from: offset, limit: limit)
                if let end = bytes.lastIndex(of: UInt8(ascii: "\n")) { return Array(bytes[...end]) }
                // One record may be longer than a piece.
                guard bytes.count == limit else { return [] }
                limit *= 2
            }
        }
        let named = try Self.asMirror { () throws(JournalError) in try Self.images(namedIn: segment.journal) }
        for digest in named where !there.contains(digest) {
            segment.images[digest] = try Self.asMirror { () throws(JournalError) in try journal.image(digest) }
        }
        return segment
    }

    private static func images(namedIn journal: [UInt8]) throws(JournalError) -> Set<Digest> {
        var found: Set<Digest> = []
        for line in journal.split(separator: UInt8(ascii: "\n")) {
            guard let record = try JournalRecord(line: line) else {
                throw JournalError(.corrupt, "a record changed on disk since it was written")
            }
            if record.entry.type == .stepIntent, let digest = record.entry.digest("image") { found.insert(digest) }
        }
        return found
    }

    /// Writes and reads back: what is not there on the day it is needed was never there.
    private func put(_ name: String, _ bytes: [UInt8]) async throws(MirrorError) {
        try await store.put(name, of: run, bytes)
        guard try await store.get(name, of: run) == bytes else {
            throw MirrorError(.damaged, "\(store.place) does not hold what it was given (\(name) of run \(run))")
        }
    }

    private static func asMirror<Value>(_ body: () throws(JournalError) -> Value) throws(MirrorError) -> Value {
        do throws(JournalError) { return try body() } catch {
            throw MirrorError(.refused, "the journal cannot be read for its mirror: \(error)")
        }
    }
}

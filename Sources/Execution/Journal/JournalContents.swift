public import Manifests

/// What a journal file holds: the longest valid prefix, and what was wrong behind it.
public struct JournalContents: Sendable, Hashable {
    public var records: [JournalRecord]
    /// Bytes of the valid prefix.
    public var validLength: Int
    /// The bad end of the file, when there is one.
    public var torn: TornTail?

    /// The end of a journal that a crash cut or blanked.
    public struct TornTail: Sendable, Hashable {
        public var offset: Int
        public var bytes: [UInt8]
    }

    /// Hash of the last record.
    public var head: Digest? { records.last?.hash }

    /// Reads a journal by the rules of recovery (D6 of the executor's specification).
    ///
    /// A bad last record is a torn write and is reported as such. A bad record that a valid one follows, a gap in the
    /// sequence or a broken hash chain is corruption and throws `corrupt` with the byte offset.
    public init(reading bytes: [UInt8]) throws(JournalError) {
        var records: [JournalRecord] = []
        var offset = 0
        var expected: Digest?
        while offset < bytes.count {
            guard let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")),
                let record = try JournalRecord(line: bytes[offset..<end])
            else { break }
            if record.sequence != records.count {
                throw JournalError(
                    .corrupt, "record \(records.count) is missing: found \(record.sequence) in its place",
                    offset: offset)
            }
            if let expected, record.previous != expected {
                throw JournalError(
                    .corrupt,
                    "record \(record.sequence) does not follow the one before it: it names \(record.previous), "
                        + "that one is \(expected)", offset: offset)
            }
            expected = record.hash
            records.append(record)
            offset = end + 1
        }
        self.records = records
        validLength = offset
        guard offset < bytes.count else { return }
        try Self.refuseValidRecord(behind: offset, in: bytes)
        torn = TornTail(offset: offset, bytes: Array(bytes[offset...]))
    }

    private static func refuseValidRecord(behind offset: Int, in bytes: [UInt8]) throws(JournalError) {
        var start = offset
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            start = end + 1
            let next = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            if try JournalRecord(line: bytes[start..<next]) != nil {
                throw JournalError(
                    .corrupt, "a damaged record is followed by a valid one: this is no torn write", offset: offset)
            }
            if start >= bytes.count { return }
        }
    }
}

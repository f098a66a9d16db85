public import Manifests

/// One line of a journal: `<crc32c, 8 hex> SP <canonical JSON> LF`.
///
/// Invariant: a record is a true statement at the moment it is written, so that losing a tail is always safe.
public struct JournalRecord: Sendable, Hashable {
    /// The format written by this tool.
    public static let format: Int64 = 1

    /// 0, 1, 2 … without gaps.
    public let sequence: Int
    /// Hash of the whole previous line without its line feed; for record 0 the plan's digest.
    public let previous: Digest
    public let moment: Moment
    public let run: String
    /// Counts the holders of the cluster lock, so that effects of an earlier holder can be told apart.
    public let epoch: Int
    /// `user@host#pid`.
    public let actor: String
    public let entry: JournalEntry
    /// The line without its line feed.
    public let line: [UInt8]
    /// Over ``line``: the next record's `previous`, and what `run.end` and reports print as the journal's head.
    public let hash: Digest

    /// The next record of a journal.
    public init(
        sequence: Int, previous: Digest, moment: Moment, run: String, epoch: Int, actor: String, entry: JournalEntry
    ) {
        var members = entry.fields
        members["v"] = .integer(Self.format)
        members["seq"] = .integer(Int64(sequence))
        members["prev"] = .string(previous.description)
        members["at"] = .string(moment.timestamp)
        members["wall"] = .integer(moment.wall)
        members["t"] = .integer(moment.monotonic)
        members["run"] = .string(run)
        members["epoch"] = .integer(Int64(epoch))
        members["actor"] = .string(actor)
        members["type"] = .string(entry.type.rawValue)
        let body = JSONValue.object(members).canonicalBytes
        self.init(
            sequence: sequence, previous: previous, moment: moment, run: run, epoch: epoch, actor: actor, entry: entry,
            line: Array(CRC32C.text(body).utf8) + [UInt8(ascii: " ")] + body)
    }

    private init(
        sequence: Int, previous: Digest, moment: Moment, run: String, epoch: Int, actor: String, entry: JournalEntry,
        line: [UInt8]
    ) {
        self.sequence = sequence
        self.previous = previous
        self.moment = moment
        self.run = run
        self.epoch = epoch
        self.actor = actor
        self.entry = entry
        self.line = line
        hash = .sha256(line)
    }

    /// The record as JSON, without its checksum.
    public var json: JSONValue { (try? JSONValue(parsing: Array(line.dropFirst(9)))) ?? .null }

    private static let envelope: Set<String> = ["v", "seq", "prev", "at", "wall", "t", "run", "epoch", "actor", "type"]

    /// Reads a line without its line feed; nil when checksum or form are wrong, which is how a torn write looks.
    ///
    /// Throws `unknownFormat` for an intact record that a newer tool wrote.
    init?(line: some Collection<UInt8>) throws(JournalError) {
        guard line.count > 10 else { return nil }
        let body = Array(line.dropFirst(9))
        guard line.dropFirst(8).first == UInt8(ascii: " "), Array(CRC32C.text(body).utf8) == Array(line.prefix(8)),
            let json = try? JSONValue(parsing: body), let members = json.object
        else { return nil }
        guard let version = members["v"]?.integer, version <= Self.format,
            let type = members["type"]?.string.flatMap(RecordType.init(rawValue:))
        else {
            throw JournalError(
                .unknownFormat,
                "journal record of format \(members["v"]?.integer ?? 0), type '\(members["type"]?.string ?? "")': "
                    + "written by a newer kirikae; use that one")
        }
        guard let sequence = members["seq"]?.integer, let previous = members["prev"]?.string.flatMap({ Digest($0) }),
            let wall = members["wall"]?.integer, let monotonic = members["t"]?.integer,
            let run = members["run"]?.string, let epoch = members["epoch"]?.integer,
            let actor = members["actor"]?.string
        else { return nil }
        self.init(
            sequence: Int(sequence), previous: previous, moment: Moment(wall: wall, monotonic: monotonic), run: run,
            epoch: Int(epoch), actor: actor,
            entry: JournalEntry(type, JSONObject(members.filter { !Self.envelope.contains($0.key) })), line: Array(line)
        )
    }
}

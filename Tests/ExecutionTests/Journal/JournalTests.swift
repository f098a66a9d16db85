import Manifests
import Testing

@testable import Execution

@Suite("A journal")
struct JournalTests {
    /// A real one, with every kind of record that a run over there and back writes.
    static func sample() async throws -> (bytes: [UInt8], records: [JournalRecord]) {
        let scene = try Scene()
        _ = await scene.runner.apply(scene.document)
        _ = await scene.runner.rollback(try scene.run, to: .checkpoint("start"), scene.document)
        let bytes = scene.store.bytes(of: try scene.run)
        return (bytes, try JournalContents(reading: bytes).records)
    }

    @Test("carries the Castagnoli checksum of its specification")
    func checksum() {
        #expect(CRC32C.text(Array("123456789".utf8)) == "e3069283")
        #expect(CRC32C.text([UInt8](repeating: 0, count: 32)) == "8a9136aa")
    }

    @Test("reads back what was written, byte for byte")
    func roundTrip() async throws {
        let (bytes, records) = try await Self.sample()
        #expect(records.count > 60)
        #expect(records.flatMap { $0.line + [0x0A] } == bytes)
        #expect(records.first?.entry.type == .runBegin)
        #expect(records.enumerated().allSatisfy { $0.offset == $0.element.sequence })
        #expect(zip(records, records.dropFirst()).allSatisfy { $0.hash == $1.previous })
    }

    @Test("cut at any byte recovers every record that was complete")
    func cutAnywhere() async throws {
        let records = Array(try await Self.sample().records.prefix(7))
        let bytes: [UInt8] = records.flatMap { $0.line + [UInt8(0x0A)] }
        var complete = 0
        for length in 0...bytes.count {
            if length > 0, bytes[length - 1] == 0x0A { complete += 1 }
            let contents = try JournalContents(reading: Array(bytes[..<length]))
            guard contents.records == Array(records.prefix(complete)) else {
                Issue.record("cut at \(length): \(contents.records.count) records instead of \(complete)")
                return
            }
            #expect(contents.validLength + (contents.torn?.bytes.count ?? 0) == length)
        }
        #expect(complete == records.count)
    }

    @Test("with a tail of zeros counts as torn")
    func zeroTail() async throws {
        let (bytes, records) = try await Self.sample()
        let contents = try JournalContents(reading: bytes + [UInt8](repeating: 0, count: 512))
        #expect(contents.records == records)
        #expect(contents.torn?.offset == bytes.count)
    }

    @Test("with a changed byte before its last record is refused, and the place is named")
    func flippedBytes() async throws {
        let (bytes, records) = try await Self.sample()
        let lastLine = bytes.count - (records.last?.line.count ?? 0) - 1
        for offset in stride(from: 0, to: lastLine, by: 997) {
            var changed = bytes
            changed[offset] ^= 0x01
            let error = #expect(throws: JournalError.self) { try JournalContents(reading: changed) }
            #expect(error?.code == .corrupt)
            #expect((error?.offset ?? -1) <= offset)
        }
        var tail = bytes
        tail[bytes.count - 4] ^= 0x01
        #expect(try JournalContents(reading: tail).torn != nil, "in the last record it may be a torn write")
    }

    @Test("with a record taken out, or two exchanged, is refused")
    func gaps() async throws {
        let records = try await Self.sample().records
        func bytes(_ records: [JournalRecord]) -> [UInt8] { records.flatMap { $0.line + [0x0A] } }
        var missing = records
        missing.remove(at: 5)
        #expect(throws: JournalError.self) { try JournalContents(reading: bytes(missing)) }
        var exchanged = records
        exchanged.swapAt(5, 6)
        #expect(throws: JournalError.self) { try JournalContents(reading: bytes(exchanged)) }
        var rewritten = records
        let old = records[5]
        rewritten[5] = JournalRecord(
            sequence: old.sequence, previous: old.previous, moment: old.moment, run: old.run, epoch: old.epoch,
            actor: "somebody else", entry: old.entry)
        #expect(throws: JournalError.self) { try JournalContents(reading: bytes(rewritten)) }
    }

    @Test("of a newer tool is refused by name")
    func newerFormat() async throws {
        let record = try await Self.sample().records[0]
        var json = record.json
        json["v"] = 2
        let body = json.canonicalBytes
        let line = Array(CRC32C.text(body).utf8) + [0x20] + body + [0x0A]
        let error = #expect(throws: JournalError.self) { try JournalContents(reading: line) }
        #expect(error?.code == .unknownFormat)
    }

    @Test("folds to the same state whether read at once or record by record")
    func fold() async throws {
        let records = try await Self.sample().records
        var state = RunState(Array(records.prefix(1)))
        for record in records.dropFirst() { state?.apply(record) }
        #expect(state == RunState(records))
        #expect(state?.phase == .rolledBack)
    }

    @Test(
        "writes times as RFC 3339",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z"), (951_827_696_789, "2000-02-29T12:34:56.789Z"),
            (1_767_225_600_000, "2026-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        ])
    func timestamps(milliseconds: Int64, text: String) {
        #expect(Moment.timestamp(milliseconds: milliseconds) == text)
    }
}

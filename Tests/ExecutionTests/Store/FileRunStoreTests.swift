import Glibc
import Manifests
import Testing

@testable import Execution

@Suite("Runs in a folder")
struct FileRunStoreTests {
    /// A folder of its own for each test, removed at its end.
    final class Folder {
        let path: String
        init() throws {
            var template = Array("/tmp/kirikae-store-XXXXXX".utf8CString)
            path = String(cString: try #require(mkdtemp(&template)))
        }
        deinit { remove(path) }

        private func remove(_ path: String) {
            for name in (try? PosixFile.names(in: path)) ?? [] where unlink("\(path)/\(name)") != 0 {
                remove("\(path)/\(name)")
            }
            rmdir(path)
        }
    }

    static func first(_ run: String = "shop-1") -> JournalRecord {
        JournalRecord(
            sequence: 0, previous: Digest(of: "plan"), moment: Moment(wall: 0, monotonic: 0), run: run, epoch: 0,
            actor: "a", entry: .begin(plan: "shop", tool: "t", blue: "b", green: "g", arguments: [], seed: 1))
    }

    static func next(_ record: JournalRecord) -> JournalRecord {
        JournalRecord(
            sequence: record.sequence + 1, previous: record.hash, moment: Moment(wall: 1, monotonic: 1),
            run: record.run, epoch: 0, actor: "a", entry: .note(code: "n", message: "\(record.sequence)"))
    }

    static let plan = PlanFiles(["plan.yaml": Array("plan".utf8)])

    private func mode(_ path: String) -> mode_t {
        var info = stat()
        stat(path, &info)
        return info.st_mode & 0o777
    }

    @Test("lie open to nobody but their owner")
    func modes() throws {
        let folder = try Folder()
        let store = FileRunStore(folder.path + "/state")
        let journal = try store.begin("shop-1", first: Self.first(), plan: Self.plan)
        let image = Digest.sha256(Array("{}".utf8))
        try journal.keepImage(Array("{}".utf8), named: image)
        let run = store.folder(of: "shop-1")
        #expect(mode(run) == 0o700)
        #expect(mode(run + "/images") == 0o700)
        for name in ["journal.jsonl", "plan/plan.yaml", "ballast", "images/\(image.hexadecimal).json"] {
            #expect(mode("\(run)/\(name)") == 0o600, "\(name)")
        }
        #expect(try journal.image(image) == Array("{}".utf8))
        #expect(try store.plan(of: "shop-1") == Self.plan)
        #expect(try store.runs().map(\.id) == ["shop-1"])
        #expect(try store.unfinished().count == 1)
    }

    @Test("keep a torn tail aside, cut it off, and go on behind the last whole record")
    func torn() throws {
        let folder = try Folder()
        let store = FileRunStore(folder.path)
        let second = Self.next(Self.first())
        let journal = try store.begin("shop-1", first: Self.first(), plan: Self.plan)
        try journal.append([second.line], durable: true)
        journal.close()
        let path = store.folder(of: "shop-1") + "/journal.jsonl"
        let tail = Array(Self.next(second).line.prefix(40))
        try PosixFile(path, flags: O_WRONLY | O_APPEND).write(tail)
        #expect(try store.read("shop-1").torn?.bytes == tail, "looking repairs nothing")
        let (contents, reopened) = try store.open("shop-1")
        #expect(contents.records.count == 2)
        #expect(try PosixFile.read(path + ".torn-0") == tail)
        try reopened.append([Self.next(second).line], durable: true)
        #expect(try store.read("shop-1").records.count == 3)
        #expect(try store.read("shop-1").torn == nil)
    }

    @Test("refuse a damaged journal with the place, and leave it as it is")
    func corrupt() throws {
        let folder = try Folder()
        let store = FileRunStore(folder.path)
        let journal = try store.begin("shop-1", first: Self.first(), plan: Self.plan)
        try journal.append([Self.next(Self.first()).line], durable: true)
        let path = store.folder(of: "shop-1") + "/journal.jsonl"
        var bytes = try PosixFile.read(path)
        bytes[20] ^= 1
        try PosixFile.create(path, bytes)
        let error = #expect(throws: JournalError.self) { try store.open("shop-1") }
        #expect(error?.code == .corrupt)
        #expect(error?.offset == 0)
        #expect(try PosixFile.read(path) == bytes)
        #expect(try store.runs().first?.problem?.code == .corrupt)
    }

    @Test("say that the disk is full, once more after giving up the ballast, and leave no half record")
    func fullDisk() throws {
        let folder = try Folder()
        let store = FileRunStore(folder.path)
        _ = try store.begin("shop-1", first: Self.first(), plan: Self.plan)
        let run = store.folder(of: "shop-1")
        #expect(unlink(run + "/journal.jsonl") == 0)
        #expect(symlink("/dev/full", run + "/journal.jsonl") == 0)
        let journal = try FileJournalStore(folder: run, validLength: 0)
        let error = #expect(throws: JournalError.self) {
            try journal.append([Self.next(Self.first()).line], durable: true)
        }
        #expect(error?.code == .diskFull)
        #expect(!PosixFile.exists(run + "/ballast"))
    }

    @Test("begin once under one name, and not at all when that fails in the middle")
    func beginOnce() throws {
        let folder = try Folder()
        let store = FileRunStore(folder.path)
        _ = try store.begin("shop-1", first: Self.first(), plan: Self.plan)
        let error = #expect(throws: JournalError.self) {
            try store.begin("shop-1", first: Self.first(), plan: Self.plan)
        }
        #expect(error?.code == .alreadyBegun)
        // A name with a folder in it cannot be written; nothing of the run may stay.
        #expect(throws: JournalError.self) {
            try store.begin("shop-2", first: Self.first("shop-2"), plan: PlanFiles(["no/such": []]))
        }
        #expect(try store.runs().map(\.id) == ["shop-1"])
        #expect(try PosixFile.names(in: folder.path + "/runs") == ["shop-1"])
    }

    @Test("let one process at a time work on a migration")
    func lock() throws {
        let folder = try Folder()
        let store = FileRunStore(folder.path)
        let held = try store.lock(migration: "shop", holder: "ada")
        let error = #expect(throws: JournalError.self) { try store.lock(migration: "shop", holder: "eve") }
        #expect(error?.code == .locked)
        #expect(error?.message.contains("ada") == true)
        _ = try store.lock(migration: "bakery", holder: "eve")
        held.release()
        try store.lock(migration: "shop", holder: "eve").release()
    }
}

import Glibc
public import Manifests
import Synchronization

/// A journal in a folder: `journal.jsonl`, `images/<sha256>.json` (`<hmac>.sealed` for those of Secrets), and a
/// `ballast` that is given up when the disk is full, so that the run can still say that it stops.
public final class FileJournalStore: JournalStore {
    /// How much is kept for the last words.
    static let ballastBytes = 1 << 20

    private struct State: ~Copyable {
        var file: PosixFile
        var length: Int
        var failure: JournalError?
    }

    private let folder: String
    private let state: Mutex<State>

    /// Opens the journal in `folder` for appending behind its first `validLength` bytes.
    init(folder: String, validLength: Int) throws(JournalError) {
        self.folder = folder
        let file = try PosixFile(folder + "/journal.jsonl", flags: O_WRONLY | O_APPEND)
        state = Mutex(State(file: file, length: validLength, failure: nil))
    }

    public func append(_ lines: [[UInt8]], durable: Bool) throws(JournalError) {
        let bytes = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
        let result: Result<Void, JournalError> = state.withLock { state in
            // After a failed write or sync, what is on disk is not known: a later sync may "succeed" without it.
            if let failure = state.failure, failure.code != .diskFull { return .failure(failure) }
            do throws(JournalError) {
                try state.file.write(bytes)
                if durable { try state.file.sync() }
                state.length += bytes.count
                return .success(())
            } catch {
                if error.code == .diskFull {
                    // What was written of these lines must not be taken for a torn tail of what comes next.
                    try? state.file.truncate(to: state.length)
                    unlink(folder + "/ballast")
                }
                state.failure = error
                return .failure(error)
            }
        }
        try result.get()
    }

    public func keepImage(_ bytes: [UInt8], named digest: Digest) throws(JournalError) {
        let path = Self.imagePath(digest, in: folder)
        // The same content may have been kept by an earlier pass; `create` made it durable then.
        if !PosixFile.exists(path) { try PosixFile.create(path, bytes) }
    }

    public func image(_ digest: Digest) throws(JournalError) -> [UInt8] {
        try PosixFile.read(Self.imagePath(digest, in: folder))
    }

    public func bytes(from offset: Int, limit: Int) throws(JournalError) -> [UInt8] {
        try PosixFile.read(folder + "/journal.jsonl", from: offset, limit: limit)
    }

    public func close() {
        state.withLock { $0.failure = $0.failure ?? JournalError(.writeFailed, "the journal is closed") }
    }

    /// Where a run's folder keeps an image: the ending says whether a person can read it.
    static func imagePath(_ digest: Digest, in folder: String) -> String {
        "\(folder)/images/\(digest.hexadecimal)" + (digest.isKeyed ? ".sealed" : ".json")
    }
}

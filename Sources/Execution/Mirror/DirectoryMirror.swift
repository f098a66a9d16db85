import Dispatch

/// A mirror in a folder, such as a share that several people mount: `<folder>/<run>/<name>`.
///
/// Folders are 0700, files 0600; for more readers give the folder's owner a group by other means. Every file appears
/// under its name whole and synced.
public struct DirectoryMirror: MirrorStore {
    public let place: String
    private let folder: String

    /// A mirror in that folder, which need not exist yet.
    public init(_ folder: String) {
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        place = self.folder
    }

    public func put(_ name: String, of run: String, _ bytes: [UInt8]) async throws(MirrorError) {
        let target = "\(folder)/\(run)"
        try await onDisk { () throws(JournalError) in
            try PosixFile.makeFolder(target)
            try PosixFile.create("\(target)/\(name)", bytes)
        }
    }

    public func get(_ name: String, of run: String) async throws(MirrorError) -> [UInt8]? {
        let path = "\(folder)/\(run)/\(name)"
        return try await onDisk { () throws(JournalError) in
            PosixFile.exists(path) ? try PosixFile.read(path) : nil
        }
    }

    public func remove(_ name: String, of run: String) async throws(MirrorError) {
        let path = "\(folder)/\(run)/\(name)"
        try await onDisk { () throws(JournalError) in
            try PosixFile.remove(path)
            // Nobody wants an empty folder; one that is not empty stays.
            PosixFile.removeEmptyFolder(PosixFile.parent(path))
        }
    }

    public func runs() async throws(MirrorError) -> [String] {
        let folder = folder
        return try await onDisk { () throws(JournalError) in
            try PosixFile.names(in: folder).filter { PosixFile.exists("\(folder)/\($0)/\(MirrorIndex.blob)") }
        }
    }

    /// Does something on a thread that may hang: a share that is gone does not answer, and nothing ends such a call.
    private func onDisk<Value: Sendable>(
        _ body: @escaping @Sendable () throws(JournalError) -> Value
    ) async throws(MirrorError) -> Value {
        let result: Result<Value, JournalError> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                do throws(JournalError) { continuation.resume(returning: .success(try body())) } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        do throws(JournalError) { return try result.get() } catch {
            throw MirrorError(.refused, "the mirror \(place): \(error)")
        }
    }
}

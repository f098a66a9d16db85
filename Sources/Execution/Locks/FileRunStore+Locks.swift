// Who works here, and how to ask them to stop: files beside the local lock.
extension FileRunStore {
    /// Who holds the local lock of a migration; nil when nobody does.
    public func lockHolder(of migration: String) -> String? {
        let path = lockPath(migration)
        guard PosixFile.exists(path) else { return nil }
        return FileLock.holder(of: path)
    }

    /// Asks the process that holds the lock to stop.
    public func askToPause(_ migration: String, by person: String) throws(JournalError) {
        try PosixFile.create(pausePath(migration), Array(person.utf8))
    }

    /// Who asked to stop since this was called last; nil when nobody did.
    public func takePauseRequest(_ migration: String) -> String? {
        let path = pausePath(migration)
        guard PosixFile.exists(path), let bytes = try? PosixFile.read(path) else { return nil }
        try? PosixFile.remove(path)
        return String(decoding: bytes, as: UTF8.self)
    }

    func lockPath(_ migration: String) -> String { "\(root)/locks/\(migration).lock" }
    private func pausePath(_ migration: String) -> String { "\(root)/locks/\(migration).pause" }
}

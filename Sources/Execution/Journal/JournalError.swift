/// Why a journal could not be written or read.
public struct JournalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble, for exit codes and tests.
    public enum Code: String, Sendable, Hashable {
        /// A write or a sync failed. The run must stop: what is on disk is not known any more.
        case writeFailed
        /// The disk is full.
        case diskFull
        /// The file cannot be read.
        case unreadable
        /// A record in the middle is damaged, missing or out of order. Never repaired by the tool.
        case corrupt
        /// There is no such run.
        case noSuchRun
        /// The run, or the plan's digest, was begun before.
        case alreadyBegun
        /// Written by a newer kirikae.
        case unknownFormat
        /// A before-image was sealed with a key that is not the one given, or none was given.
        case sealed
        /// Another process holds the lock.
        case locked
    }

    public var code: Code
    public var message: String
    /// Where in the file, for `corrupt`.
    public var offset: Int?

    public init(_ code: Code, _ message: String, offset: Int? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
    }

    public var description: String { offset.map { "\(message) (byte \($0))" } ?? message }
}

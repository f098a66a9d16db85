/// A second place for a run's journal and before-images, off this machine: blobs by run and name.
///
/// It sees sealed bytes only and need not be trusted: what it loses, exchanges or makes up is noticed
/// (``RunMirror``, ``MirroredRun``). No method retries.
public protocol MirrorStore: Sendable {
    /// What a person types after `--from-store`.
    var place: String { get }

    /// Keeps a blob, in place of one of that name. Once it returns, the blob is there for another machine.
    func put(_ name: String, of run: String, _ bytes: [UInt8]) async throws(MirrorError)

    /// The blob; nil when there is none.
    func get(_ name: String, of run: String) async throws(MirrorError) -> [UInt8]?

    /// Takes a blob away; does nothing when there is none.
    func remove(_ name: String, of run: String) async throws(MirrorError)

    /// The runs of which something is there, sorted.
    func runs() async throws(MirrorError) -> [String]
}

/// Why a mirror could not be written or read.
public struct MirrorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble, for exit codes and tests.
    public enum Code: String, Sendable, Hashable {
        /// It did not answer, or not in time.
        case unreachable
        /// It answered and would not: rights, space, a name.
        case refused
        /// It does not hold what it was given, or what it holds was changed.
        case damaged
        /// It holds records of this run that the journal here does not: the run went on somewhere else.
        case ahead
        /// Sealed with another key.
        case sealed
        /// It holds nothing of that run.
        case noSuchRun
        /// Written by a newer kirikae.
        case unknownFormat
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}

extension MirrorStore {
    /// Whether blobs can be written, read back and taken away here.
    func probe(_ run: String) async throws(MirrorError) {
        let bytes = Array("probe of \(run)".utf8)
        try await put("probe", of: run, bytes)
        guard try await get("probe", of: run) == bytes else {
            throw MirrorError(.damaged, "\(place) does not give back what it was given")
        }
        try await remove("probe", of: run)
    }
}

public import Manifests

/// Keeps the journal and the before-images of one run.
///
/// Invariant: what `append` was given with `durable` set, and everything before it, survives a crash once the call
/// has returned. After any error nothing more is written: what is on disk is not known any more.
public protocol JournalStore: Sendable {
    /// Adds lines (without line feeds) in order, and syncs when `durable`.
    func append(_ lines: [[UInt8]], durable: Bool) throws(JournalError)

    /// Keeps bytes under a digest, synced when the call returns. What stands under that digest already stays.
    func keepImage(_ bytes: [UInt8], named digest: Digest) throws(JournalError)

    /// The bytes kept under that digest, as they were given; `unreadable` when there are none. ``BeforeImages`` checks
    /// and opens them.
    func image(_ digest: Digest) throws(JournalError) -> [UInt8]

    /// Up to `limit` bytes of the journal as it stands, from that byte on; none at its end.
    func bytes(from offset: Int, limit: Int) throws(JournalError) -> [UInt8]

    /// Releases what the store holds open. Nothing may be appended afterwards.
    func close()
}

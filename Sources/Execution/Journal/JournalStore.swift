public import Manifests

/// Keeps the journal and the before-images of one run.
///
/// Invariant: what `append` was given with `durable` set, and everything before it, survives a crash once the call
/// has returned. After any error nothing more is written: what is on disk is not known any more.
public protocol JournalStore: Sendable {
    /// Adds lines (without line feeds) in order, and syncs when `durable`.
    func append(_ lines: [[UInt8]], durable: Bool) throws(JournalError)

    /// Keeps a before-image under its digest, synced when the call returns. The same content twice is kept once.
    func saveImage(_ bytes: [UInt8]) throws(JournalError) -> Digest

    /// The before-image; `unreadable` when missing, or when its content does not have that digest.
    func image(_ digest: Digest) throws(JournalError) -> [UInt8]

    /// Releases what the store holds open. Nothing may be appended afterwards.
    func close()
}

import Crypto

/// Makes a ``Digest`` of bytes that come piece by piece.
public struct DigestBuilder: Sendable {
    private var hash = SHA256()

    /// The digest of nothing, so far.
    public init() {}

    /// Takes the next bytes.
    public mutating func append(_ bytes: [UInt8]) { hash.update(data: bytes) }

    /// The digest of everything so far; the same as ``Digest/sha256(_:)`` of it at once.
    public func digest() -> Digest { Digest(hash: hash.finalize()) }
}

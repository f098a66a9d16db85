import Manifests

import enum Crypto.ChaChaPoly
import struct Crypto.HKDF
import struct Crypto.SHA256
import struct Crypto.SymmetricKey

/// Seals what a run must keep and nobody else may read: before-images of Secrets, and whatever goes to a mirror.
///
/// ChaCha20-Poly1305 with keys derived from one master key by HKDF. The nonce is derived from the content (as in
/// synthetic initialization vectors), so that no chance is needed and the same content gives the same bytes: what that
/// tells is only which contents are equal, and the keyed digests tell that anyway.
public struct ImageKey: Sendable {
    /// Of the master key.
    public static let byteCount = 32
    /// Names the key without telling it: 16 hexadecimal digits.
    public let id: String

    private let sealing: SymmetricKey
    private let naming: [UInt8]
    /// Begins everything sealed; the digit is the form's number.
    private static let mark = Array("kirikae-sealed-1 ".utf8)

    /// A key of exactly 32 bytes; nil for any other number.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        let master = SymmetricKey(data: bytes)
        func derived(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: master, salt: Array("kirikae".utf8), info: Array(purpose.utf8),
                outputByteCount: Self.byteCount)
        }
        sealing = derived("sealing")
        naming = derived("naming").withUnsafeBytes { Array($0) }
        id = String(Digest.keyed(Array("id".utf8), key: naming).hexadecimal.prefix(16))
    }

    /// A digest that only holders of the key can recompute.
    func digest(of bytes: [UInt8]) -> Digest { .keyed(bytes, key: naming) }

    /// Seals bytes so that they open under that name only.
    func seal(_ bytes: [UInt8], as name: String) throws(JournalError) -> [UInt8] {
        let nonce = Digest.keyed([UInt8](name.utf8) + [0] + bytes, key: naming).bytes.prefix(12)
        guard let nonce = try? ChaChaPoly.Nonce(data: nonce),
            let box = try? ChaChaPoly.seal(
                bytes, using: sealing, nonce: nonce, authenticating: Array(name.utf8))
        else { throw JournalError(.writeFailed, "\(name) cannot be sealed") }
        return Self.mark + Array(id.utf8) + [UInt8(ascii: "\n")] + box.combined
    }

    /// What was sealed under that name.
    ///
    /// Throws `sealed` when it was sealed with another key, and `unreadable` when it is not what was sealed.
    func open(_ sealed: [UInt8], as name: String) throws(JournalError) -> [UInt8] {
        guard let owner = Self.owner(of: sealed) else {
            throw JournalError(.unreadable, "\(name) is not sealed as this kirikae seals")
        }
        guard owner == id else {
            throw JournalError(.sealed, "\(name) is sealed with key \(owner), the key given is \(id)")
        }
        let body = sealed.dropFirst(Self.mark.count + id.utf8.count + 1)
        guard let box = try? ChaChaPoly.SealedBox(combined: body),
            let bytes = try? ChaChaPoly.open(box, using: sealing, authenticating: Array(name.utf8))
        else { throw JournalError(.unreadable, "\(name) was changed since it was sealed") }
        return Array(bytes)
    }

    /// The id of the key that something was sealed with; nil for what is not sealed.
    static func owner(of sealed: [UInt8]) -> String? {
        guard sealed.starts(with: mark), let end = sealed.dropFirst(mark.count).firstIndex(of: UInt8(ascii: "\n")),
            end - mark.count == 16
        else { return nil }
        return String(decoding: sealed[mark.count..<end], as: UTF8.self)
    }
}

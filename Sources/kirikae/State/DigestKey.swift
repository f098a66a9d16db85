import Crypto
import Findings
import FoundationEssentials
import Manifests

/// The key behind the keyed digests over Secret data.
///
/// It lies in the state directory, readable by its owner only, and never in an inventory, a plan or Git.
struct DigestKey {
    let bytes: [UInt8]

    /// Names the key in inventories and plans without telling it.
    var id: String { SecretHandling.redacted(key: bytes).keyID ?? "" }

    /// This operator's own key, made on first use.
    static func own(stateDirectory: String? = nil) throws -> DigestKey {
        let folder = try StateDirectory.path(override: stateDirectory)
        let file = folder + "/digest.key"
        if let found = try read(file) { return found }
        try StateDirectory.make(folder)
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        let text = key.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        let created = FileManager.default.createFile(
            atPath: file, contents: Data((text + "\n").utf8), attributes: [.posixPermissions: 0o600])
        guard created else { throw CommandFailure(.usage, "cannot write the digest key to \(file)") }
        return DigestKey(bytes: key)
    }

    /// The key of that name, if this operator has it.
    static func named(_ id: String?, stateDirectory: String? = nil) throws -> DigestKey? {
        guard let id else { return nil }
        let folder = try StateDirectory.path(override: stateDirectory)
        guard let key = try read(folder + "/digest.key"), key.id == id else { return nil }
        return key
    }

    private static func read(_ file: String) throws -> DigestKey? {
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure(.usage, "cannot read the digest key \(file)")
        }
        let digits = String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
        var bytes: [UInt8] = []
        var rest = Substring(digits)
        while rest.count >= 2, let byte = UInt8(rest.prefix(2), radix: 16) {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        guard bytes.count == 32, rest.isEmpty else {
            throw CommandFailure(.usage, "\(file) does not hold a digest key of 64 hexadecimal digits")
        }
        return DigestKey(bytes: bytes)
    }
}

import Findings
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
        return DigestKey(bytes: try KeyFile.own(folder + "/digest.key", what: "digest key"))
    }

    /// The key of that name, if this operator has it.
    static func named(_ id: String?, stateDirectory: String? = nil) throws -> DigestKey? {
        guard let id else { return nil }
        let folder = try StateDirectory.path(override: stateDirectory)
        guard let bytes = try KeyFile.read(folder + "/digest.key", what: "digest key") else { return nil }
        let key = DigestKey(bytes: bytes)
        return key.id == id ? key : nil
    }
}

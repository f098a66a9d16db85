import Manifests

/// The before-images of one run, as steps know them: JSON under a digest that the journal names.
///
/// Those of Secrets are sealed with the run's ``ImageKey``, under a keyed digest, so that neither the folder nor the
/// journal gives anything away. Without a key everything is kept in clear.
struct BeforeImages: Sendable {
    let journal: any JournalStore
    let key: ImageKey?

    /// Keeps an image, synced when the call returns.
    ///
    /// - Parameter object: what it is the image of; nil for routes.
    func keep(_ image: JSONValue, of object: ObjectReference?) throws(JournalError) -> Digest {
        let bytes = image.canonicalBytes
        // That nothing stood there is no secret, and taking away what was made must not need a key.
        guard let key, let object, Self.isSecret(object), image != ApplyStep.absent else {
            let digest = Digest.sha256(bytes)
            try journal.keepImage(bytes, named: digest)
            return digest
        }
        let digest = key.digest(of: bytes)
        try journal.keepImage(try key.seal(bytes, as: digest.description), named: digest)
        return digest
    }

    /// The image under that digest; `sealed` when the key for it is not here.
    func image(_ digest: Digest) throws(JournalError) -> JSONValue {
        guard !digest.isKeyed || key != nil else {
            throw JournalError(.sealed, "before-image \(digest.short) is sealed, and there is no key")
        }
        var bytes = try journal.image(digest)
        if digest.isKeyed, let key { bytes = try key.open(bytes, as: digest.description) }
        let isWhole = digest.isKeyed ? key?.digest(of: bytes) == digest : Digest.sha256(bytes) == digest
        guard isWhole else {
            throw JournalError(.unreadable, "before-image \(digest.short) is not what the journal says it is")
        }
        guard let value = try? JSONValue(parsing: bytes) else {
            throw JournalError(.unreadable, "before-image \(digest.short) is not JSON")
        }
        return value
    }

    static func isSecret(_ object: ObjectReference) -> Bool { object.kind == GroupKind(group: "", kind: "Secret") }
}

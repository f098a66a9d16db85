/// Replaces the data of Secrets by keyed digests, so that inventories and plans can be kept in Git.
public enum SecretRedaction {
    /// Marks a Secret whose values are digests.
    ///
    /// Redacting such a one changes nothing, so a plan made from a redacted inventory and the live cluster agree when
    /// both know the key.
    public static let annotation = "kirikae.dev/redacted"

    /// The object itself unless it is a Secret; a Secret with every value of `data` and `stringData` replaced, and
    /// without the last-applied annotation, which repeats them.
    public static func redact(_ object: KubeObject, key: [UInt8]) -> KubeObject {
        guard object.gvk.groupKind == GroupKind(group: "", kind: "Secret"), object[annotation: annotation] == nil
        else { return object }
        var redacted = object
        for member in ["data", "stringData"] {
            guard let values = object.json[member]?.object else { continue }
            var digests = JSONObject()
            for value in values {
                let bytes = value.value.string.map { Array($0.utf8) } ?? value.value.canonicalBytes
                digests[value.key] = .string(Digest.keyed(bytes, key: key).description)
            }
            redacted[FieldPath([.member(member)])] = .object(digests)
        }
        redacted[annotation: "kubectl.kubernetes.io/last-applied-configuration"] = nil
        redacted[annotation: annotation] = "true"
        return redacted
    }
}

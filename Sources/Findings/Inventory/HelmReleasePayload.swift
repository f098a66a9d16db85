import FoundationEssentials
public import Manifests

/// What Helm keeps of a release, taken out of its Secret or ConfigMap and put back in the same wrapping.
///
/// Holds the release's values, which may be secret: it is for rewriting, never for reports.
public struct HelmReleasePayload: Sendable, Hashable {
    /// Helm's own record: `name`, `info`, `chart`, `config`, `manifest`, `hooks`.
    public var release: JSONValue
    /// Whether the record was packed with gzip.
    public let isPacked: Bool
    private let isSecret: Bool

    /// Nil when the object holds no release.
    public init?(_ object: KubeObject) throws(HelmReleaseError) {
        let isSecret = object.gvk.kind == "Secret" && object["type"]?.string == "helm.sh/release.v1"
        let isConfigMap = object.gvk.kind == "ConfigMap" && object.labels["owner"]?.string?.lowercased() == "helm"
        guard object.gvk.group.isEmpty, isSecret || isConfigMap else { return nil }
        guard var text = object["data.release"]?.string else {
            throw HelmReleaseError(message: "\(object.reference) has no data.release")
        }
        if isSecret {
            guard let outer = Data(base64Encoded: text) else {
                throw HelmReleaseError(message: "\(object.reference): data.release is no base64")
            }
            text = String(decoding: outer, as: UTF8.self)
        }
        guard let inner = Data(base64Encoded: text) else {
            throw HelmReleaseError(message: "\(object.reference): the release is no base64")
        }
        var bytes = Array(inner)
        isPacked = Gzip.looksCompressed(bytes)
        self.isSecret = isSecret
        do {
            if isPacked { bytes = try Gzip.inflate(bytes, limit: HelmReleaseReader.limit) }
            release = try JSONValue(parsing: bytes)
        } catch {
            throw HelmReleaseError(message: "\(object.reference): \(error)")
        }
    }

    /// The text for `data.release` of the object it came from.
    public func encoded() throws(HelmReleaseError) -> String {
        var bytes = release.canonicalBytes
        if isPacked {
            do { bytes = try Gzip.deflate(bytes) } catch { throw HelmReleaseError(message: "\(error)") }
        }
        let inner = Data(bytes).base64EncodedString()
        return isSecret ? Data(inner.utf8).base64EncodedString() : inner
    }
}

/// Why a release could not be taken out of its wrapping or put back.
public struct HelmReleaseError: Error, Sendable, Hashable, CustomStringConvertible {
    public var message: String

    public var description: String { message }
}

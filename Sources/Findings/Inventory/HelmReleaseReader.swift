import FoundationEssentials
public import Manifests

/// Reads what Helm keeps of a release in a Secret or ConfigMap: base64 in base64 of gzip of JSON.
public enum HelmReleaseReader {
    /// The most that one release may unpack to; etcd takes a megabyte of it packed.
    static let limit = 64 << 20

    /// What stands in every object that may hold a release.
    static let need = CheckNeed.anyOf(["helm.sh/release.v1"], in: ["Secret"])
        .union(.anyGroupOf([["owner", "release"]], in: ["ConfigMap"]))

    /// What the release installs; nil when the object holds none, or its data has been redacted.
    ///
    /// A release that is there but cannot be read is returned with its problem, never passed over.
    public static func read(_ object: KubeObject) -> HelmRelease? {
        let isSecret = object.gvk.kind == "Secret" && object["type"]?.string == "helm.sh/release.v1"
        let isConfigMap = object.gvk.kind == "ConfigMap" && object.labels["owner"]?.string?.lowercased() == "helm"
        guard object.gvk.group.isEmpty, isSecret || isConfigMap, object[annotation: SecretRedaction.annotation] == nil
        else { return nil }
        // sh.helm.release.v1.NAME.vREVISION
        let words = object.name.split(separator: ".")
        let revision = words.last.flatMap { Int($0.dropFirst()) } ?? 0
        let named = words.count > 5 ? words[4..<(words.count - 1)].joined(separator: ".") : object.name
        var release = HelmRelease(
            secret: object.reference, name: object.labels["name"]?.string ?? named,
            revision: object.labels["version"]?.string.flatMap { Int($0) } ?? revision,
            status: object.labels["status"]?.string ?? "unknown", items: [])
        do {
            let json = try content(of: object, isSecret: isSecret)
            release.name = json["name"]?.string ?? release.name
            release.status = json["info"]?["status"]?.string ?? release.status
            release.revision = json["version"]?.integer.map { Int($0) } ?? release.revision
            release.items = try items(
                of: json["manifest"]?.string ?? "", release: release.name,
                namespace: json["namespace"]?.string ?? object.namespace)
        } catch {
            release.problem = "\(error)"
        }
        return release
    }

    private struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    private static func content(of object: KubeObject, isSecret: Bool) throws -> JSONValue {
        guard var text = object["data.release"]?.string else { throw Problem(description: "it has no data.release") }
        if isSecret {
            guard let outer = Data(base64Encoded: text) else { throw Problem(description: "data.release is no base64") }
            text = String(decoding: outer, as: UTF8.self)
        }
        guard let inner = Data(base64Encoded: text) else { throw Problem(description: "the release is no base64") }
        var bytes = Array(inner)
        if Gzip.looksCompressed(bytes) { bytes = try Gzip.inflate(bytes, limit: limit) }
        return try JSONValue(parsing: bytes)
    }

    private static func items(
        of manifest: String, release: String, namespace: String?
    ) throws
        -> [HelmRelease.Item]
    {
        let report = ManifestLoader().load(bytes: Array(manifest.utf8), file: "helm release \(release)")
        if let error = report.errors.first { throw error }
        return report.objects.map { loaded in
            HelmRelease.Item(
                gvk: loaded.object.gvk, namespace: loaded.object.namespace ?? namespace, name: loaded.object.name,
                line: loaded.location(of: "apiVersion").line)
        }
    }
}

import Conversion
import Findings
import Manifests

/// One stored Helm release with its manifests at versions that the target serves.
struct HelmReleaseRewrite {
    /// The Secret or ConfigMap as it was read.
    let original: KubeObject
    /// The same with the rewritten release.
    let rewritten: KubeObject
    let name: String
    let revision: Int64
    /// The manifest, then the hooks that change.
    let parts: [FileConversions.Changed]
    let left: [FileConversion.Left]

    /// Nil when nothing in the release has to change and nothing is left to a person.
    ///
    /// - Parameters:
    ///   - object: as it was read.
    ///   - conversion: what to convert for.
    ///   - serves: whether the cluster that the release lives in serves a version. Helm asks that very cluster for the
    ///     stored versions, so that one it does not serve yet would only move the trouble.
    init?(
        _ object: KubeObject, with conversion: ManifestConversion, serves: (GroupVersionKind) -> Bool
    ) throws(HelmReleaseError) {
        guard var payload = try HelmReleasePayload(object) else { return nil }
        let name = payload.release["name"]?.string ?? object.name
        let revision = payload.release["version"]?.integer ?? 0
        var parts: [FileConversions.Changed] = []
        var left: [FileConversion.Left] = []
        let place = "\(object.namespace ?? "")/\(name).v\(revision)"
        func rewrite(_ text: String, _ file: String) -> String? {
            guard let source = try? ManifestSource(bytes: Array(text.utf8), file: file) else { return nil }
            let result = conversion.convert(source)
            left += result.left
            guard result.isChanged else { return nil }
            if let early = result.converted.first(where: { !serves($0.to) }) {
                left.append(
                    FileConversion.Left(
                        object: early.object, gvk: early.from, location: early.location, code: "not-served-here",
                        message: "this cluster does not serve \(early.to) yet, and Helm would ask it for that",
                        remedy: "Convert after the cluster is upgraded, or install the chart anew on the new one."))
                return nil
            }
            parts.append(FileConversions.Changed(file: file, conversion: result))
            return String(decoding: result.bytes, as: UTF8.self)
        }
        if let text = payload.release["manifest"]?.string, let new = rewrite(text, "\(place)/manifest") {
            payload.release["manifest"] = .string(new)
        }
        if case .array(var hooks)? = payload.release["hooks"] {
            for (index, hook) in hooks.enumerated() {
                let path = hook["path"]?.string ?? "hook \(index)"
                if let text = hook["manifest"]?.string, let new = rewrite(text, "\(place)/hooks/\(path)") {
                    hooks[index]["manifest"] = .string(new)
                }
            }
            payload.release["hooks"] = .array(hooks)
        }
        guard !parts.isEmpty || !left.isEmpty else { return nil }
        var rewritten = object
        if !parts.isEmpty { rewritten["data.release"] = .string(try payload.encoded()) }
        original = object
        self.rewritten = rewritten
        self.name = name
        self.revision = revision
        self.parts = parts
        self.left = left
    }

    /// Helm's next upgrade reads the deployed revision and the newest one; older ones only serve `helm rollback`.
    static func inUse(_ objects: [KubeObject]) -> [KubeObject] {
        var newest: [String: (Int, KubeObject)] = [:]
        for object in objects {
            let release = "\(object.namespace ?? "")/\(object.labels["name"]?.string ?? object.name)"
            let revision = object.labels["version"]?.string.flatMap { Int($0) } ?? 0
            if newest[release].map({ $0.0 < revision }) ?? true { newest[release] = (revision, object) }
        }
        let kept = Set(newest.values.map(\.1.reference))
        return objects.filter { $0.labels["status"]?.string == "deployed" || kept.contains($0.reference) }
    }
}

public import Manifests

/// The kinds that an OpenAPI document of Kubernetes describes: version 2 (`swagger.json`), or one group version's
/// document of version 3.
public struct OpenAPIKinds: Sendable {
    /// The release, where the document says it.
    public var version: KubernetesVersion?
    /// The kinds with addresses of their own, without subresources; ascending.
    public var kinds: [ServedKind]

    /// Nil for a document without paths, or without the marks that Kubernetes sets at its operations.
    public init?(_ document: JSONValue) {
        guard let paths = document["paths"]?.object else { return nil }
        version = document["info"]?["version"]?.string.flatMap { KubernetesVersion($0) }
        var found: [GroupVersionKind: ServedKind] = [:]
        for path in paths {
            guard let address = Address(path.key) else { continue }
            for operation in path.value.object ?? [:] {
                guard let mark = operation.value["x-kubernetes-group-version-kind"],
                    let kind = mark["kind"]?.string, let version = mark["version"]?.string
                else { continue }
                let gvk = GroupVersionKind(group: mark["group"]?.string ?? "", version: version, kind: kind)
                guard gvk.apiVersion == address.apiVersion else { continue }
                // The list over all namespaces has the same address as a cluster-scoped collection.
                let namespaced = address.namespaced || found[gvk]?.namespaced == true
                found[gvk] = ServedKind(gvk: gvk, resource: address.plural, namespaced: namespaced)
            }
        }
        guard !found.isEmpty else { return nil }
        kinds = found.values.sorted { $0.gvk < $1.gvk }
    }

    /// `/apis/apps/v1/namespaces/{namespace}/deployments/{name}`, taken apart.
    private struct Address {
        var apiVersion: String
        var plural: String
        var namespaced = false

        /// Nil for subresources, watches and what is no resource.
        init?(_ path: String) {
            var words = path.split(separator: "/").map(String.init)[...]
            switch words.popFirst() {
            case "api": apiVersion = words.popFirst() ?? ""
            case "apis":
                guard let group = words.popFirst(), let version = words.popFirst() else { return nil }
                apiVersion = "\(group)/\(version)"
            default: return nil
            }
            if words.first == "watch" { return nil }
            if words.count > 2, words.first == "namespaces", words.dropFirst().first == "{namespace}" {
                namespaced = true
                words = words.dropFirst(2)
            }
            // `namespaces/{name}/status` has a name in the middle; a third word is a subresource.
            guard let plural = words.popFirst(), !plural.hasPrefix("{"), words.count <= 1 else { return nil }
            if let name = words.first, !name.hasPrefix("{") { return nil }
            self.plural = plural
        }
    }
}

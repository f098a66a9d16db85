public import Manifests

/// One kind at one version as a server, or the OpenAPI of a release, shows it.
public struct ServedKind: Sendable, Hashable {
    public var gvk: GroupVersionKind
    /// The name in addresses.
    public var resource: String
    public var namespaced: Bool

    public init(gvk: GroupVersionKind, resource: String, namespaced: Bool) {
        self.gvk = gvk
        self.resource = resource
        self.namespaced = namespaced
    }
}

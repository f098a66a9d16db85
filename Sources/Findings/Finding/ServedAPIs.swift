public import KubeAPI
public import Manifests

/// What one server says it serves; where it is known it goes above the catalog.
public struct ServedAPIs: Sendable, Hashable {
    /// How people call the cluster.
    public var name: String
    public var version: KubernetesVersion
    private var kinds: Set<GroupVersionKind>
    /// The versions of each kind, the server's preferred one first.
    private var versions: [GroupKind: [GroupVersionKind]]
    /// Group versions that were announced and did not answer: nothing can be said of them.
    private var silent: Set<String>

    /// What discovery of a server gave.
    public init(name: String, version: KubernetesVersion, discovery: Discovery) {
        self.name = name
        self.version = version
        kinds = Set(discovery.resources.map(\.gvk))
        versions = [:]
        for resource in discovery.preferredResources {
            versions[resource.gvk.groupKind] = discovery.resources(for: resource.gvk.groupKind).map(\.gvk)
        }
        silent = Set(discovery.unavailable)
    }

    /// Whether the server serves the kind at that version; nil where it could not be asked.
    public func serves(_ gvk: GroupVersionKind) -> Bool? {
        if kinds.contains(gvk) { return true }
        return silent.contains(gvk.apiVersion) ? nil : false
    }

    /// The versions at which the server serves a kind, its preferred one first.
    public func versions(of kind: GroupKind) -> [GroupVersionKind] { versions[kind] ?? [] }

    /// Whether any kind of a group is served.
    public func serves(group: String) -> Bool { versions.keys.contains { $0.group == group } }
}

import Catalog
import Manifests

/// The built-in resources of one minor, exactly those that the catalog says are served by default.
struct BuiltInAPIs: Sendable {
    /// In the order of discovery: groups in their fixed order, the preferred version first, resources by plural.
    let resources: [ServedResource]
    /// `v1`, `apps/v1`, …: in the same order.
    let groupVersions: [String]
    private let byPath: [String: ServedResource]
    private let byKind: [GroupVersionKind: ServedResource]

    init(catalog: Catalog, version: KubernetesVersion) {
        var resources: [ServedResource] = []
        for lifecycle in catalog.served(at: version) {
            guard lifecycle.kindClass == .resource || lifecycle.kindClass == .virtual,
                !lifecycle.resource.contains("/"), lifecycle.resource != "-", lifecycle.gvk.kind != "*"
            else { continue }
            resources.append(Self.resource(lifecycle, catalog: catalog, version: version))
        }
        if !resources.contains(where: { $0.plural == "bindings" }) {
            resources.append(
                ServedResource(
                    gvk: GroupVersionKind(group: "", version: "v1", kind: "Binding"), plural: "bindings",
                    singular: "binding", namespaced: true, verbs: ["create"], isVirtual: true))
        }
        resources.sort { lhs, rhs in
            let left = Self.groupRank(lhs.gvk.group)
            let right = Self.groupRank(rhs.gvk.group)
            if left != right { return left < right }
            if lhs.gvk.version != rhs.gvk.version {
                return Self.prefers(lhs.gvk.version, to: rhs.gvk.version, in: lhs.gvk.group)
            }
            return lhs.plural < rhs.plural
        }
        self.resources = resources
        var groupVersions: [String] = []
        var byPath: [String: ServedResource] = [:]
        var byKind: [GroupVersionKind: ServedResource] = [:]
        for resource in resources {
            if groupVersions.last != resource.gvk.apiVersion { groupVersions.append(resource.gvk.apiVersion) }
            byPath["\(resource.gvk.apiVersion)/\(resource.plural)"] = resource
            byKind[resource.gvk] = resource
        }
        self.groupVersions = groupVersions
        self.byPath = byPath
        self.byKind = byKind
    }

    /// The resource of that plural in a group version.
    func resource(_ apiVersion: String, _ plural: String) -> ServedResource? { byPath["\(apiVersion)/\(plural)"] }

    /// The resource of a kind at a version.
    func resource(for gvk: GroupVersionKind) -> ServedResource? { byKind[gvk] }

    /// Whether any version of the group is served.
    func hasGroup(_ group: String) -> Bool { resources.contains { $0.gvk.group == group } }

    private static func resource(
        _ lifecycle: APILifecycle, catalog: Catalog, version: KubernetesVersion
    ) -> ServedResource {
        let gvk = lifecycle.gvk
        let traits = ResourceTraits.of(gvk.group, lifecycle.resource, at: version)
        var resource = ServedResource(
            gvk: gvk, plural: lifecycle.resource, singular: gvk.kind.lowercased(), namespaced: lifecycle.namespaced)
        resource.shortNames = traits.shortNames
        resource.categories = traits.categories
        resource.subresources = traits.subresources
        resource.verbs = traits.verbs ?? ServedResource.allVerbs
        // The one beta that never got the subresource of its v1.
        if gvk.group == "storage.k8s.io", gvk.version == "v1beta1" { resource.subresources = [] }
        resource.isVirtual = lifecycle.kindClass == .virtual
        // Warning headers came with 1.19.
        if version >= KubernetesVersion(minor: 19), let deprecated = lifecycle.deprecated, version >= deprecated {
            var text = "\(gvk) is deprecated in v\(deprecated)+"
            if let end = lifecycle.endOfService { text += ", unavailable in v\(end)+" }
            if let replacement = lifecycle.replacement { text += "; use \(replacement)" }
            resource.deprecationWarning = text
            resource.removedRelease = lifecycle.endOfService?.description
        }
        return resource
    }

    /// Servers list autoscaling/v1 before the betas even where v2 is not there yet; everywhere else the maturity counts.
    private static func prefers(_ lhs: String, to rhs: String, in group: String) -> Bool {
        if group == "autoscaling" {
            let order = ["v2", "v1", "v2beta1", "v2beta2"]
            if let left = order.firstIndex(of: lhs), let right = order.firstIndex(of: rhs) { return left < right }
        }
        return APIVersionPriority(lhs) > APIVersionPriority(rhs)
    }

    private static func groupRank(_ group: String) -> Int { groupOrder.firstIndex(of: group) ?? groupOrder.count }

    private static let groupOrder = [
        "", "apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io",
        "autoscaling", "batch", "certificates.k8s.io", "networking.k8s.io", "extensions", "policy",
        "rbac.authorization.k8s.io", "storage.k8s.io", "admissionregistration.k8s.io", "apiextensions.k8s.io",
        "scheduling.k8s.io", "coordination.k8s.io", "node.k8s.io", "discovery.k8s.io", "resource.k8s.io",
        "flowcontrol.apiserver.k8s.io", "storagemigration.k8s.io", "internal.apiserver.k8s.io",
    ]
}

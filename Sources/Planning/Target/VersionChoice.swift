import Catalog
import Conversion
import Findings
import Manifests

/// At which version each object is written to green.
struct VersionChoice: Sendable {
    /// Versions that green serves, preferred first, by kind.
    private var served: [GroupKind: [GroupVersionKind]] = [:]
    private var resources: [GroupKind: String] = [:]
    private var scopes: [GroupKind: Bool] = [:]
    private let conversions: ConversionRegistry
    private let catalog: Catalog
    private let version: KubernetesVersion
    private let blueAPIs: Set<String>
    private let blueVersion: KubernetesVersion

    /// What green serves by itself, and what the definitions among `objects` will add.
    init(_ input: PlanningInput, objects: [KubeObject]) {
        conversions = input.conversions
        catalog = input.catalog
        version = input.target.identity.version
        blueAPIs = Set(input.blue.apis)
        blueVersion = input.blue.cluster.version
        for kind in input.target.served { add(kind.gvk, resource: kind.resource, namespaced: kind.namespaced) }
        for object in objects
        where object.gvk.groupKind == GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition") {
            guard let group = object["spec.group"]?.string, let kind = object["spec.names.kind"]?.string else {
                continue
            }
            let resource = object["spec.names.plural"]?.string ?? kind.lowercased()
            let namespaced = object["spec.scope"]?.string != "Cluster"
            let versions = object["spec.versions"]?.array ?? []
            // The stored version first: objects come out of it without conversion.
            for version in versions.filter({ $0["storage"]?.bool == true }) + versions
            where version["served"]?.bool != false {
                guard let name = version["name"]?.string else { continue }
                add(
                    GroupVersionKind(group: group, version: name, kind: kind), resource: resource,
                    namespaced: namespaced)
            }
            if versions.isEmpty, let name = object["spec.version"]?.string {
                add(
                    GroupVersionKind(group: group, version: name, kind: kind), resource: resource,
                    namespaced: namespaced)
            }
        }
    }

    /// The version to write an object of this version at; nil when there is none.
    ///
    /// The version it was read at where green serves it; else the replacement that the catalog names; else the best
    /// served version that a conversion leads to.
    func choose(for gvk: GroupVersionKind) -> GroupVersionKind? {
        if served[gvk.groupKind]?.contains(gvk) ?? false { return gvk }
        let reachable = conversions.versions(of: gvk).filter { served[$0.groupKind]?.contains($0) ?? false }
        if let named = catalog.replacement(for: gvk, at: version), reachable.contains(named) { return named }
        return reachable.min { rank($0) < rank($1) }
    }

    /// Whether blue serves that version too, so that its API server could have converted the object; false where it is
    /// not known what blue serves.
    func isServedByBlue(_ gvk: GroupVersionKind) -> Bool {
        blueAPIs.contains(gvk.apiVersion) && (catalog.lifecycle(of: gvk)?.isServed(at: blueVersion) ?? true)
    }

    /// What takes the place of a kind by name although nothing here can rewrite it; for remedies.
    func successor(of gvk: GroupVersionKind) -> GroupVersionKind? { catalog.replacement(for: gvk, at: version) }

    /// Whether objects of the kind live in namespaces; nil when nothing is known of it.
    func isNamespaced(_ kind: GroupKind) -> Bool? {
        scopes[kind] ?? catalog.lifecycles(of: kind).first.map(\.namespaced)
    }

    /// The plural in the URL, as `kubectl` takes it.
    func resource(of kind: GroupKind) -> String {
        resources[kind] ?? catalog.lifecycles(of: kind).first.map(\.resource) ?? kind.kind.lowercased()
    }

    private func rank(_ gvk: GroupVersionKind) -> Int { served[gvk.groupKind]?.firstIndex(of: gvk) ?? .max }

    private mutating func add(_ gvk: GroupVersionKind, resource: String, namespaced: Bool) {
        guard !(served[gvk.groupKind]?.contains(gvk) ?? false) else { return }
        served[gvk.groupKind, default: []].append(gvk)
        resources[gvk.groupKind] = resource
        scopes[gvk.groupKind] = namespaced
    }
}

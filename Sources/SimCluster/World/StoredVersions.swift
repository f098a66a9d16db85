import Conversion
import Manifests

/// At which version objects of a resource are stored, and how they are read at another.
///
/// One resource may go by several names (an Ingress of `extensions` and of `networking.k8s.io` is the same object):
/// all of them lead to one storage kind.
struct StoredVersions: Sendable {
    private let conversions: ConversionRegistry
    /// By kind and version as requested: where its objects lie, and at which version.
    ///
    /// Only those that have several.
    private var storage: [GroupVersionKind: GroupVersionKind] = [:]

    init(apis: BuiltInAPIs, conversions: ConversionRegistry = .builtIn) {
        self.conversions = conversions
        for resource in apis.resources {
            // The newest served version says the most, so that nothing is lost by storing it there.
            let served = conversions.versions(of: resource.gvk).filter { apis.resource(for: $0) != nil }
            if let newest = served.last { storage[resource.gvk] = newest }
        }
    }

    /// The kind under which a resource's objects lie in the store.
    func storageKind(of resource: ServedResource) -> GroupKind { storageVersion(of: resource).groupKind }

    /// The version in which a resource's objects are stored.
    func storageVersion(of resource: ServedResource) -> GroupVersionKind {
        if let custom = resource.custom {
            return GroupVersionKind(group: resource.gvk.group, version: custom.storageVersion, kind: resource.kind)
        }
        return storage[resource.gvk] ?? resource.gvk
    }

    /// Every version at which the same object can be written, oldest first.
    func versions(of gvk: GroupVersionKind) -> [GroupVersionKind] { conversions.versions(of: gvk) }

    /// What a server that still took the object's version would have stored, at that version.
    ///
    /// Unlike a stored object, a manifest may leave out what its version filled in.
    func complete(
        _ object: KubeObject, to gvk: GroupVersionKind, at version: KubernetesVersion
    ) throws(ConversionError) -> KubeObject {
        if object.gvk == gvk { return object }
        return try conversions.convert(object, to: gvk, for: .migrating(to: version)).object
    }

    /// The object as a reader at that version sees it.
    ///
    /// What cannot be converted keeps its content: custom resources without a webhook change nothing but their
    /// apiVersion.
    func convert(_ object: KubeObject, to gvk: GroupVersionKind) -> KubeObject {
        if object.gvk == gvk { return object }
        if let result = try? conversions.convert(object, to: gvk, for: .reading) { return result.object }
        var object = object
        object.gvk = gvk
        return object
    }
}

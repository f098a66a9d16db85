import Conversion
public import Manifests

/// Why an object could not be loaded.
public struct LoadProblem: Sendable, Hashable, CustomStringConvertible {
    /// Which object.
    public var object: ObjectReference
    /// In words.
    public var message: String

    public var description: String { "\(object): \(message)" }
}

extension SimWorld {
    /// Seeds objects as they are, as if they had been there: their uids, creation times, statuses and generations stay,
    /// defaults fill what is missing, and no admission is asked.
    ///
    /// CustomResourceDefinitions and Namespaces may come in any order. What has the same name as something present
    /// replaces it.
    ///
    /// - Returns: the objects that this minor cannot hold, each with the reason.
    public mutating func load(_ objects: [KubeObject]) -> [LoadProblem] {
        var problems: [LoadProblem] = []
        let definitions = objects.filter { $0.gvk.groupKind == .customResourceDefinition }
        let namespaces = objects.filter { $0.gvk.groupKind == .namespace }
        let others = objects.filter { ![.customResourceDefinition, .namespace].contains($0.gvk.groupKind) }
        for object in definitions + namespaces { seed(object, &problems) }
        for object in others { seed(object, &problems) }
        settle()
        return problems
    }

    private mutating func seed(_ object: KubeObject, _ problems: inout [LoadProblem]) {
        guard let resource = loadable(object), !resource.isVirtual else {
            problems.append(
                LoadProblem(object: object.reference, message: "\(object.gvk) is not served at \(version)"))
            return
        }
        var object = object
        do throws(ConversionError) {
            object = try stored.complete(object, to: resource.gvk, at: version)
        } catch {
            problems.append(LoadProblem(object: object.reference, message: error.message))
            return
        }
        if resource.namespaced, object.namespace == nil { object.namespace = "default" }
        if !resource.namespaced { object.namespace = nil }
        guard !object.name.isEmpty else {
            problems.append(LoadProblem(object: object.reference, message: "it has no name"))
            return
        }
        Defaults.apply(to: &object, at: version)
        let uid = random.uid()
        object.setDefault("metadata.uid", .string(uid))
        object.setDefault("metadata.creationTimestamp", .string(timestamp))
        if KindRules.hasGeneration(resource, at: version) { object.setDefault("metadata.generation", 1) }
        if resource.gvk == Self.core("Namespace") { object.setDefault("spec.finalizers", ["kubernetes"]) }
        if resource.hasStatusSubresource, let status = KindRules.initialStatus(resource) {
            object.setDefault("status", status)
        }
        commit(object, at: key(of: object, resource), resource)
    }

    /// The resource that takes an object: at its own version, or at one that it can be converted to.
    private func loadable(_ object: KubeObject) -> ServedResource? {
        if let resource = apis.resource(for: object.gvk) ?? customResources.resource(for: object.gvk) {
            return resource
        }
        return stored.versions(of: object.gvk).reversed().lazy.compactMap { apis.resource(for: $0) }.first
    }
}

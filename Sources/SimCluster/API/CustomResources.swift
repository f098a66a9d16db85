import Catalog
import HashTreeCollections
import Manifests

/// The resources that stored CustomResourceDefinitions define, kept in step with them.
struct CustomResources: Sendable {
    private var byDefinition: TreeDictionary<String, [ServedResource]> = [:]

    /// All of them: by group, version and plural.
    var resources: [ServedResource] {
        byDefinition.flatMap(\.value).sorted { lhs, rhs in
            if lhs.gvk.group != rhs.gvk.group { return lhs.gvk.group < rhs.gvk.group }
            if lhs.gvk.version != rhs.gvk.version {
                return APIVersionPriority(lhs.gvk.version) > APIVersionPriority(rhs.gvk.version)
            }
            return lhs.plural < rhs.plural
        }
    }

    /// The resources of established definitions, which are what the server serves.
    var served: [ServedResource] { resources.filter { $0.custom?.isEstablished == true } }

    /// The resource of that plural in a group version, be it established or not.
    func resource(_ apiVersion: String, _ plural: String) -> ServedResource? {
        let gvk = GroupVersionKind(apiVersion: apiVersion, kind: "")
        return byDefinition["\(plural).\(gvk.group)"]?.first { $0.gvk.version == gvk.version }
    }

    /// The resource of a kind at a version.
    func resource(for gvk: GroupVersionKind) -> ServedResource? {
        resources.first { $0.gvk == gvk }
    }

    /// Takes over a new state of a definition; nil when it is gone.
    mutating func update(_ name: String, _ definition: KubeObject?) {
        byDefinition[name] = definition.map(Self.resources)
    }

    private static func resources(_ definition: KubeObject) -> [ServedResource] {
        let spec = definition["spec"] ?? [:]
        let names = spec["names"] ?? [:]
        guard let group = spec["group"]?.string, let plural = names["plural"]?.string,
            let kind = names["kind"]?.string
        else { return [] }
        let conditions = definition["status.conditions"]?.array ?? []
        let established = conditions.contains {
            $0["type"]?.string == "Established" && $0["status"]?.string == "True"
        }
        return versions(spec).filter { $0["served"]?.bool ?? true }.compactMap { version in
            guard let versionName = version["name"]?.string else { return nil }
            var resource = ServedResource(
                gvk: GroupVersionKind(group: group, version: versionName, kind: kind), plural: plural,
                singular: names["singular"]?.string ?? kind.lowercased(),
                namespaced: spec["scope"]?.string != "Cluster")
            resource.shortNames = (names["shortNames"]?.array ?? []).compactMap(\.string)
            resource.categories = (names["categories"]?.array ?? []).compactMap(\.string)
            let subresources = version["subresources"] ?? spec["subresources"]
            if subresources?["scale"] != nil { resource.subresources.append("scale") }
            if subresources?["status"] != nil { resource.subresources.append("status") }
            if version["deprecated"]?.bool == true {
                resource.deprecationWarning =
                    version["deprecationWarning"]?.string ?? "\(resource.gvk) is deprecated"
            }
            resource.custom = CustomResource(
                definition: definition.name, storageVersion: storageVersion(spec) ?? versionName,
                scale: scale(subresources?["scale"]),
                schema: version["schema"]?["openAPIV3Schema"] ?? spec["validation"]?["openAPIV3Schema"],
                printerColumns: version["additionalPrinterColumns"]?.array
                    ?? spec["additionalPrinterColumns"]?.array ?? [],
                isEstablished: established, isTerminating: definition["metadata.deletionTimestamp"] != nil)
            return resource
        }
    }

    /// The versions in the form of v1, also for a definition in the old form with a single `version`.
    private static func versions(_ spec: JSONValue) -> [JSONValue] {
        if let versions = spec["versions"]?.array, !versions.isEmpty { return versions }
        guard let version = spec["version"]?.string else { return [] }
        return [["name": .string(version), "served": true, "storage": true]]
    }

    private static func storageVersion(_ spec: JSONValue) -> String? {
        versions(spec).first { $0["storage"]?.bool == true }?["name"]?.string
    }

    private static func scale(_ scale: JSONValue?) -> ScalePaths? {
        func path(_ name: String) -> FieldPath? {
            guard let text = scale?[name]?.string else { return nil }
            return FieldPath(text.hasPrefix(".") ? String(text.dropFirst()) : text)
        }
        guard let spec = path("specReplicasPath"), let status = path("statusReplicasPath") else { return nil }
        return ScalePaths(specReplicas: spec, statusReplicas: status, labelSelector: path("labelSelectorPath"))
    }
}

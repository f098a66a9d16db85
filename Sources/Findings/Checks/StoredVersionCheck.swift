import Catalog
import Manifests

/// CRDs with objects stored at a version that their definition no longer serves, or no longer names.
///
/// An API server refuses to drop a version from a definition while `status.storedVersions` names it, and an object that
/// is stored at a version nobody serves can be read by no client and carried over by no copy.
public struct StoredVersionCheck: Check {
    public let code = "crd-stored-version"
    public let summary = "A CRD has objects stored at a version that it does not serve."

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let object = subject.object
        guard object.gvk.groupKind == GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition"),
            let stored = object["status.storedVersions"]?.array?.compactMap(\.string)
        else { return [] }
        let versions = object["spec.versions"]?.array ?? []
        let group = object["spec.group"]?.string ?? ""
        let kind = object["spec.names.kind"]?.string ?? ""
        let storage = versions.first { $0["storage"]?.bool == true }?["name"]?.string
        return stored.enumerated().compactMap { index, name in
            let entry = versions.first { $0["name"]?.string == name }
            // Definitions of apiextensions v1beta1 may have one version and no list.
            guard entry?["served"]?.bool != true, !(versions.isEmpty && object["spec.version"]?.string == name) else {
                return nil
            }
            let gvk = GroupVersionKind(group: group, version: name, kind: kind)
            return subject.finding(
                code, entry == nil ? .breaks : .warns, consequence: entry == nil ? .refused : .breaksLater, about: gvk,
                at: FieldPath("status.storedVersions").index(index), place: .server,
                replacement: storage.map { GroupVersionKind(group: group, version: $0, kind: kind) },
                message: "Objects are stored at \(gvk), which the definition "
                    + (entry == nil ? "no longer names." : "names and does not serve."),
                remedy:
                    "Write every object again\(storage.map { " (they are then stored at \($0))" } ?? ""), then take "
                    + "\(name) out of status.storedVersions.")
        }
    }

    public func need(in context: CheckContext) -> CheckNeed { .anyOf(["storedVersions"]) }
}

import Conversion
import Manifests

/// Where objects carry others, as text or as they are.
///
/// A ConfigMap is none of them: what stands in one is anybody's guess, and most of it is never applied.
enum EmbeddedManifests {
    /// Everything an object carries, in the order of its paths.
    static func all(in object: KubeObject) -> [EmbeddedManifest] {
        var found = APIReferenceWalk(object).manifests
        for path in texts(in: object) {
            guard let text = object[path]?.string else { continue }
            found += manifests(in: text, at: path)
        }
        return found
    }

    /// The fields of that object which hold manifests, patches in the form of manifests, or values, as text.
    private static func texts(in object: KubeObject) -> [FieldPath] {
        var paths = KustomizeReferences.bases(in: object).flatMap { KustomizeReferences.patchTexts(in: object, at: $0) }
        switch object.gvk.groupKind {
        case GroupKind(group: "argoproj.io", kind: "Application"): paths += helmValues(object, "spec")
        case GroupKind(group: "argoproj.io", kind: "ApplicationSet"): paths += helmValues(object, "spec.template.spec")
        case GroupKind(group: "argoproj.io", kind: "Workflow"),
            GroupKind(group: "argoproj.io", kind: "WorkflowTemplate"),
            GroupKind(group: "argoproj.io", kind: "ClusterWorkflowTemplate"):
            paths += each(object, "spec.templates").map { $0.member("resource").member("manifest") }
        case GroupKind(group: "helm.cattle.io", kind: "HelmChart"),
            GroupKind(group: "helm.cattle.io", kind: "HelmChartConfig"):
            paths.append("spec.valuesContent")
        case GroupKind(group: "fleet.cattle.io", kind: "Bundle"):
            paths += each(object, "spec.resources").map { $0.member("content") }
        default: break
        }
        return paths
    }

    private static func helmValues(_ object: KubeObject, _ base: FieldPath) -> [FieldPath] {
        ([base.member("source")] + each(object, base.member("sources"))).map { $0.member("helm").member("values") }
    }

    /// The paths of a list's elements.
    static func each(_ object: KubeObject, _ path: FieldPath) -> [FieldPath] {
        (object[path]?.array ?? []).indices.map { path.index($0) }
    }

    /// Whole objects in a text, and objects among the values in it.
    private static func manifests(in text: String, at path: FieldPath) -> [EmbeddedManifest] {
        // What does not parse is a template of somebody else's, or no manifest at all.
        guard let documents = try? YAML.documents(Array(text.utf8), file: "") else { return [] }
        return documents.flatMap { document in
            var found: [EmbeddedManifest] = []
            if let object = KubeObject(document.value) {
                found.append(
                    EmbeddedManifest(gvk: object.gvk, path: path, line: document.location(of: "apiVersion").line))
            }
            return found
                + APIReferenceWalk(value: document.value).manifests.filter { $0.path != "apiVersion" }.map {
                    EmbeddedManifest(gvk: $0.gvk, path: path, line: document.location(of: $0.path).line)
                }
        }
    }
}

import Conversion
import Manifests

/// What a kustomization picks objects by: its own file, or the part of it that Argo CD and Flux carry.
enum KustomizeReferences {
    /// Where the fields of a kustomization stand in an object; empty for objects that hold none.
    static func bases(in object: KubeObject) -> [FieldPath] {
        switch (object.gvk.group, object.gvk.kind) {
        case ("kustomize.config.k8s.io", _): [FieldPath()]
        case ("argoproj.io", "Application"): argo(object, "spec")
        case ("argoproj.io", "ApplicationSet"): argo(object, "spec.template.spec")
        case ("kustomize.toolkit.fluxcd.io", "Kustomization"): ["spec"]
        case ("helm.toolkit.fluxcd.io", "HelmRelease"):
            EmbeddedManifests.each(object, "spec.postRenderers").map { $0.member("kustomize") }
        default: []
        }
    }

    private static func argo(_ object: KubeObject, _ spec: FieldPath) -> [FieldPath] {
        ([spec.member("source")] + EmbeddedManifests.each(object, spec.member("sources"))).map {
            $0.member("kustomize")
        }
    }

    /// Everything in an object that names a kind for kustomize.
    static func all(in object: KubeObject) -> [APIReference] {
        var selectors = bases(in: object).flatMap { Self.selectors(in: object, at: $0) }
        if object.gvk.group.isEmpty, object.gvk.version == "builtin" {
            selectors += EmbeddedManifests.each(object, "fieldSpecs")
            selectors.append("target")
            selectors += replacements(object, FieldPath())
        }
        return selectors.compactMap { reference(object[$0], at: $0) }
            + bases(in: object).flatMap { variables(in: object, at: $0) }
    }

    /// Paths of the mappings with `group`, `version` and `kind`.
    private static func selectors(in object: KubeObject, at base: FieldPath) -> [FieldPath] {
        var paths = ["patches", "patchesJson6902"].flatMap { list in
            EmbeddedManifests.each(object, base.member(list)).map { $0.member("target") }
        }
        paths += replacements(object, base)
        paths += EmbeddedManifests.each(object, base.member("labels")).flatMap {
            EmbeddedManifests.each(object, $0.member("fields"))
        }
        return paths
    }

    private static func replacements(_ object: KubeObject, _ base: FieldPath) -> [FieldPath] {
        EmbeddedManifests.each(object, base.member("replacements")).flatMap { replacement in
            [replacement.member("source")]
                + EmbeddedManifests.each(object, replacement.member("targets")).map { $0.member("select") }
        }
    }

    private static func variables(in object: KubeObject, at base: FieldPath) -> [APIReference] {
        EmbeddedManifests.each(object, base.member("vars")).compactMap { path in
            let reference = path.member("objref")
            guard let apiVersion = object[reference]?["apiVersion"]?.string,
                let kind = object[reference]?["kind"]?.string
            else { return nil }
            return APIReference(
                gvk: GroupVersionKind(apiVersion: apiVersion, kind: kind), path: reference.member("apiVersion"),
                match: .version, meaning: .patches)
        }
    }

    /// Group, version and kind are regular expressions to kustomize; only plain words name one API.
    private static func reference(_ selector: JSONValue?, at path: FieldPath) -> APIReference? {
        guard let selector, let kind = selector["kind"]?.string else { return nil }
        let group = selector["group"]?.string
        let version = selector["version"]?.string
        guard group != nil || version != nil else { return nil }
        let isPlain = [group ?? "", version ?? "", kind].allSatisfy { word in
            word.utf8.allSatisfy { "^$*+?()[]{}|\\".utf8.contains($0) == false }
        }
        guard isPlain else { return nil }
        return APIReference(
            gvk: GroupVersionKind(group: group ?? "", version: version ?? "", kind: kind),
            path: path.member(version == nil ? "group" : "version"), match: version == nil ? .kind : .version,
            meaning: .patches)
    }

    /// The fields of a kustomization that hold patches in the form of manifests.
    static func patchTexts(in object: KubeObject, at base: FieldPath) -> [FieldPath] {
        EmbeddedManifests.each(object, base.member("patches")).map { $0.member("patch") }
            + EmbeddedManifests.each(object, base.member("patchesStrategicMerge"))
    }
}

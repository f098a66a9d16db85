public import Manifests

/// Deployment, DaemonSet, StatefulSet and ReplicaSet: the betas of `apps` and `extensions` have apps/v1's fields, but
/// other defaults, and guessed the selector.
///
/// A stored object has its defaults and its selector written out, so that servers only rename it. A manifest may leave
/// them out: when migrating to apps/v1, what the old version meant by their absence is written out, with a note each.
/// What a DaemonSet of `extensions` calls `templateGeneration` is an annotation elsewhere, as servers keep it.
public struct WorkloadConversion: KindConversion {
    public let versions: [GroupVersionKind]
    public let keepsFields = true

    /// For one of the four kinds, at the versions that ever had it.
    public init(_ kind: String, _ apiVersions: String...) {
        versions = apiVersions.map { GroupVersionKind(apiVersion: $0, kind: kind) }
    }

    static let all: [any KindConversion] = [
        WorkloadConversion("Deployment", "extensions/v1beta1", "apps/v1beta1", "apps/v1beta2", "apps/v1"),
        WorkloadConversion("DaemonSet", "extensions/v1beta1", "apps/v1beta2", "apps/v1"),
        WorkloadConversion("ReplicaSet", "extensions/v1beta1", "apps/v1beta2", "apps/v1"),
        WorkloadConversion("StatefulSet", "apps/v1beta1", "apps/v1beta2", "apps/v1"),
    ]

    private static let templateGeneration = "deprecated.daemonset.template.generation"
    /// What the API takes for "none" in a deadline and for "all" in a history.
    private static let unlimited: JSONValue = 2_147_483_647

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        var result = ConversionResult(object: object.renamed(target), notes: [])
        moveTemplateGeneration(&result.object)
        guard purpose != .reading, target.apiVersion == "apps/v1" else { return result }
        if object["spec.rollbackTo"] != nil {
            result.object["spec.rollbackTo"] = nil
            result.notes.append("spec.rollbackTo has no successor and was dropped; use kubectl rollout undo")
        }
        try writeSelector(&result, from: object)
        for (path, value) in Self.frozenDefaults(of: object) where object[path]?.present == nil {
            result.object[path] = value
            result.notes.append(
                "\(path) was absent and is written out as \(value.canonicalText), "
                    + "as \(object.gvk.apiVersion) meant it; the default of apps/v1 is another")
        }
        return result
    }

    private func moveTemplateGeneration(_ object: inout KubeObject) {
        guard object.gvk.kind == "DaemonSet" else { return }
        if object.gvk.group == "apps", let generation = object["spec.templateGeneration"]?.integer {
            object["spec.templateGeneration"] = nil
            object[annotation: Self.templateGeneration] = String(generation)
        } else if object.gvk.group == "extensions",
            let generation = object[annotation: Self.templateGeneration].flatMap({ Int64($0) })
        {
            object[annotation: Self.templateGeneration] = nil
            object["spec.templateGeneration"] = .integer(generation)
        }
    }

    private func writeSelector(_ result: inout ConversionResult, from object: KubeObject) throws(ConversionError) {
        guard object["spec.selector"]?.present == nil else { return }
        guard object.gvk.apiVersion != "apps/v1beta2", let labels = object["spec.template.metadata.labels"]?.object,
            !labels.isEmpty
        else {
            throw ConversionError(
                code: .undecidable, message: "apps/v1 needs a selector, and the template's labels give none; write one",
                object: object.reference, path: "spec.selector")
        }
        result.object["spec.selector"] = ["matchLabels": .object(labels)]
        result.notes.append("spec.selector was absent and is written out as the labels of the template")
    }

    /// What absence means at the object's version, where apps/v1 means something else by it.
    private static func frozenDefaults(of object: KubeObject) -> [(FieldPath, JSONValue)] {
        switch (object.gvk.apiVersion, object.gvk.kind) {
        case ("extensions/v1beta1", "Deployment"):
            let rolling = (object["spec.strategy.type"]?.string ?? "RollingUpdate") == "RollingUpdate"
            let history: [(FieldPath, JSONValue)] = [
                ("spec.progressDeadlineSeconds", unlimited), ("spec.revisionHistoryLimit", unlimited),
            ]
            guard rolling else { return history }
            return history + [
                ("spec.strategy.rollingUpdate.maxSurge", 1), ("spec.strategy.rollingUpdate.maxUnavailable", 1),
            ]
        case ("apps/v1beta1", "Deployment"): return [("spec.revisionHistoryLimit", 2)]
        case ("extensions/v1beta1", "DaemonSet"), ("apps/v1beta1", "StatefulSet"):
            return [("spec.updateStrategy.type", "OnDelete")]
        default: return []
        }
    }
}

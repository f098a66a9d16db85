public import Manifests

/// How an object has to change to live on another cluster.
///
/// Used by the planner for everything that stands in `objects.jsonl`, and at run time for Secrets, whose content never
/// stands in a plan: both go through the same rules.
public enum CopyRules {
    /// The object without what belongs to its cluster, and what was changed, as codes with places.
    ///
    /// The API version stays. To be given objects as they were read: which node ports a person chose stands in members
    /// that the copy no longer has.
    public static func portable(_ object: KubeObject) -> (object: KubeObject, changes: [String]) {
        // A mark of the inventory, not of blue: nothing to report.
        var source = object
        source[annotation: SecretRedaction.annotation] = nil
        var portable = PortableObject(source)
        let kind = object.gvk.groupKind
        for rule in StripRules.all where rule.kinds?.contains(kind) ?? true {
            portable.code = rule.code
            rule.apply(&portable, source)
        }
        for path: FieldPath in [
            "metadata.annotations", "metadata.labels", "data", "spec.template.metadata.labels",
            "metadata.ownerReferences",
        ] {
            portable.dropIfEmptied(path, in: object)
        }
        return (portable.object, portable.changes)
    }

    /// What is applied to green for a Secret that was read from blue when the step runs.
    ///
    /// - Parameters:
    ///   - secret: as blue holds it now, not redacted.
    ///   - migration: the plan's name.
    public static func desiredSecret(from secret: KubeObject, migration: String) -> KubeObject {
        marked(portable(secret).object, migration: migration)
    }

    /// The object with the label by which people find what a migration put on green.
    static func marked(_ object: KubeObject, migration: String) -> KubeObject {
        var object = object
        object[FieldPath([.member("metadata"), .member("labels"), .member(OwnMarks.migrationLabel)])] =
            .string(migration)
        return object
    }
}

import Manifests

/// What of a Secret is carried to green.
enum SecretCopy {
    /// The Secret without what belongs to the cluster it comes from.
    static func portable(_ secret: KubeObject) -> KubeObject {
        var json = secret.portableContent
        for member in ["ownerReferences", "deletionTimestamp", "deletionGracePeriodSeconds", "finalizers", "selfLink"] {
            json[FieldPath([.member("metadata"), .member(member)])] = nil
        }
        var copy = KubeObject(json) ?? secret
        copy[annotation: "kubectl.kubernetes.io/last-applied-configuration"] = nil
        return copy
    }
}

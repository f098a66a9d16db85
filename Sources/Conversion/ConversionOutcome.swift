public import Manifests

/// What converting an object comes to.
public enum ConversionOutcome: Sendable, Hashable {
    /// Written at the wanted version, with what a person should know.
    case converted(ConversionResult)
    /// A person has to do it, for this reason.
    case needsPerson(ConversionError)

    /// The object at its new version, where there is one.
    public var object: KubeObject? { if case .converted(let result) = self { result.object } else { nil } }
}

extension ConversionRegistry {
    /// The object at another version, or why that takes a person; never throws.
    public func outcome(
        of object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose = .migratingToNewest
    ) -> ConversionOutcome {
        if !canConvert(from: object.gvk, to: target), let reason = Self.reasonForNoConversion(of: object.gvk) {
            return .needsPerson(ConversionError(code: .noSuccessor, message: reason, object: object.reference))
        }
        do { return .converted(try convert(object, to: target, for: purpose)) } catch { return .needsPerson(error) }
    }

    /// Why objects of a kind at that version cannot be rewritten mechanically, and what to do instead; nil where they
    /// can, and where nothing is known of the kind.
    public static func reasonForNoConversion(of gvk: GroupVersionKind) -> String? {
        reasons["\(gvk.apiVersion) \(gvk.kind)"] ?? reasons["\(gvk.group) \(gvk.kind)"]
    }

    private static let reasons: [String: String] = {
        let classic =
            "dynamic resource allocation with controllers in the control plane has no mechanical successor; "
            + "write DeviceClasses with CEL selectors, and claims against them, as the driver's new release documents"
        let alpha = "its alpha forms changed with each release; write it anew in the form that the target serves"
        let policy =
            "nothing takes the place of a PodSecurityPolicy as an object; label each namespace with the Pod Security "
            + "level that admits the same pods"
        var reasons = [
            "settings.k8s.io PodPreset":
                "there is no successor; write the fields into the pod templates, or use a mutating webhook",
            "auditregistration.k8s.io AuditSink":
                "there is no successor; give the API server a static audit webhook configuration",
            "admissionregistration.k8s.io InitializerConfiguration":
                "initializers are gone; use an admission webhook",
            "networking.k8s.io ClusterCIDR": "there is no successor; the network plugin allocates pod ranges",
            "policy PodSecurityPolicy": policy, "extensions PodSecurityPolicy": policy,
            "resource.k8s.io ResourceClass": classic, "resource.k8s.io PodScheduling": classic,
            "resource.k8s.io PodSchedulingContext": classic, "resource.k8s.io ResourceClaimParameters": classic,
            "resource.k8s.io ResourceClassParameters": classic,
            "scheduling.k8s.io/v1alpha1 Workload": alpha, "scheduling.k8s.io/v1alpha1 PodGroup": alpha,
            "scheduling.k8s.io/v1alpha2 Workload": alpha, "scheduling.k8s.io/v1alpha2 PodGroup": alpha,
            "coordination.k8s.io/v1alpha1 LeaseCandidate":
                "v1alpha1 lists strategies and later versions name one; components write these themselves, so leave "
                + "them out",
        ]
        for version in ["v1alpha1", "v1alpha2", "v1alpha3"] {
            for kind in ["ResourceClaim", "ResourceClaimTemplate", "ResourceSlice", "DeviceClass"] {
                reasons["resource.k8s.io/\(version) \(kind)"] = classic
            }
        }
        for version in ["extensions/v1beta1", "apps/v1beta1"] {
            reasons["\(version) DeploymentRollback"] = "there is no successor; use kubectl rollout undo"
        }
        return reasons
    }()
}

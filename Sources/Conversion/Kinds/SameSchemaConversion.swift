public import Manifests

/// A resource whose versions differ in nothing but the version.
public struct SameSchemaConversion: KindConversion {
    public let versions: [GroupVersionKind]
    public let keepsFields = true

    /// Joins these versions of one kind, oldest first.
    public init(_ group: String, _ kind: String, _ versions: String...) {
        self.versions = versions.map { GroupVersionKind(group: group, version: $0, kind: kind) }
    }

    /// Joins these versions, which may lie in several groups.
    init(_ versions: [GroupVersionKind]) { self.versions = versions }

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        ConversionResult(object: object.renamed(target), notes: [])
    }

    /// Compared field by field in the last minor that served both.
    ///
    /// A kind is missing here when the schema or the defaults of one of its versions differ; it has a conversion of its
    /// own.
    static let all: [any KindConversion] =
        [
            SameSchemaConversion("admissionregistration.k8s.io", "MutatingAdmissionPolicy", "v1beta1", "v1"),
            SameSchemaConversion("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding", "v1beta1", "v1"),
            SameSchemaConversion(
                "admissionregistration.k8s.io", "ValidatingAdmissionPolicy", "v1alpha1", "v1beta1", "v1"),
            SameSchemaConversion("apiregistration.k8s.io", "APIService", "v1beta1", "v1"),
            SameSchemaConversion("apps", "ControllerRevision", "v1beta1", "v1beta2", "v1"),
            SameSchemaConversion("certificates.k8s.io", "ClusterTrustBundle", "v1alpha1", "v1beta1", "v1"),
            SameSchemaConversion("coordination.k8s.io", "Lease", "v1beta1", "v1"),
            SameSchemaConversion(
                "flowcontrol.apiserver.k8s.io", "FlowSchema", "v1alpha1", "v1beta1", "v1beta2", "v1beta3", "v1"),
            SameSchemaConversion("networking.k8s.io", "IngressClass", "v1beta1", "v1"),
            SameSchemaConversion("resource.k8s.io", "DeviceClass", "v1beta1", "v1beta2", "v1"),
            SameSchemaConversion("scheduling.k8s.io", "PriorityClass", "v1alpha1", "v1beta1", "v1"),
            SameSchemaConversion("storage.k8s.io", "CSIDriver", "v1beta1", "v1"),
            SameSchemaConversion("storage.k8s.io", "CSINode", "v1beta1", "v1"),
            SameSchemaConversion("storage.k8s.io", "CSIStorageCapacity", "v1alpha1", "v1beta1", "v1"),
            SameSchemaConversion("storage.k8s.io", "StorageClass", "v1beta1", "v1"),
            SameSchemaConversion("storage.k8s.io", "VolumeAttachment", "v1alpha1", "v1beta1", "v1"),
            SameSchemaConversion("storage.k8s.io", "VolumeAttributesClass", "v1alpha1", "v1beta1", "v1"),
            SameSchemaConversion([
                GroupVersionKind(group: "extensions", version: "v1beta1", kind: "NetworkPolicy"),
                GroupVersionKind(group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy"),
            ]),
            SameSchemaConversion([
                GroupVersionKind(group: "extensions", version: "v1beta1", kind: "PodSecurityPolicy"),
                GroupVersionKind(group: "policy", version: "v1beta1", kind: "PodSecurityPolicy"),
            ]),
        ]
}

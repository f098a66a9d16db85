import Manifests

/// What discovery says about a built-in resource beyond its name: the same at every minor but where noted.
struct ResourceTraits: Sendable {
    var shortNames: [String] = []
    var categories: [String] = []
    var subresources: [String] = []
    /// Nil for all of them.
    var verbs: [String]?

    /// The traits of a resource; plain ones for those that have nothing special.
    static func of(_ group: String, _ plural: String, at version: KubernetesVersion) -> ResourceTraits {
        var traits = table["\(plural).\(group)"] ?? ResourceTraits()
        if group.isEmpty && plural == "services" && version < KubernetesVersion(minor: 23) {
            traits.verbs = ServedResource.allVerbs.filter { $0 != "deletecollection" }
        }
        if group.isEmpty && plural == "pods" {
            if version >= KubernetesVersion(minor: 23) { traits.subresources.append("ephemeralcontainers") }
            if version >= KubernetesVersion(minor: 33) { traits.subresources.append("resize") }
            traits.subresources.sort()
        }
        if group == "networking.k8s.io" && plural == "networkpolicies"
            && (KubernetesVersion(minor: 24)...KubernetesVersion(minor: 27)).contains(version)
        {
            traits.subresources = ["status"]
        }
        return traits
    }

    private static let all = ["all"]
    private static let extensions = ["api-extensions"]
    private static let status = ["status"]
    private static let scaled = ["scale", "status"]

    private static let table: [String: ResourceTraits] = [
        "bindings.": .init(verbs: ["create"]),
        "componentstatuses.": .init(shortNames: ["cs"], verbs: ["get", "list"]),
        "configmaps.": .init(shortNames: ["cm"]),
        "endpoints.": .init(shortNames: ["ep"]),
        "events.": .init(shortNames: ["ev"]),
        "limitranges.": .init(shortNames: ["limits"]),
        "namespaces.": .init(
            shortNames: ["ns"], subresources: ["finalize", "status"],
            verbs: ServedResource.allVerbs.filter { $0 != "deletecollection" }),
        "nodes.": .init(shortNames: ["no"], subresources: status),
        "persistentvolumeclaims.": .init(shortNames: ["pvc"], subresources: status),
        "persistentvolumes.": .init(shortNames: ["pv"], subresources: status),
        "pods.": .init(
            shortNames: ["po"], categories: all, subresources: ["binding", "eviction", "log", "status"]),
        "replicationcontrollers.": .init(shortNames: ["rc"], categories: all, subresources: scaled),
        "resourcequotas.": .init(shortNames: ["quota"], subresources: status),
        "serviceaccounts.": .init(shortNames: ["sa"], subresources: ["token"]),
        "services.": .init(shortNames: ["svc"], categories: all, subresources: status),
        "mutatingadmissionpolicies.admissionregistration.k8s.io": .init(categories: extensions),
        "mutatingadmissionpolicybindings.admissionregistration.k8s.io": .init(categories: extensions),
        "mutatingwebhookconfigurations.admissionregistration.k8s.io": .init(categories: extensions),
        "validatingadmissionpolicies.admissionregistration.k8s.io": .init(
            categories: extensions, subresources: status),
        "validatingadmissionpolicybindings.admissionregistration.k8s.io": .init(categories: extensions),
        "validatingwebhookconfigurations.admissionregistration.k8s.io": .init(categories: extensions),
        "customresourcedefinitions.apiextensions.k8s.io": .init(
            shortNames: ["crd", "crds"], categories: extensions, subresources: status),
        "apiservices.apiregistration.k8s.io": .init(categories: extensions, subresources: status),
        "daemonsets.apps": .init(shortNames: ["ds"], categories: all, subresources: status),
        "deployments.apps": .init(shortNames: ["deploy"], categories: all, subresources: scaled),
        "replicasets.apps": .init(shortNames: ["rs"], categories: all, subresources: scaled),
        "statefulsets.apps": .init(shortNames: ["sts"], categories: all, subresources: scaled),
        "daemonsets.extensions": .init(shortNames: ["ds"], subresources: status),
        "deployments.extensions": .init(shortNames: ["deploy"], subresources: scaled),
        "replicasets.extensions": .init(shortNames: ["rs"], subresources: scaled),
        "tokenreviews.authentication.k8s.io": .init(verbs: ["create"]),
        "selfsubjectreviews.authentication.k8s.io": .init(verbs: ["create"]),
        "localsubjectaccessreviews.authorization.k8s.io": .init(verbs: ["create"]),
        "selfsubjectaccessreviews.authorization.k8s.io": .init(verbs: ["create"]),
        "selfsubjectrulesreviews.authorization.k8s.io": .init(verbs: ["create"]),
        "subjectaccessreviews.authorization.k8s.io": .init(verbs: ["create"]),
        "horizontalpodautoscalers.autoscaling": .init(shortNames: ["hpa"], categories: all, subresources: status),
        "cronjobs.batch": .init(shortNames: ["cj"], categories: all, subresources: status),
        "jobs.batch": .init(categories: all, subresources: status),
        "certificatesigningrequests.certificates.k8s.io": .init(
            shortNames: ["csr"], subresources: ["approval", "status"]),
        "events.events.k8s.io": .init(shortNames: ["ev"]),
        "ingresses.extensions": .init(shortNames: ["ing"], subresources: status),
        "flowschemas.flowcontrol.apiserver.k8s.io": .init(subresources: status),
        "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io": .init(subresources: status),
        "ingresses.networking.k8s.io": .init(shortNames: ["ing"], subresources: status),
        "ipaddresses.networking.k8s.io": .init(shortNames: ["ip"]),
        "networkpolicies.networking.k8s.io": .init(shortNames: ["netpol"]),
        "networkpolicies.extensions": .init(shortNames: ["netpol"]),
        "servicecidrs.networking.k8s.io": .init(subresources: status),
        "poddisruptionbudgets.policy": .init(shortNames: ["pdb"], subresources: status),
        "podsecuritypolicies.policy": .init(shortNames: ["psp"]),
        "resourceclaims.resource.k8s.io": .init(subresources: status),
        "priorityclasses.scheduling.k8s.io": .init(shortNames: ["pc"]),
        "storageclasses.storage.k8s.io": .init(shortNames: ["sc"]),
        "volumeattachments.storage.k8s.io": .init(subresources: status),
        "volumeattributesclasses.storage.k8s.io": .init(shortNames: ["vac"]),
    ]
}

import Manifests

/// Small facts about kinds that the verbs need.
enum KindRules {
    /// Whether objects of this resource carry `metadata.generation` at that minor.
    static func hasGeneration(_ resource: ServedResource, at version: KubernetesVersion) -> Bool {
        if resource.custom != nil { return true }
        guard let since = generationSince[resource.gvk.groupKind.description] else { return false }
        return version >= KubernetesVersion(minor: since)
    }

    /// Whether a change counts as a change of what is wanted.
    static func bumpsGeneration(from old: KubeObject, to new: KubeObject, _ resource: ServedResource) -> Bool {
        func wanted(_ object: KubeObject) -> JSONValue {
            var json = object.json
            json["metadata"] = nil
            if resource.hasStatusSubresource { json["status"] = nil }
            return json
        }
        return wanted(old) != wanted(new)
    }

    /// The status that creation gives.
    static func initialStatus(_ resource: ServedResource) -> JSONValue? {
        if resource.custom != nil { return nil }
        switch resource.kind {
        case "Namespace": return ["phase": "Active"]
        case "PersistentVolumeClaim", "PersistentVolume": return ["phase": "Pending"]
        case "Service", "Ingress": return ["loadBalancer": [:]]
        case "Pod": return ["phase": "Pending", "qosClass": "BestEffort"]
        case "DaemonSet":
            return [
                "currentNumberScheduled": 0, "numberMisscheduled": 0, "desiredNumberScheduled": 0, "numberReady": 0,
            ]
        case "StatefulSet": return ["replicas": 0, "availableReplicas": 0]
        case "ReplicaSet", "ReplicationController": return ["replicas": 0]
        case "HorizontalPodAutoscaler": return ["currentReplicas": 0, "desiredReplicas": 0]
        case "PodDisruptionBudget":
            return ["currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0]
        default: return [:]
        }
    }

    /// Whether a PUT of an absent object makes it.
    static func createsOnUpdate(_ resource: ServedResource) -> Bool {
        guard resource.custom == nil else { return false }
        return [
            "Lease", "Event", "Endpoints", "EndpointSlice", "LimitRange", "RuntimeClass", "Service", "ServiceAccount",
        ]
        .contains(resource.kind) && resource.kind != "Service" && resource.kind != "ServiceAccount"
            && resource.kind != "EndpointSlice"
    }

    /// Whether a PUT must say which version it replaces.
    static func needsResourceVersion(_ resource: ServedResource) -> Bool {
        resource.custom != nil
            || [
                "Lease", "CustomResourceDefinition", "PodDisruptionBudget", "APIService", "RuntimeClass", "CSIDriver",
                "CSINode", "VolumeAttachment", "ServiceAccount", "MutatingWebhookConfiguration",
                "ValidatingWebhookConfiguration",
            ].contains(resource.kind)
    }

    /// What happens to dependents when the client does not say.
    static func defaultPropagation(_ kind: GroupKind) -> String {
        kind.description == "Job.batch" || kind.description == "ReplicationController" ? "Orphan" : "Background"
    }

    /// How long a deleted object stays before it goes: Pods on a node only.
    static func gracePeriod(_ object: KubeObject, _ options: DeletionOptions) -> Int {
        guard object.gvk.kind == "Pod", object.gvk.group.isEmpty, object["spec.nodeName"]?.string != nil else {
            return 0
        }
        return options.gracePeriodSeconds ?? Int(object["spec.terminationGracePeriodSeconds"]?.integer ?? 30)
    }

    /// Whether an object that is being deleted is held by nothing any more.
    static func isReleased(_ object: KubeObject) -> Bool {
        object["metadata.deletionTimestamp"] != nil && (object["metadata.finalizers"]?.array ?? []).isEmpty
            && !(object.gvk.kind == "Namespace")
            && (object["metadata.deletionGracePeriodSeconds"]?.integer ?? 0) == 0
    }

    private static let generationSince: [String: Int] = [
        "MutatingAdmissionPolicy.admissionregistration.k8s.io": 0,
        "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io": 0,
        "MutatingWebhookConfiguration.admissionregistration.k8s.io": 0,
        "ValidatingAdmissionPolicy.admissionregistration.k8s.io": 0,
        "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io": 0,
        "ValidatingWebhookConfiguration.admissionregistration.k8s.io": 0,
        "CustomResourceDefinition.apiextensions.k8s.io": 0, "DaemonSet.apps": 0, "Deployment.apps": 0,
        "ReplicaSet.apps": 0, "StatefulSet.apps": 0, "CronJob.batch": 21, "Job.batch": 21,
        "EndpointSlice.discovery.k8s.io": 0, "Ingress.extensions": 0,
        "FlowSchema.flowcontrol.apiserver.k8s.io": 0, "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io": 0,
        "Ingress.networking.k8s.io": 0, "IngressClass.networking.k8s.io": 0, "NetworkPolicy.networking.k8s.io": 0,
        "PodDisruptionBudget.policy": 0, "DeviceClass.resource.k8s.io": 0, "ResourceSlice.resource.k8s.io": 0,
        "PriorityClass.scheduling.k8s.io": 0, "Pod": 33, "PodTemplate": 21, "ReplicationController": 0,
    ]
}

import Manifests

extension StripRules {
    /// What controllers and the scheduler write into workloads.
    static let workloads: [StripRule] = [revisions, jobSelector, podPlacement, autoscalerRecord]

    /// Revision counters of rollouts on blue.
    static let revisions = StripRule(
        "rollout-record", kinds: [.apps("Deployment"), .apps("ReplicaSet"), .apps("DaemonSet")]
    ) { object, source in
        for name in source.annotations.keys
        where name.hasPrefix("deployment.kubernetes.io/revision") || name == "deployment.kubernetes.io/desired-replicas"
            || name == "deployment.kubernetes.io/max-replicas" || name == "deprecated.daemonset.template.generation"
        {
            object.strip(annotation: name)
        }
    }

    /// A Job's selector names the UID that the Job had on blue, unless someone wrote the selector by hand.
    static let jobSelector = StripRule("selects-by-uid", kinds: [.batch("Job")]) { object, source in
        guard source["spec.manualSelector"]?.bool != true else { return }
        object.strip("spec.selector")
        for label in [
            "controller-uid", "batch.kubernetes.io/controller-uid", "job-name", "batch.kubernetes.io/job-name",
        ] {
            object.strip(label: label)
            object.strip(label: label, under: "spec.template.metadata")
        }
    }

    /// Where the scheduler put a Pod, and what admission added to it.
    static let podPlacement = StripRule("placed-by-scheduler", kinds: [.core("Pod")]) { object, source in
        object.strip("spec.nodeName")
        object.strip("spec.priority")
        let tokens = (source["spec.volumes"]?.array ?? []).filter { isTokenVolume($0["name"]?.string ?? "") }
            .compactMap { $0["name"]?.string }
        guard !tokens.isEmpty else { return }
        let volumes = (source["spec.volumes"]?.array ?? []).filter { !tokens.contains($0["name"]?.string ?? "") }
        object.set("spec.volumes", to: .array(volumes))
        for list in ["containers", "initContainers"] {
            for (index, container) in (source["spec"]?[list]?.array ?? []).enumerated() {
                guard let mounts = container["volumeMounts"]?.array else { continue }
                object.set(
                    FieldPath([.member("spec"), .member(list), .index(index), .member("volumeMounts")]),
                    to: .array(mounts.filter { !tokens.contains($0["name"]?.string ?? "") }))
            }
        }
    }

    /// What autoscaling/v1 keeps in annotations about the past.
    static let autoscalerRecord = StripRule(
        "observed-on-blue", kinds: [GroupKind(group: "autoscaling", kind: "HorizontalPodAutoscaler")]
    ) { object, _ in
        object.strip(annotation: "autoscaling.alpha.kubernetes.io/conditions")
        object.strip(annotation: "autoscaling.alpha.kubernetes.io/current-metrics")
    }

    private static func isTokenVolume(_ name: String) -> Bool {
        name.hasPrefix("kube-api-access-") || GeneratedName.isToken(name)
    }
}

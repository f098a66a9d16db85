import Manifests

/// What is not copied, one line each; the first rule that matches gives the reason.
enum SkipRules {
    static let all: [SkipRule] =
        [
            SkipRule("no-name") { object, _ in object.name.hasPrefix(Unnamed.prefix) },
            SkipRule("being-deleted") { object, _ in object["metadata.deletionTimestamp"] != nil },
            SkipRule("owned-by-controller") { object, _ in object.isControlledByOwner },
            SkipRule("excluded-by-label") { object, _ in
                object.labels["velero.io/exclude-from-backup"]?.string == "true"
            },
        ] + runtime + systemNamespaces + generated + credentials + finished

    /// The code under which an object is skipped, nil when no rule matches.
    static func code(for object: KubeObject, in context: SkipContext) -> String? {
        all.first { $0.matches(object, context) }?.code
    }

    /// The namespaces that every cluster has of its own, and `default`, which is merged where it says something.
    static let clusterNamespaces: Set<String> = ["kube-system", "kube-public", "kube-node-lease"]

    /// Namespaces of the control plane and what is in them.
    ///
    /// The plan's hazards say what users keep there.
    static let systemNamespaces: [SkipRule] = [
        SkipRule("system-namespace") { object, _ in
            object.gvk.groupKind == .core("Namespace")
                ? clusterNamespaces.contains(object.name) : object.namespace.map(clusterNamespaces.contains) ?? false
        }
    ]

    /// What ran to its end must not run again.
    static let finished: [SkipRule] = [
        SkipRule("mirror-pod") { object, _ in object[annotation: "kubernetes.io/config.mirror"] != nil },
        SkipRule("finished") { object, _ in
            switch object.gvk.groupKind {
            case .core("Pod"): ["Succeeded", "Failed"].contains(object["status.phase"]?.string ?? "")
            case .batch("Job"): isFinished(object)
            default: false
            }
        },
    ]

    private static func isFinished(_ job: KubeObject) -> Bool {
        job["status.completionTime"] != nil
            || (job["status.conditions"]?.array ?? []).contains {
                ["Complete", "Failed"].contains($0["type"]?.string ?? "") && $0["status"]?.string == "True"
            }
    }
}

extension KubeObject {
    /// Whether a controller made it and will make it again on green.
    var isControlledByOwner: Bool {
        if gvk.groupKind == .apps("ControllerRevision") { return true }
        return (self["metadata.ownerReferences"]?.array ?? []).contains { $0["controller"]?.bool == true }
    }
}

/// How the plan calls objects that have no name of their own.
enum Unnamed {
    /// No name in Kubernetes begins like this; what follows is a digest, so that two of them differ.
    static let prefix = "~"
}

public import Manifests

/// Where in a workload its pod template stands, and what the checks ask of it.
public struct PodTemplate: Sendable {
    /// The kinds that make pods, with the path of the pod template.
    static let paths: [GroupKind: FieldPath] = [
        GroupKind(group: "apps", kind: "Deployment"): "spec.template",
        GroupKind(group: "extensions", kind: "Deployment"): "spec.template",
        GroupKind(group: "apps", kind: "ReplicaSet"): "spec.template",
        GroupKind(group: "extensions", kind: "ReplicaSet"): "spec.template",
        GroupKind(group: "", kind: "ReplicationController"): "spec.template",
        GroupKind(group: "apps", kind: "StatefulSet"): "spec.template",
        GroupKind(group: "apps", kind: "DaemonSet"): "spec.template",
        GroupKind(group: "extensions", kind: "DaemonSet"): "spec.template",
        GroupKind(group: "batch", kind: "Job"): "spec.template",
        GroupKind(group: "batch", kind: "CronJob"): "spec.jobTemplate.spec.template",
    ]

    /// The template itself: `metadata` and `spec`.
    public let json: JSONValue
    /// Its place in the workload.
    public let path: FieldPath

    /// Nil when the object is no workload or has no template.
    public init?(of object: KubeObject) {
        guard let path = Self.paths[object.gvk.groupKind], let json = object[path] else { return nil }
        self.json = json
        self.path = path
    }

    /// The labels that pods get.
    public var labels: JSONObject { json["metadata"]?["labels"]?.object ?? [:] }

    /// Containers and init containers with their places.
    public var containers: [(container: JSONValue, path: FieldPath)] {
        ["containers", "initContainers"].flatMap { member in
            (json["spec"]?[member]?.array ?? []).enumerated().map { index, container in
                (container, path.member("spec").member(member).index(index))
            }
        }
    }

    /// The names of claims that pods mount, with their places.
    public var claims: [(name: String, path: FieldPath)] {
        (json["spec"]?["volumes"]?.array ?? []).enumerated().compactMap { index, volume in
            volume["persistentVolumeClaim"]?["claimName"]?.string.map {
                ($0, path.member("spec").member("volumes").index(index))
            }
        }
    }

    /// Where a container is told to take part in an election of leaders; nil when none is.
    ///
    /// Flags of that name follow one custom throughout the controllers written with the Kubernetes libraries.
    public var leaderElectionFlag: FieldPath? {
        for (container, path) in containers {
            for member in ["command", "args"] {
                for (index, word) in (container[member]?.array ?? []).enumerated() {
                    if let word = word.string, Self.asksForElection(word) { return path.member(member).index(index) }
                }
            }
        }
        return nil
    }

    static func asksForElection(_ word: String) -> Bool {
        guard word.hasPrefix("-") else { return false }
        let flag = word.drop { $0 == "-" }
        let parts = flag.split(separator: "=", maxSplits: 1)
        guard let name = parts.first,
            ["leader-elect", "enable-leader-election", "leader-election", "leaderElection"].contains(String(name))
        else { return false }
        return parts.count == 1 || !["false", "0", "f", "no"].contains(parts[1].lowercased())
    }
}

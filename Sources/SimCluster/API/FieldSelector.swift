import Manifests

/// A field selector in the form of a query: `metadata.name=x,status.phase!=Running`.
struct FieldSelector: Sendable, Hashable {
    private struct Rule: Sendable, Hashable {
        var path: String
        var value: String
        var equal: Bool
    }

    private var rules: [Rule] = []

    /// Selects everything.
    init() {}

    /// Reads the query form.
    init(parsing text: String) throws(APIStatus) {
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else {
                throw .badRequest("invalid selector: '\(text)'; can't understand '\(part)'")
            }
            let negated = pair[0].hasSuffix("!")
            let value = pair[1].hasPrefix("=") ? pair[1].dropFirst() : pair[1]
            rules.append(
                Rule(
                    path: String(negated ? pair[0].dropLast() : pair[0]), value: String(value), equal: !negated))
        }
    }

    /// True when nothing is asked.
    var isEmpty: Bool { rules.isEmpty }

    /// Refuses paths that the resource does not index.
    func check(for resource: ServedResource) throws(APIStatus) {
        let known = ["metadata.name", "metadata.namespace"] + (Self.indexed[resource.gvk.groupKind.description] ?? [])
        for rule in rules where !known.contains(rule.path) {
            if resource.gvk.group.isEmpty, resource.kind == "Pod" {
                throw .badRequest("field label not supported: \(rule.path)")
            }
            throw .badRequest(
                "\"\(rule.path)\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
        }
    }

    /// Whether an object fulfils all rules.
    func matches(_ object: KubeObject) -> Bool {
        rules.allSatisfy { rule in
            let found = FieldPath(rule.path).flatMap { object[$0] }
            let text =
                switch found {
                case .string(let text): text
                case .bool(let value): String(value)
                case .integer(let value): String(value)
                default: rule.path.hasSuffix("hostNetwork") || rule.path.hasSuffix("unschedulable") ? "false" : ""
                }
            return (text == rule.value) == rule.equal
        }
    }

    private static let indexed: [String: [String]] = [
        "Pod": [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
            "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName",
        ],
        "Namespace": ["status.phase"], "Node": ["spec.unschedulable"], "Secret": ["type"],
        "Service": ["spec.clusterIP", "spec.type"], "Job.batch": ["status.successful"],
        "ReplicationController": ["status.replicas"], "ReplicaSet.apps": ["status.replicas"],
        "Event": [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
            "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
            "reportingComponent", "source", "type",
        ],
        "Event.events.k8s.io": [
            "regarding.kind", "regarding.namespace", "regarding.name", "reason", "reportingController", "type",
        ],
        "CertificateSigningRequest.certificates.k8s.io": ["spec.signerName"],
    ]
}

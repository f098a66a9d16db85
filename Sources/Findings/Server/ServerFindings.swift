import Catalog
import Manifests

/// What an inventory of a live cluster, and what its server tells of itself, say as a whole; checks look at one object.
struct ServerFindings {
    let inventory: Inventory
    let context: CheckContext

    /// Everything, in a fixed order.
    func all(_ evidence: ServerEvidence?) -> [Finding] {
        MissingServices(inventory: inventory).findings() + nodes()
            + (evidence.map { requested($0) + certificates($0) } ?? [])
    }

    // MARK: What is asked for

    private func requested(_ evidence: ServerEvidence) -> [Finding] {
        evidence.requested.compactMap { request in
            let entry = context.catalog.lifecycles.first {
                $0.gvk.group == request.group && $0.gvk.version == request.version
                    && $0.resource.split(separator: "/").first.map(String.init) == request.resource
            }
            let gvk =
                entry?.gvk
                ?? GroupVersionKind(group: request.group, version: request.version, kind: request.resource)
            guard let end = request.removedRelease ?? entry?.endOfService else { return nil }
            let isGone = context.target >= end
            let replacement = context.replacement(for: gvk)
            // Where the server has nothing newer, everybody has to ask for the old one, its own controllers too.
            let hasChoice = replacement.map { inventory.apis.contains($0.apiVersion) } ?? true
            let name = request.resource + (request.subresource.isEmpty ? "" : "/\(request.subresource)")
            return Finding(
                code: ServerCodes.requested, severity: isGone && hasChoice ? .warns : .info, confidence: .likely,
                consequence: isGone ? .breaksLater : .nothingYet,
                object: ObjectReference(kind: gvk.groupKind, namespace: nil, name: "*"), gvk: gvk, place: .server,
                since: end, replacement: replacement,
                message: "Somebody has asked the server for \(name) at \(gvk.apiVersion) since it started, which is "
                    + "\(isGone ? "gone" : "to be gone") in \(end)"
                    + (hasChoice ? "." : "; this server has nothing newer, so its own controllers do too."),
                remedy: "Find who: its audit log marks such requests with k8s.io/deprecated."
                    + (replacement.map { " They have to ask for \($0.apiVersion)." } ?? ""))
        }
    }

    private func certificates(_ evidence: ServerEvidence) -> [Finding] {
        guard let term = context.certificates else { return [] }
        let kubeconfig = GroupVersionKind(group: "", version: "v1", kind: "Config")
        return Dictionary(grouping: evidence.certificates) { "\($0.holder) \($0.path)" }.sorted { $0.key < $1.key }
            .compactMap { _, facts in
                CertificateExpiryCheck.verdict(facts, term).map { verdict in
                    Finding(
                        code: CertificateExpiryCheck().code, severity: verdict.severity,
                        consequence: verdict.consequence, object: verdict.fact.holder, gvk: kubeconfig, place: .server,
                        path: verdict.fact.path, message: verdict.message, remedy: verdict.remedy)
                }
            }
    }

    // MARK: Nodes

    /// One finding to a version of a component, not one to a node.
    private func nodes() -> [Finding] {
        let nodes = inventory.objects(of: GroupKind(group: "", kind: "Node")).map(\.object)
        return [("kubelet", "kubeletVersion"), ("kube-proxy", "kubeProxyVersion")].flatMap { component, field in
            let path = FieldPath("status.nodeInfo").member(field)
            let found = Dictionary(grouping: nodes.filter { $0[path]?.string.flatMap { KubernetesVersion($0) } != nil })
            {
                $0[path]?.string.flatMap { KubernetesVersion($0) } ?? inventory.cluster.version
            }
            return found.sorted { $0.key < $1.key }.flatMap { version, nodes in
                skew(component, version, nodes, at: path)
            }
        }
    }

    private func skew(
        _ component: String, _ version: KubernetesVersion, _ nodes: [KubeObject], at path: FieldPath
    ) -> [Finding] {
        guard let first = nodes.first else { return [] }
        let server = inventory.cluster.version
        let who = "\(component) \(version) on \(nodes.count == 1 ? "node \(first.name)" : "\(nodes.count) nodes")"
        let finding = { (severity: Finding.Severity, since: KubernetesVersion?, message: String, remedy: String) in
            Finding(
                code: ServerCodes.skew, severity: severity, consequence: .breaksLater, object: first.reference,
                gvk: first.gvk, place: .server, path: path, since: since, message: message, remedy: remedy)
        }
        if version > server {
            return [
                finding(
                    .warns, nil, "\(who) is newer than its API server (\(server)), which nobody supports.",
                    "Upgrade the control plane, or take these nodes back to \(server).")
            ]
        }
        let allowed = minorsBehind(component, version)
        if server.minor - version.minor > allowed {
            return [
                finding(
                    .warns, nil,
                    "\(who) is more than \(allowed) minors older than its API server (\(server)), which nobody supports.",
                    "Upgrade these nodes first.")
            ]
        }
        guard context.target.major == version.major, context.target.minor - version.minor > allowed else { return [] }
        let last = KubernetesVersion(major: version.major, minor: version.minor + allowed)
        return [
            finding(
                .info, KubernetesVersion(major: last.major, minor: last.minor + 1),
                "\(who) works with API servers up to \(last), not with \(context.target).",
                "In place, upgrade these nodes before the control plane passes \(last); in a blue-green migration green "
                    + "brings nodes of its own.")
        ]
    }

    /// How far a component may lag behind its API server, by the catalog's rules.
    private func minorsBehind(_ component: String, _ version: KubernetesVersion) -> Int {
        let skew = context.catalog.facts.skew
        var minors = 0
        while skew.verdict(
            of: component, at: version, at: KubernetesVersion(major: version.major, minor: version.minor + minors + 1))
            == .allowed
        {
            minors += 1
        }
        return minors
    }
}

/// The codes of what is no check of one object.
public enum ServerCodes {
    /// A deprecated API is in use.
    public static let requested = "deprecated-api-requested"
    /// A node is too far from its API server, or will be.
    public static let skew = "version-skew"
    /// A Service that is called and does not exist.
    public static let service = "service-missing"
    /// Each with what it means, in one sentence.
    public static let all: [(code: String, summary: String)] = [
        (requested, "Somebody asks the server for an API that the target no longer has."),
        (service, "A webhook, an aggregated API or a conversion calls a Service that does not exist."),
        (skew, "A node's kubelet or kube-proxy is too far from its API server, or will be at the target."),
    ]
}

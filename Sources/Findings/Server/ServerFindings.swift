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
                remedy: "Find who: its audit log marks such requests with k8s.io/deprecated. Whoever reads a whole "
                    + "cluster asks for them too, kirikae among them."
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

    /// Some of a component's instances, all at one version, and the object that tells it.
    private struct Instances {
        var component: String
        var version: KubernetesVersion
        /// Where they run, in words.
        var place: String
        var teller: KubeObject
        var path: FieldPath
    }

    /// One finding to a version of a component, not one to a node.
    private func nodes() -> [Finding] {
        let proxies = kubeProxies()
        // What a node says of kube-proxy is its kubelet's version, and from 1.33 on nothing.
        return
            (onNodes("kubelet", "kubeletVersion")
            + (proxies.isEmpty ? onNodes("kube-proxy", "kubeProxyVersion") : proxies)).flatMap(skew)
    }

    private func onNodes(_ component: String, _ field: String) -> [Instances] {
        let path = FieldPath("status.nodeInfo").member(field)
        let nodes = inventory.objects(of: GroupKind(group: "", kind: "Node")).map(\.object)
        var byVersion: [KubernetesVersion: [KubeObject]] = [:]
        for node in nodes {
            guard let version = node[path]?.string.flatMap({ KubernetesVersion($0) }) else { continue }
            byVersion[version, default: []].append(node)
        }
        return byVersion.sorted { $0.key < $1.key }.compactMap { version, nodes in
            nodes.first.map {
                Instances(
                    component: component, version: version,
                    place: "on \(nodes.count == 1 ? "node \($0.name)" : "\(nodes.count) nodes")", teller: $0, path: path
                )
            }
        }
    }

    /// What the DaemonSets run that bring kube-proxy to the nodes, as kubeadm and the managed services have them.
    private func kubeProxies() -> [Instances] {
        inventory.objects(of: GroupKind(group: "apps", kind: "DaemonSet"), in: "kube-system").flatMap { entry in
            (PodTemplate(of: entry.object)?.containers ?? []).compactMap { container, path -> Instances? in
                guard let image = container["image"]?.string,
                    let version = Self.version(ofImage: image, named: "kube-proxy")
                else { return nil }
                return Instances(
                    component: "kube-proxy", version: version, place: "of DaemonSet kube-system/\(entry.object.name)",
                    teller: entry.object, path: path.member("image"))
            }
        }
    }

    /// The minor in the tag of such an image; nil for other images, and for tags that are no release.
    static func version(ofImage image: String, named name: String) -> KubernetesVersion? {
        // A digest may follow the tag; a port may stand in the registry.
        let parts = image.prefix { $0 != "@" }.split(separator: "/").last?.split(separator: ":") ?? []
        // `kube-proxy-amd64` and the like were images of their own.
        guard parts.count == 2, parts[0] == name || parts[0].hasPrefix(name + "-") else { return nil }
        return KubernetesVersion(String(parts[1]))
    }

    private func skew(_ found: Instances) -> [Finding] {
        let version = found.version
        let server = inventory.cluster.version
        let who = "\(found.component) \(version) \(found.place)"
        let finding = { (severity: Finding.Severity, since: KubernetesVersion?, message: String, remedy: String) in
            Finding(
                code: ServerCodes.skew, severity: severity, consequence: .breaksLater, object: found.teller.reference,
                gvk: found.teller.gvk, place: .server, path: found.path, since: since, message: message,
                remedy: remedy)
        }
        let what = found.teller.gvk.kind == "Node" ? "these nodes" : "it"
        if version > server {
            return [
                finding(
                    .warns, nil, "\(who) is newer than its API server (\(server)), which nobody supports.",
                    "Upgrade the control plane, or take \(what) back to \(server).")
            ]
        }
        let allowed = minorsBehind(found.component, version)
        if server.minor - version.minor > allowed {
            return [
                finding(
                    .warns, nil,
                    "\(who) is more than \(allowed) minors older than its API server (\(server)), which nobody supports.",
                    "Upgrade \(what) first.")
            ]
        }
        guard context.target.major == version.major, context.target.minor - version.minor > allowed else { return [] }
        let last = KubernetesVersion(major: version.major, minor: version.minor + allowed)
        return [
            finding(
                .info, KubernetesVersion(major: last.major, minor: last.minor + 1),
                "\(who) works with API servers up to \(last), not with \(context.target).",
                "In place, upgrade \(what) before the control plane passes \(last); in a blue-green migration green "
                    + (what == "it" ? "has its own." : "brings nodes of its own."))
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

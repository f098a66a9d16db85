import Catalog
import Manifests

/// Add-ons at a release that does not go with the target, by their projects' own tables.
///
/// Known by the image that the project's controller runs, or by the label with which Flux marks its parts.
public struct AddOnVersionCheck: Check {
    public let code = "addon-incompatible"
    public let summary = "An add-on runs at a release that its project does not name for the target."

    /// The end of an image's name, without its registry, with the project that runs it.
    private static let images: [(image: String, project: String)] = [
        ("cert-manager-controller", "cert-manager"), ("istio/pilot", "istio"), ("argoproj/argocd", "argo-cd"),
        ("ingress-nginx/controller", "ingress-nginx"), ("coredns", "coredns"), ("calico/node", "calico"),
        ("cilium/cilium", "cilium"), ("kyverno/kyverno", "kyverno"), ("openpolicyagent/gatekeeper", "gatekeeper"),
        ("metrics-server", "metrics-server"), ("cluster-autoscaler", "cluster-autoscaler"),
        ("vpa-recommender", "vertical-pod-autoscaler"), ("kedacore/keda", "keda"),
        ("external-secrets/external-secrets", "external-secrets"), ("velero/velero", "velero"),
        ("traefik", "traefik"), ("linkerd/controller", "linkerd"), ("prometheus-operator", "prometheus-operator"),
        ("karpenter/controller", "karpenter"), ("crossplane/crossplane", "crossplane"),
        ("snapshot-controller", "external-snapshotter"),
    ]

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        guard let template = PodTemplate(of: subject.object) else { return [] }
        var seen: Set<String> = []
        var findings = template.containers.compactMap { container, path -> Finding? in
            guard let image = container["image"]?.string, let (project, release) = Self.addOn(image),
                seen.insert(project).inserted
            else { return nil }
            return finding(project, release, at: path.member("image"), in: subject, context: context)
        }
        if subject.object.labels["app.kubernetes.io/part-of"]?.string == "flux",
            subject.object.name == "source-controller",
            let release = subject.object.labels["app.kubernetes.io/version"]?.string.flatMap({ ReleaseVersion($0) })
        {
            let path = FieldPath("metadata.labels").member("app.kubernetes.io/version")
            findings += [finding("flux", release, at: path, in: subject, context: context)].compactMap(\.self)
        }
        return findings
    }

    public func need(in context: CheckContext) -> CheckNeed {
        .anyGroupOf(
            Set(Self.images.map { ["image", $0.image] } + [["app.kubernetes.io/part-of", "source-controller"]]),
            in: Set(PodTemplate.paths.keys.map(\.kind)))
    }

    /// The project and release that an image is of; nil for images of others, and for tags that are no release.
    static func addOn(_ image: String) -> (project: String, release: ReleaseVersion)? {
        // A digest may follow the tag; a port may stand in the registry.
        let name = image.prefix { $0 != "@" }
        let last = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        guard let colon = name[last...].firstIndex(of: ":") else { return nil }
        let repository = name[..<colon]
        guard let release = ReleaseVersion(name[name.index(after: colon)...]),
            let known = images.first(where: { repository == $0.image || repository.hasSuffix("/" + $0.image) })
        else { return nil }
        return (known.project, release)
    }

    private func finding(
        _ project: String, _ release: ReleaseVersion, at path: FieldPath, in subject: CheckSubject,
        context: CheckContext
    ) -> Finding? {
        guard let table = context.catalog.facts.compatibility(of: project),
            table.supports(release, on: context.target) == false
        else { return nil }
        let newest = table.rows.filter { $0.covers(release) }.compactMap(\.newest).max()
        let since = newest.flatMap {
            $0 < context.target ? KubernetesVersion(major: $0.major, minor: $0.minor + 1) : nil
        }
        let meaning = table.meaning.map { " (\($0))" } ?? ""
        return subject.finding(
            code, .warns, confidence: .likely, consequence: .behavesDifferently, about: subject.object.gvk, at: path,
            since: since,
            message:
                "\(project) \(release) is not among the releases that go with Kubernetes \(context.target)\(meaning).",
            remedy: table.oldestRelease(for: context.target).map {
                "Bring \(project) \($0) or a later release to the target."
            } ?? "See what \(project) says of \(context.target) before the upgrade.",
            fact: project)
    }
}

import Catalog
import Manifests

/// Which of the catalog's changes of behaviour can be mended in the object itself, and by what.
enum Remedies {
    /// By the change's id; what is missing here is for people.
    static let byChange: [String: any Remedy] = fields.merging(
        InTreeVolume.byChange.mapValues { InTreeVolumeRemedy(plugin: $0) as any Remedy }
    ) { first, _ in first }

    private static let fields: [String: any Remedy] = [
        "anno-apparmor": ProfileRemedy.appArmor,
        "anno-azure-disable-tcp-reset": Dropped(),
        "anno-critical-pod": CriticalPodRemedy(),
        "anno-ingress-class": IngressClassRemedy(),
        "anno-init-containers": PodAnnotationRemedy(fields: [
            "pod.beta.kubernetes.io/init-containers": .initContainers,
            "pod.alpha.kubernetes.io/init-containers": .initContainers,
        ]),
        "anno-is-default-class-beta": DefaultClassRemedy(),
        "anno-kubernetes-io-psp": Dropped(),
        "anno-mount-options-beta": MountOptionsRemedy(),
        "anno-scheduler-alpha-rest": PodAnnotationRemedy(fields: [
            "scheduler.alpha.kubernetes.io/affinity": .affinity,
            "scheduler.alpha.kubernetes.io/tolerations": .tolerations,
            "scheduler.alpha.kubernetes.io/name": .schedulerName,
        ]),
        "anno-seccomp-pod": ProfileRemedy.seccomp,
        "anno-storage-class-beta": StorageClassRemedy(),
        "anno-storage-provisioner-beta": Dropped(),
        "anno-tolerate-unready": UnreadyEndpointsRemedy(),
        "anno-topology-aware-hints": TopologyHintsRemedy(),
        "clustername": Dropped(),
        "cronjob-tz-in-schedule": TimeZoneRemedy(),
        "image-k8s-gcr-io": RenamedPrefix(prefixes: [
            ("k8s.gcr.io/", "registry.k8s.io/"), ("gcr.io/google_containers/", "registry.k8s.io/"),
            ("gcr.io/google-containers/", "registry.k8s.io/"),
        ]),
        "label-beta-os-arch": RenamedNames([
            "beta.kubernetes.io/os": "kubernetes.io/os", "beta.kubernetes.io/arch": "kubernetes.io/arch",
        ]),
        "label-failure-domain-beta": RenamedNames([
            "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
        ]),
        "label-gce-addon-node-beta": RenamedNames([
            "beta.kubernetes.io/metadata-proxy-ready": "cloud.google.com/metadata-proxy-ready",
            "beta.kubernetes.io/masq-agent-ds-ready": "node.kubernetes.io/masq-agent-ds-ready",
            "beta.kubernetes.io/kube-proxy-ds-ready": "node.kubernetes.io/kube-proxy-ds-ready",
        ]),
        "label-instance-type-beta": RenamedNames([
            "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type"
        ]),
        "label-master-role": RenamedNames([
            "node-role.kubernetes.io/master": "node-role.kubernetes.io/control-plane"
        ]),
        "metadata-initializers": Dropped(),
        "networkpolicy-status": Dropped(),
        "pod-resourceclaims-source": ClaimSourceRemedy(),
        "pod-serviceaccount-alias": ServiceAccountRemedy(),
        "pvc-resources-claims": Dropped(),
        "selflink": Dropped(),
        "service-ipfamily": IPFamilyRemedy(),
        "service-topology-keys": TopologyKeysRemedy(),
        "strict-ip-cidr": CanonicalAddressRemedy(),
        "taint-master-toleration": MasterTolerationRemedy(),
    ]
}

/// The remedies for one release.
struct RemedyPlan: Sendable {
    private let catalog: Catalog
    private let target: KubernetesVersion
    /// What concerns the release and can be mended, with the ids of the changes.
    private let wanted: [CatalogFacts.ProbeReference: String]

    /// - Parameter onlyBroken: leaves alone what still works at the release.
    init(_ catalog: Catalog, target: KubernetesVersion, onlyBroken: Bool) {
        self.catalog = catalog
        self.target = target
        var wanted: [CatalogFacts.ProbeReference: String] = [:]
        for (index, change) in catalog.facts.behaviours.enumerated() {
            guard Remedies.byChange[change.id] != nil, change.concerns(target, onlyBroken: onlyBroken) else { continue }
            for probe in change.probes.indices {
                wanted[CatalogFacts.ProbeReference(change: index, probe: probe)] = change.id
            }
        }
        self.wanted = wanted
    }

    /// The object with everything mended that can be.
    func mend(_ object: KubeObject) -> Mending {
        var work = Mending(object, target: target, catalog: catalog)
        let isFromServer = object.uid != nil || object.resourceVersion != nil
        for (reference, path) in catalog.facts.places(in: object, of: { wanted[$0] != nil }) {
            guard let id = wanted[reference], let remedy = Remedies.byChange[id] else { continue }
            // Servers fill such fields in by themselves; there is nothing to mend in what was read from one.
            if isFromServer, catalog.facts.behaviours[reference.change].isOnlyAsWritten { continue }
            let change = catalog.facts.behaviours[reference.change]
            let breaks = target >= change.since && [.breaks, .breaksWithoutDriver, .degrades].contains(change.severity)
            work.mend(path, by: remedy, telling: breaks)
        }
        ReferenceRemedy.mend(&work)
        RuleRemedy.mend(&work)
        return work
    }
}

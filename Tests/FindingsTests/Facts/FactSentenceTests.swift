import Catalog
import Findings
import Manifests
import Testing

@Suite("What findings of facts say")
struct FactSentenceTests {
    private func findings(_ yaml: String, from: Int? = nil, to: Int = 36, catalog: Catalog = .builtIn) -> [Finding] {
        CheckRun(
            catalog: catalog, target: KubernetesVersion(minor: to), from: from.map { KubernetesVersion(minor: $0) }
        )
        .run(text: Array(yaml.utf8), file: "a.yaml").findings
    }

    @Test("Every remedy of the catalog is an order to somebody, not a field or a name")
    func orders() {
        for change in Catalog.builtIn.facts.behaviours {
            let first = change.remedy.prefix { $0 != " " && $0 != ";" && $0 != "," }
            #expect(first.allSatisfy { $0.isLetter && $0.isLowercase }, "\(change.id): \(change.remedy)")
            #expect(change.remedy.contains(" "), "\(change.id): \(change.remedy)")
        }
    }

    @Test(
        "A remedy begins like a sentence, but what has a spelling of its own keeps it",
        arguments: [
            ("set spec.mountOptions", "Set spec.mountOptions."), ("spec.mountOptions", "spec.mountOptions."),
            ("kubeadm.k8s.io/v1beta4", "kubeadm.k8s.io/v1beta4."), ("--leader-elect", "--leader-elect."),
            ("timeZone instead.", "timeZone instead."),
        ])
    func beginning(_ remedy: String, _ sentence: String) throws {
        let overlay = try CatalogOverlay(
            Array(
                ("apiVersion: kirikae.dev/v1\nkind: CatalogOverlay\nmetadata: {name: ours}\nbehaviours:\n"
                    + "- {id: ours, since: '1.30', consequence: ignored, happens: a, do: '\(remedy)', source: us,\n"
                    + "   find: [pod-metadata annotation ours.org/zone]}\n").utf8), file: "o.yaml")
        let found = findings(
            "{apiVersion: v1, kind: Pod, metadata: {name: a, annotations: {ours.org/zone: b}}, spec: {}}",
            catalog: try Catalog.builtIn.overlaid(with: overlay))
        #expect(found.map(\.remedy) == [sentence])
    }

    @Test("A value that is what matters stands behind its path, unless it is long or in a Secret")
    func values() {
        let provisioner = findings(
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: a}, provisioner: kubernetes.io/rbd}")
        #expect(provisioner.first?.message.hasPrefix("provisioner kubernetes.io/rbd: the volume type is") == true)
        let announced = findings(
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: a}, provisioner: kubernetes.io/rbd}",
            to: 30)
        #expect(announced.first?.message.hasPrefix("provisioner kubernetes.io/rbd is deprecated since 1.28;") == true)
        let socket = findings(
            "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {volumes: [{name: d, hostPath: {path: "
                + "/var/run/docker.sock}}]}}")
        #expect(
            socket.first?.message.hasPrefix("spec.volumes[0].hostPath.path /var/run/docker.sock: nodes run no") == true)
        let secret = findings(
            "{apiVersion: v1, kind: Secret, metadata: {name: a-token-x7k2p}, type: kubernetes.io/service-account-token}"
        )
        #expect(secret.contains { $0.fact == "sa-token-secret-cleanup" })
        #expect(secret.allSatisfy { !$0.message.contains("type kubernetes.io/") })
    }

    @Test("An annotation whose field is set beside it is nothing to tell")
    func fieldBesideAnnotation() {
        let service =
            "{apiVersion: v1, kind: Service, metadata: {name: a, annotations: "
            + "{service.alpha.kubernetes.io/tolerate-unready-endpoints: 'true'}}, spec: {X: []}}"
        #expect(findings(service).map(\.severity) == [.breaks])
        #expect(findings(service.replacing("X: []", with: "publishNotReadyAddresses: true")).isEmpty)
        #expect(
            findings(service.replacing("X: []", with: "publishNotReadyAddresses: false")).map(\.severity) == [.breaks])
    }

    @Test("A document kept as text is named with the line in that text, whatever is the matter with it")
    func embedded() {
        let map = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: kubelet-config, namespace: kube-system}
            data:
              scheduler.yaml: |
                # kept
                apiVersion: kubescheduler.config.k8s.io/v1beta2
                kind: KubeSchedulerConfiguration
              kubelet: |
                apiVersion: kubelet.config.k8s.io/v1beta1
                kind: KubeletConfiguration
                failCgroupV1: false
                containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
            """
        let messages = findings(map).map(\.message)
        #expect(
            messages.contains {
                $0.hasPrefix(
                    "kubescheduler.config.k8s.io/v1beta2 KubeSchedulerConfiguration (line 2 of data['scheduler.yaml']):"
                )
            }, "\(messages)")
    }

    @Test(
        "What concerns nearly everybody is told once in a run",
        arguments: ["exec-probe-timeout", "rbac-endpoints-write"])
    func once(_ fact: String) {
        let objects = (1...5).map { number in
            fact == "exec-probe-timeout"
                ? "{apiVersion: v1, kind: Pod, metadata: {name: a\(number)}, spec: {containers: [{name: a, livenessProbe: "
                    + "{exec: {command: [a]}}, readinessProbe: {exec: {command: [a]}}}]}}"
                : "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a\(number)}, roleRef: "
                    + "{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}}"
        }.joined(separator: "\n---\n")
        let result = CheckRun(target: KubernetesVersion(minor: 36), from: KubernetesVersion(minor: 18))
            .run(text: Array(objects.utf8), file: "a.yaml")
        let told = CheckReport(result).entries.map(\.finding).filter { $0.fact == fact }
        #expect(told.count == 1)
        #expect(told.first?.message.contains("So for 5 objects, of which this is the first.") == true)
    }
}

import Manifests
import Testing

@testable import Conversion

/// What is mended inside of objects, beside the pairs in `fixtures/remedies`: what is left, and when nothing is done.
@Suite("Remedies that leave the version alone")
struct RemedyTests {
    static let target = KubernetesVersion(minor: 36)

    private func convert(_ text: String, to minor: Int = 36, onlyRemoved: Bool = false) throws -> FileConversion {
        let conversion = ManifestConversion(target: KubernetesVersion(minor: minor), onlyRemoved: onlyRemoved)
        return conversion.convert(try ManifestSource(bytes: Array(text.utf8), file: "a.yaml"))
    }

    private static func volume(_ source: String, metadata: String = "name: a", more: String = "") -> String {
        "apiVersion: v1\nkind: PersistentVolume\nmetadata: {\(metadata)}\n"
            + "spec:\n  capacity: {storage: 1Gi}\n  accessModes: [ReadWriteOnce]\n  \(source)\n\(more)"
    }

    private static func storageClass(_ provisioner: String, _ more: String) -> String {
        "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: a}\n"
            + "provisioner: kubernetes.io/\(provisioner)\n\(more)\n"
    }

    private static func pod(_ metadata: String, _ spec: String) -> String {
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, \(metadata)}\nspec:\n  containers: [{name: c, image: a}]\n  \(spec)\n"
    }

    /// A text, and a word of what is said about it.
    static let left: [(String, String)] = [
        (volume("gcePersistentDisk: {pdName: a}"), "zone"),
        (volume("azureDisk: {diskName: a, diskURI: 'https://a.blob.core.windows.net/vhds/a.vhd'}"), "managed disks"),
        (volume("azureFile: {shareName: a, secretName: b}"), "namespace"),
        (volume("cinder: {volumeID: a, secretRef: {name: b, namespace: c}}"), "secret"),
        (volume("vsphereVolume: {volumePath: '[ds] a.vmdk'}"), "ids of its own"),
        (volume("awsElasticBlockStore: {volumeID: 'aws://zone/disk'}"), "no EBS volume"),
        (storageClass("vsphere-volume", "parameters: {datastore: a}"), "no parameter"),
        (storageClass("azure-disk", "parameters: {kind: Dedicated}"), "managed disks"),
        (
            storageClass(
                "aws-ebs",
                "parameters: {zone: a}\nallowedTopologies: [{matchLabelExpressions: [{key: a, values: [b]}]}]"),
            "zones"
        ),
        (pod("namespace: b", "volumes: [{name: v, awsElasticBlockStore: {volumeID: vol-1}}]"), "PersistentVolume"),
        (
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
                + "spec: {topologyKeys: [topology.kubernetes.io/zone], ports: [{port: 80}]}\n",
            "no field"
        ),
        (pod("annotations: {scheduler.alpha.kubernetes.io/critical-pod: ''}", ""), "namespace"),
        (pod("annotations: {pod.beta.kubernetes.io/init-containers: 'not JSON'}", ""), "initContainers"),
    ]

    @Test("Where only somebody who knows can tell, the text stays and says so", arguments: left)
    func leftAlone(text: String, word: String) throws {
        let result = try convert(text)
        #expect(result.bytes == Array(text.utf8), "\(String(decoding: result.bytes, as: UTF8.self))")
        #expect(result.left.map(\.code) == ["undecidable"])
        #expect(result.left.first?.message.contains(word) ?? false, "\(result.left)")
        #expect(result.left.first.map { $0.location.line > 1 && $0.remedy.hasSuffix(".") } ?? false)
    }

    /// What is as it should be, or is nobody's trouble.
    static let untouched: [String] = [
        // GKE's controller heeds the annotation only.
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a, annotations: "
            + "{kubernetes.io/ingress.class: gce}}\nspec: {defaultBackend: {service: {name: a, port: {number: 80}}}}\n",
        // Two that say different things.
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a, annotations: "
            + "{kubernetes.io/ingress.class: nginx}}\nspec: {ingressClassName: other}\n",
        pod("", "nodeSelector: {beta.kubernetes.io/os: linux, kubernetes.io/os: windows}"),
        // A profile for a container that somebody else adds.
        pod("annotations: {container.apparmor.security.beta.kubernetes.io/sidecar: runtime/default}", ""),
        // Read from a server, which fills in the alias by itself.
        pod("uid: 3f2c5a0e", "serviceAccount: a\n  serviceAccountName: a"),
        // Two constraints for one key are refused.
        pod(
            "",
            "topologySpreadConstraints: [{topologyKey: failure-domain.beta.kubernetes.io/zone, maxSkew: 1}, "
                + "{topologyKey: topology.kubernetes.io/zone, maxSkew: 2}]"),
        // Everything, whatever the group.
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n"
            + "rules: [{apiGroups: [extensions], resources: ['*'], verbs: ['*']}]\n",
        // Written for both releases.
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n"
            + "rules: [{apiGroups: [extensions, apps], resources: [deployments], verbs: [get]}]\n",
    ]

    @Test("What is no trouble, or cannot be told apart, is left without a word", arguments: untouched)
    func noTrouble(text: String) throws {
        let result = try convert(text)
        #expect(result.bytes == Array(text.utf8), "\(String(decoding: result.bytes, as: UTF8.self))")
        #expect(result.left == [])
    }

    @Test("Before the release in which it matters nothing is mended; --only-removed waits until it breaks")
    func releases() throws {
        let appArmor = Self.pod(
            "annotations: {container.apparmor.security.beta.kubernetes.io/c: runtime/default}", "")
        #expect(try !convert(appArmor, to: 29).isChanged)
        #expect(try convert(appArmor, to: 30).isChanged)
        #expect(try !convert(appArmor, to: 36, onlyRemoved: true).isChanged)
        let seccomp = Self.pod("annotations: {seccomp.security.alpha.kubernetes.io/pod: runtime/default}", "")
        #expect(try convert(seccomp, to: 24).isChanged)
        #expect(try !convert(seccomp, to: 24, onlyRemoved: true).isChanged)
        #expect(try convert(seccomp, to: 27, onlyRemoved: true).isChanged)
    }

    @Test("What Helm stored gets other versions and nothing else")
    func onlyVersions() throws {
        let text = """
            apiVersion: apps/v1beta2
            kind: Deployment
            metadata: {name: a}
            spec:
              selector: {matchLabels: {app: a}}
              template:
                metadata: {labels: {app: a}}
                spec: {containers: [{name: c, image: k8s.gcr.io/pause:3.2}]}

            """
        let result = ManifestConversion(target: Self.target, onlyVersions: true)
            .convert(try ManifestSource(bytes: Array(text.utf8), file: "a.yaml"))
        #expect(String(decoding: result.bytes, as: UTF8.self) == text.replacing("apps/v1beta2", with: "apps/v1"))
    }

    @Test("Where the text cannot be mended, the version is changed all the same, and the rest is named")
    func versionAlone() throws {
        let text = """
            common: &labels {beta.kubernetes.io/os: linux}
            apiVersion: apps/v1beta2
            kind: Deployment
            metadata: {name: a}
            spec:
              selector: {matchLabels: {app: a}}
              template:
                metadata: {labels: {app: a}}
                spec:
                  nodeSelector: *labels
                  containers: [{name: c, image: a}]

            """
        let result = try convert(text)
        #expect(
            String(decoding: result.bytes, as: UTF8.self) == text.replacing("apps/v1beta2", with: "apps/v1"))
        #expect(result.left.map(\.code) == ["alias"])
        #expect(result.converted.count == 1)
    }

    @Test(
        "Addresses get the form that servers read them in",
        arguments: [
            ("10.0.0.1", "10.0.0.1"), ("010.000.0.1", "10.0.0.1"), ("10.1.2.3/24", "10.1.2.0/24"),
            ("::ffff:10.0.0.1", "10.0.0.1"), ("0.0.0.0/0", "0.0.0.0/0"), ("10.0.0.1/33", nil), ("10.0.0.256", nil),
            ("2001:db8::1", nil), ("", nil),
        ] as [(String, String?)])
    func addresses(text: String, expected: String?) {
        #expect(CanonicalAddressRemedy.canonical(text) == expected)
    }

    /// A patch, and what it becomes; nil where it is left.
    static let patches: [(String, String?)] = [
        (
            "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  replicas: 3 # more\n",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  replicas: 3 # more\n"
        ),
        (
            "apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata: {name: a, labels: {b: c}}\n",
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a, labels: {b: c}}\n"
        ),
        (
            "apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata: {name: a}\n"
                + "spec: {backend: {serviceName: b, servicePort: 80}}\n", nil
        ),
        (
            "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {minAvailable: 2}\n",
            "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {minAvailable: 2}\n"
        ),
        // Everything, where it was nothing.
        ("apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {selector: {}}\n", nil),
        (
            "apiVersion: apiextensions.k8s.io/v1beta1\nkind: CustomResourceDefinition\nmetadata: {name: a}\n"
                + "spec: {conversion: {strategy: None}}\n", nil
        ),
    ]

    @Test("A patch gets another version where nothing that it says is affected", arguments: patches)
    func patch(text: String, expected: String?) throws {
        let conversion = ManifestConversion(target: Self.target)
        let result = conversion.convert(try ManifestSource(bytes: Array(text.utf8), file: "a.yaml"), isPatch: true)
        #expect(String(decoding: result.bytes, as: UTF8.self) == expected ?? text)
        #expect(result.left.map(\.code) == (expected == nil ? ["patch"] : []), "\(result.left)")
        #expect(result.converted.flatMap(\.notes) == [])
    }

    @Test("A kustomization goes on meeting what it patches")
    func targets() throws {
        let text = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            patches:
            - path: replicas.yaml
              target: {group: extensions, version: v1beta1, kind: Deployment} # all of them
            - path: host.json
              target:
                group: networking.k8s.io
                version: v1beta1
                kind: Ingress
            - path: name.json
              target: {kind: Ingress}

            """
        let result = try convert(text)
        // Where an Ingress keeps its backends has changed, so that the patch has to be looked at.
        #expect(
            String(decoding: result.bytes, as: UTF8.self)
                == text.replacing("group: extensions, version: v1beta1", with: "group: apps, version: v1"))
    }
}

import Catalog
import Findings
import Manifests
import Testing

/// What a finding says becomes of an object has to be what becomes of it.
@Suite("The words of a fact")
struct FactWordsTests {
    static func findings(_ text: String, minor: Int, from: Int? = nil) -> [Finding] {
        CheckRun(target: KubernetesVersion(minor: minor), from: from.map { KubernetesVersion(minor: $0) }).run(
            ManifestLoader().load(bytes: Array(text.utf8), file: "a.yaml")
        ).findings
    }

    @Test("say \"refused\" only where a server or a component refuses what it reads")
    func refused() {
        for change in CatalogFacts.builtIn.behaviours where change.consequence == .refused {
            // A volume or a class of them is taken; it is mounting and provisioning that fail.
            #expect(!change.happens.contains("non-functional"), "\(change.id)")
            for probe in change.probes {
                if case .object(_, _, let kind) = probe.carrier {
                    #expect(!["Node", "StorageClass", "PersistentVolume"].contains(kind), "\(change.id)")
                }
            }
        }
    }

    @Test("say that a disk format breaks claims, not the class, and nothing of the one that works")
    func diskFormat() throws {
        func vsphere(_ format: String) -> [Finding] {
            Self.findings(
                """
                apiVersion: storage.k8s.io/v1
                kind: StorageClass
                metadata: {name: fast}
                provisioner: kubernetes.io/vsphere-volume
                parameters: {diskformat: \(format)}
                """, minor: 36
            ).filter { $0.fact == "vsphere-diskformat" }
        }
        let finding = try #require(vsphere("zeroedthick").first)
        #expect(finding.consequence == .breaksLater && finding.confidence == .likely)
        #expect(vsphere("thin").isEmpty)
    }

    @Test("leave open whether a node has Docker beside what runs its pods")
    func socket() throws {
        let finding = try #require(
            Self.findings(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: agent}
                spec:
                  containers: [{name: a, image: b}]
                  volumes: [{name: d, hostPath: {path: /var/run/docker.sock}}]
                """, minor: 36
            ).first { $0.fact == "dockershim-socket" })
        #expect(finding.confidence == .likely)
    }

    @Test("say once in an object that a field is not known yet, and of no release that it is so since then")
    func notYet() throws {
        let found = Self.findings(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: a.b.c}
            spec:
              group: b.c
              scope: Namespaced
              names: {kind: A, plural: a}
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    x-kubernetes-map-type: atomic
                    properties:
                      x: {type: object, x-kubernetes-map-type: atomic}
                      y: {type: object, x-kubernetes-map-type: granular}
            """, minor: 16
        ).filter { $0.code == "field-not-served-yet" }
        let finding = try #require(found.first)
        #expect(found.count == 1)
        #expect(finding.since == nil && finding.location?.line == 15)
        #expect(finding.message.contains("comes with 1.17"))
        #expect(finding.message.hasSuffix("The object has it in 3 places, of which this is the first."))
    }

    @Test("say of a role for a group that is gone from which release on its holders are refused")
    func role() throws {
        let text = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules: [{apiGroups: [extensions], resources: [ingresses], verbs: [get]}]
            """
        let finding = try #require(
            Self.findings(text, minor: 36, from: 16).first { $0.code == "role-for-removed-group" })
        #expect(finding.consequence == .breaksLater)
        #expect(finding.stage(from: KubernetesVersion(minor: 16)) == .at(KubernetesVersion(minor: 22)))
    }
}

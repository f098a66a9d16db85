import Catalog
import Findings
import Manifests
import Testing

@Suite("Fields beside the target's schemas")
struct StrictChecksTests {
    private func findings(_ yaml: String, minor: Int = 36) -> [Finding] {
        CheckRun(target: KubernetesVersion(minor: minor), checks: Checks.strict)
            .run(ManifestLoader().load(bytes: Array(yaml.utf8), file: "test.yaml")).findings
    }

    @Test("A misspelt field comes with what was meant, and stands where its name is written")
    func nearName() {
        let found = findings(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: a}
            spec:
              selctor:
                app: a
              sessionaffinity: ClientIP
              entirelyElse: 1
            """)
        #expect(found.map { $0.location?.line } == [5, 7, 8])
        #expect(found[0].remedy.contains("selector?"))
        #expect(found[1].remedy.contains("sessionAffinity?"))
        #expect(!found[2].remedy.contains("?"))
    }

    @Test("A field of another release is told from a misspelt one")
    func otherReleases() {
        let claim = """
            apiVersion: v1
            kind: Pod
            metadata: {name: a}
            spec:
              containers: [{name: a, image: b}]
              resourceClaims: [{name: c, source: {resourceClaimName: d}}]
              topologySpreadConstraints:
                - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, nodeTaintsPolicy: Honor}
            """
        let new = findings(claim, minor: 36)
        #expect(new.map(\.message) == ["1.36 knows no field source in spec.resourceClaims[0]; it left with 1.31."])
        #expect(new.first?.since == KubernetesVersion(minor: 31))
        let old = findings(claim, minor: 23)
        #expect(
            old.contains {
                $0.message.hasSuffix("nodeTaintsPolicy in spec.topologySpreadConstraints[0]; it comes with 1.25.")
            })
    }

    @Test("What is written right is left alone at every release that serves it", arguments: 16...37)
    func quiet(_ minor: Int) {
        let found = findings(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: a, creationTimestamp: null}
            spec:
              replicas: 2
              selector: {matchLabels: {a: b}}
              template:
                metadata: {labels: {a: b}}
                spec:
                  containers: [{name: a, image: b, resources: {limits: {cpu: 0.5}}, ports: [{containerPort: 80}]}]
            status: {}
            """, minor: minor)
        #expect(found.map(\.message) == [])
    }

    /// Each was read, and kubernetes-validate 1.37.0 finds the same in strict mode at 1.36 and nothing else, but for a
    /// patch with `$patch: delete`, which is no object.
    ///
    /// The Deployment is a part that kustomize puts on another.
    @Test(
        "In public manifests it finds these and no others",
        .enabled(if: Fixtures.hasCorpus, "the corpus is not at hand"))
    func corpus() {
        let report = ManifestLoader().load([Fixtures.corpus])
        let found = CheckRun(target: KubernetesVersion(minor: 36), checks: Checks.strict).run(report).findings
        let told = Set(found.map { "\($0.code) \($0.gvk.kind) \($0.path?.description ?? "")" })
        #expect(
            told == [
                "required-field-missing Deployment spec.selector",
                "unknown-field PersistentVolume spec.storageos.secretName",
                "unknown-field Pod spec.volumes[0].rbd.imagefeatures",
                "unknown-field Pod spec.volumes[0].rbd.imageformat",
                "unknown-field Pod spec.volumes[0].scaleIO.protectionDoamin",
                "unknown-field Pod spec.volumes[0].storageos.pool", "wrong-field-type Pod spec.volumes[0].fc.lun",
            ])
    }
}

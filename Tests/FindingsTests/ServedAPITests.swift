import Findings
import KubeAPI
import Manifests
import Testing

@Suite("A live green")
struct ServedAPITests {
    static func served(_ names: [String], unavailable: [String] = []) -> ServedAPIs {
        ServedAPIs(
            name: "green", version: KubernetesVersion(minor: 36),
            discovery: Discovery(
                resources: names.map { name in
                    let words = name.split(separator: " ").map(String.init)
                    return APIResource(
                        gvk: GroupVersionKind(apiVersion: words[0], kind: words[1]),
                        plural: words[1].lowercased() + "s", namespaced: true)
                }, unavailable: unavailable))
    }

    static func findings(_ text: String, _ served: ServedAPIs) -> [String] {
        CheckRun(target: KubernetesVersion(minor: 36), served: served)
            .run(ManifestLoader().load(bytes: Array(text.utf8), file: "a.yaml"))
            .findings.map { "\($0.code) \($0.severity) \($0.replacement?.apiVersion ?? "-")" }
    }

    @Test(
        "decides what is served, above the catalog",
        arguments: [
            // On by default, and switched off there.
            ("apps/v1 Deployment", ["v1 Pod"], ["api-not-served-yet breaks -"]),
            // A beta that is off by default, and on there.
            (
                "storagemigration.k8s.io/v1beta1 StorageVersionMigration",
                ["storagemigration.k8s.io/v1beta1 StorageVersionMigration"], []
            ),
            ("batch/v1beta1 CronJob", ["batch/v1 CronJob"], ["api-removed breaks batch/v1"]),
            // Custom kinds: another version is there, the CRD is missing altogether, all is well.
            (
                "cert-manager.io/v1alpha2 Certificate", ["cert-manager.io/v1 Certificate"],
                ["api-not-served-yet breaks cert-manager.io/v1"]
            ),
            ("cert-manager.io/v1 Certificate", ["v1 Pod"], []),
            ("cert-manager.io/v1 Certificate", ["cert-manager.io/v1 Certificate"], []),
            // Not a thing that servers serve.
            ("kustomize.config.k8s.io/v1beta1 Kustomization", ["v1 Pod"], []),
        ] as [(String, [String], [String])])
    func decides(_ object: String, _ names: [String], _ expected: [String]) {
        let words = object.split(separator: " ")
        let text = "{apiVersion: \(words[0]), kind: \(words[1]), metadata: {name: a}}"
        #expect(Self.findings(text, Self.served(names)).filter { !$0.hasPrefix("api-deprecated") } == expected)
    }

    @Test("is not believed where it could not answer")
    func silent() {
        let text = "{apiVersion: metrics.example.org/v1beta1, kind: Measure, metadata: {name: a}}"
        let served = Self.served(["metrics.example.org/v1 Measure"], unavailable: ["metrics.example.org/v1beta1"])
        #expect(Self.findings(text, served).isEmpty)
    }

    @Test("says what a reference finds there")
    func references() {
        let text = """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: a}
            spec: {scaleTargetRef: {apiVersion: extensions/v1beta1, kind: Deployment, name: a}}
            """
        #expect(
            Self.findings(text, Self.served(["autoscaling/v2 HorizontalPodAutoscaler", "apps/v1 Deployment"]))
                == ["reference-api breaks apps/v1"])
    }
}

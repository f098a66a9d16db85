import Catalog
import Findings
import Manifests
import Testing

@Suite("On the way from one release to another")
struct FindingStageTests {
    static let text = """
        {apiVersion: storage.k8s.io/v1beta1, kind: CSIStorageCapacity, metadata: {name: a}}
        ---
        {apiVersion: autoscaling/v2beta2, kind: HorizontalPodAutoscaler, metadata: {name: b}}
        ---
        {apiVersion: v1, kind: Endpoints, metadata: {name: c}}
        ---
        {apiVersion: batch/v1beta1, kind: CronJob, metadata: {name: d}}
        ---
        {apiVersion: extensions/v1beta1, kind: Ingress, metadata: {name: e}}
        """

    static func check(from: Int?, to: Int) -> CheckResult {
        CheckRun(target: KubernetesVersion(minor: to), from: from.map { KubernetesVersion(minor: $0) })
            .run(ManifestLoader().load(bytes: Array(text.utf8), file: "a.yaml"))
    }

    @Test("findings come in the order in which they begin to hurt")
    func order() {
        let result = Self.check(from: 24, to: 36)
        #expect(result.findings.map(\.object.name) == ["e", "d", "b", "a", "c"])
        #expect(result.stages.map(\.stage.description) == ["already", "at 1.25", "at 1.26", "at 1.27", "later"])
    }

    @Test("without a range they stay in the order in which they were read")
    func noRange() {
        let result = Self.check(from: nil, to: 36)
        #expect(result.findings.map(\.object.name) == ["a", "b", "c", "d", "e"])
        #expect(result.quietReleases.isEmpty)
    }

    @Test("releases that took nothing away are named")
    func quiet() {
        #expect(Self.check(from: 24, to: 36).quietReleases.contains(KubernetesVersion(minor: 28)))
        for loud in [25, 26, 27, 29, 32] {
            #expect(!Self.check(from: 24, to: 36).quietReleases.contains(KubernetesVersion(minor: loud)))
        }
        #expect(Self.check(from: 28, to: 28).quietReleases.isEmpty)
        #expect(Self.check(from: 36, to: 24).quietReleases.isEmpty)
        // What was not examined is never called quiet.
        let newest = Catalog.builtIn.newest.minor
        #expect(Self.check(from: newest, to: newest + 3).quietReleases.isEmpty)
    }
}

import Manifests
import Testing

@Suite("Lists are taken apart")
struct ListFlatteningTests {
    private func load(_ text: String) -> LoadReport { ManifestLoader().load(bytes: Array(text.utf8), file: "l.yaml") }

    @Test("Items keep their path and place")
    func items() {
        let report = load(
            """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: Pod
              metadata: {name: a}
            - apiVersion: v1
              kind: List
              items:
              - {apiVersion: v1, kind: Pod, metadata: {name: b, labels: {x: "y"}}}
            """)
        #expect(report.objects.map(\.object.name) == ["a", "b"])
        #expect(report.objects.map(\.pathInDocument.description) == ["items[0]", "items[1].items[0]"])
        #expect(report.objects[1].location.description == "l.yaml:10:5")
        #expect(report.objects[1].location(of: "metadata.labels.x").description == "l.yaml:10:65")
        #expect(report.objects[1].keyLocation(of: "metadata.name").description == "l.yaml:10:44")
        #expect((report.filesRead, report.documents) == (1, 1))
    }

    @Test("A list of one kind says what its items are")
    func implied() {
        let report = load(
            """
            {"apiVersion": "apps/v1", "kind": "DeploymentList", "metadata": {}, "items": [
              {"metadata": {"name": "a"}}, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b"}}]}
            """)
        #expect(report.objects.map(\.object.gvk.description) == ["apps/v1 Deployment", "v1 Pod"])
    }

    @Test("Items that are no objects are named")
    func noObjects() {
        let report = load("apiVersion: v1\nkind: List\nitems:\n- a\n- {kind: Pod}\n- {apiVersion: v1, kind: \"\"}\n")
        #expect(report.objects.isEmpty)
        #expect(report.skipped.map(\.reason) == [.notAnObject, .notAnObject, .notAnObject])
        #expect(report.skipped.map(\.detail) == ["not a mapping", "no apiVersion", "no kind"])
        #expect(report.skipped.map { $0.location?.line } == [4, 5, 6])
    }

    @Test(
        "What only is called a list, or only has items, is an object",
        arguments: [
            "{apiVersion: x/v1, kind: AccessList, metadata: {name: a}}",
            "{apiVersion: x/v1, kind: AccessList, items: {a: 1}}", "{apiVersion: x/v1, kind: Cart, items: [1]}",
        ])
    func objects(text: String) {
        #expect(load(text).objects.count == 1)
        #expect(load(text).skipped.isEmpty)
    }

    @Test("An empty list is read and gives nothing", arguments: ["[]", "null"])
    func empty(items: String) {
        let report = load("{apiVersion: v1, kind: List, items: \(items)}")
        #expect(report.objects.isEmpty && report.skipped.isEmpty && report.errors.isEmpty)
        #expect(report.filesRead == 1)
    }
}

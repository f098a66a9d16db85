import Findings
import Manifests
import Testing

@Suite("The class of a workload")
struct WorkloadClassTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var yaml: String
        var expected: String
        var testDescription: String { name }
    }

    static let service =
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: a}\nspec: {selector: {app: w}}"

    static func deployment(_ kind: String = "Deployment", template: String = "{}", more: String = "") -> String {
        """
        apiVersion: apps/v1
        kind: \(kind)
        metadata: {name: w, namespace: a}
        spec: {template: {metadata: {labels: {app: w}}, spec: \(template)}\(more)}
        """
    }

    static let cases: [Case] = [
        Case(name: "behind a Service", yaml: deployment() + "\n" + service, expected: "stateless served-by-service"),
        Case(name: "behind nothing", yaml: deployment(), expected: "exclusive no-service-selects-it"),
        Case(
            name: "recreated, one replica", yaml: deployment(more: ", strategy: {type: Recreate}") + "\n" + service,
            expected: "exclusive recreated-singleton"),
        Case(
            name: "recreated, three replicas",
            yaml: deployment(more: ", replicas: 3, strategy: {type: Recreate}") + "\n" + service,
            expected: "stateless served-by-service"),
        Case(
            name: "elects a leader",
            yaml: deployment(template: "{containers: [{name: c, command: [run, --leader-elect]}]}") + "\n" + service,
            expected: "exclusive elects-leader"),
        Case(
            name: "speaks of leaders without electing",
            yaml: deployment(template: "{containers: [{name: c, args: [--leader-elect=false, leader-elect]}]}") + "\n"
                + service, expected: "stateless served-by-service"),
        Case(
            name: "mounts a claim",
            yaml: deployment(template: "{volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]}") + "\n"
                + service,
            expected: "stateful owns-claims"),
        Case(
            name: "StatefulSet without claims", yaml: deployment("StatefulSet"), expected: "exclusive stable-identity"),
        Case(
            name: "StatefulSet with templates",
            yaml: deployment("StatefulSet", more: ", volumeClaimTemplates: [{metadata: {name: d}}]"),
            expected: "stateful owns-claims"),
        Case(name: "DaemonSet", yaml: deployment("DaemonSet"), expected: "daemon by-kind"),
        Case(
            name: "CronJob", yaml: "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: w, namespace: a}",
            expected: "scheduled by-kind"),
        Case(
            name: "Job", yaml: "apiVersion: batch/v1\nkind: Job\nmetadata: {name: w, namespace: a}",
            expected: "job by-kind"),
        Case(
            name: "no workload", yaml: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: w, namespace: a}",
            expected: ""),
    ]

    @Test("follows from what it is and who sends it requests", arguments: cases)
    func classifies(_ example: Case) throws {
        let inventory = Fixtures.inventory(example.yaml)
        let object = try #require(inventory.objects.first { $0.object.name == "w" }?.object)
        let found = inventory.workloadClass(of: object)
        #expect(found.map { "\($0.workloadClass.rawValue) \($0.reason.rawValue)" } ?? "" == example.expected)
    }

    @Test("is its owner's where there is one")
    func owned() throws {
        let inventory = Fixtures.inventory(
            """
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata: {name: w-1, namespace: a, ownerReferences: [{kind: Deployment, name: w, controller: true}]}
            spec: {}
            """)
        #expect(inventory.workloadClass(of: try #require(inventory.objects.first).object) == nil)
    }
}

import Catalog
import Findings
import Manifests
import Testing

@testable import Planning

@Suite("What stands in the way of a plan")
struct PlanningErrorTests {
    private func failure(_ input: PlanningInput) throws -> PlanningError {
        try #require(#expect(throws: PlanningError.self) { try Planner.plan(input) })
    }

    @Test("namespaces that nobody assigned are all listed")
    func unassigned() throws {
        var migration = SmallShop.migration()
        migration.waves = []
        migration.routes = []
        let error = try failure(SmallShop.input(migration: migration))
        #expect(error.code == .unassigned)
        #expect(error.problems.map(\.message).joined().contains("orders"))
        #expect(error.problems.map(\.message).joined().contains("web"))
        migration.unassignedNamespaces = .platform
        #expect(try Planner.plan(SmallShop.input(migration: migration)).plan.waves.map(\.name) == ["platform"])
    }

    @Test("a namespace that nobody creates on green is named")
    func missingNamespace() throws {
        let objects = SmallShop.objects.filter { $0.reference.description != "Namespace/web" }
        let error = try failure(SmallShop.input(objects))
        #expect(error.code == .unassigned)
        #expect(error.problems.first?.message.contains("web") == true)
        let there = KubeObject(GroupVersionKind(apiVersion: "v1", kind: "Namespace"), name: "web")
        #expect(throws: Never.self) { try Planner.plan(SmallShop.input(objects, existing: [there])) }
    }

    @Test("objects that green cannot take are listed, unless someone decides")
    func unservable() throws {
        let custom = try Fixture.object(
            "{apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: web}}")
        let error = try failure(SmallShop.input(SmallShop.objects + [custom]))
        #expect(error.code == .unservable)
        #expect(error.problems.map(\.object) == [custom.reference])
        #expect(error.problems.first?.remedy.contains("decision: skip") == true)
        for decision in [ObjectDecision.Decision.skip, .hold] {
            var migration = SmallShop.migration()
            migration.decisions = [
                ObjectDecision(
                    select: ObjectSelector(kind: GroupKind("Widget.example.com")), decision: decision, reason: "x")
            ]
            let plan = try Planner.plan(SmallShop.input(SmallShop.objects + [custom], migration: migration)).plan
            #expect(plan.accounting.addsUp)
        }
    }

    @Test("a definition that comes along makes its objects servable")
    func definitions() throws {
        let objects = try Fixture.objects(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.com}
            spec: {group: example.com, scope: Namespaced, names: {kind: Widget, plural: widgets},
              versions: [{name: v1, served: true, storage: true}]}
            ---
            {apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: web}}
            """)
        let plan = try Planner.plan(SmallShop.input(SmallShop.objects + objects)).plan
        #expect(plan.waves.first?.steps.map(\.id).contains("platform.015-wait-definitions") == true)
    }

    @Test("hazards that refuse a plan wait for an acknowledgement, which then stands in the plan")
    func acknowledge() throws {
        let objects = try Fixture.objects(
            """
            {apiVersion: policy/v1beta1, kind: PodSecurityPolicy, metadata: {name: restricted}, spec: {}}
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db, namespace: orders}
            spec: {replicas: 1, template: {spec: {containers: []}}, volumeClaimTemplates: [{metadata: {name: data}}]}
            """)
        let error = try failure(SmallShop.input(SmallShop.objects + objects))
        #expect(error.code == .unacknowledged)
        #expect(error.problems.count == 2)
        #expect(error.description.contains("hazard: podsecuritypolicy-gone"))
        var migration = SmallShop.migration()
        migration.acknowledge = [
            Acknowledgement(hazard: "podsecuritypolicy-gone", reason: "labels do it now"),
            Acknowledgement(
                hazard: "stateful-claims", object: ObjectReference("StatefulSet.apps/orders/db"), reason: "restored"),
        ]
        let planned = try Planner.plan(SmallShop.input(SmallShop.objects + objects, migration: migration))
        #expect(planned.plan.accounting.skipped["api-removed:PodSecurityPolicy"] == 1)
        let answers = planned.plan.hazards.filter { $0.answer == .acknowledged }
        #expect(Set(answers.map(\.detail)) == ["labels do it now", "restored"])
    }

    @Test("collisions are all reported before anything is written, and a decision settles each")
    func collisions() throws {
        func foreign(_ yaml: String) throws -> KubeObject { try Fixture.object(yaml) }
        let existing = [
            try foreign(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: web}, data: {a: other}}"),
            try foreign("{apiVersion: apps/v1, kind: Deployment, metadata: {name: front, namespace: web}, spec: {}}"),
            try foreign("{apiVersion: v1, kind: ConfigMap, metadata: {name: unrelated, namespace: web}}"),
            try foreign("{apiVersion: v1, kind: Namespace, metadata: {name: web, labels: {a: b}}}"),
            try foreign("{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: orders}}"),
            try foreign("{apiVersion: v1, kind: ConfigMap, metadata: {name: kube-root-ca.crt, namespace: web}}"),
        ]
        let error = try failure(SmallShop.input(existing: existing))
        #expect(error.code == .collisions)
        #expect(
            error.problems.compactMap(\.object?.description) == ["ConfigMap/web/settings", "Deployment.apps/web/front"])
        var migration = SmallShop.migration()
        migration.decisions = [
            ObjectDecision(select: ObjectSelector(name: "settings"), decision: .merge, reason: "ours as well"),
            ObjectDecision(
                select: ObjectSelector(kind: GroupKind("Deployment.apps"), name: "front"), decision: .skip, reason: "x"),
        ]
        let planned = try Planner.plan(SmallShop.input(migration: migration, existing: existing))
        #expect(planned.objects.first { $0.object.description == "ConfigMap/web/settings" }?.mergesIntoExisting == true)
        #expect(planned.plan.accounting.skipped["already-on-green"] == 1, "the namespace has all that ours would have")
    }

    @Test("objects of this very migration on green are no collision: a plan may be made again")
    func ours() throws {
        let planned = try Planner.plan(SmallShop.input())
        let existing = planned.objects.compactMap { $0.desired.flatMap { KubeObject($0) } }
        #expect(try Planner.plan(SmallShop.input(existing: existing)).objects == planned.objects)
        let byReference = Dictionary(uniqueKeysWithValues: existing.map { ($0.reference, $0) })
        #expect(Collisions.foreign(planned: planned.objects, existing: byReference, migration: "shop").isEmpty)
        #expect(!Collisions.foreign(planned: planned.objects, existing: byReference, migration: "other").isEmpty)
    }

    @Test("the same cluster twice, swapped clusters, another version: each is refused")
    func clusters() throws {
        var input = SmallShop.input()
        input.target.identity.uid = "blue-uid"
        #expect(try failure(input).code == .clusters)
        input = SmallShop.input()
        input.target.identity.version = KubernetesVersion(minor: 20)
        let error = try failure(input)
        #expect(error.code == .clusters)
        #expect(error.problems.count == 2)
    }

    @Test("Secrets in clear need a key for their digests")
    func digestKey() throws {
        var input = SmallShop.input()
        input.digestKey = nil
        let error = try failure(input)
        #expect(error.code == .digestKey)
        #expect(!error.description.contains(InventoryGenerator.canary))
    }
}

import Catalog
import Findings
import Manifests
import Testing

@testable import Planning

@Suite("Planner")
struct PlannerTests {
    private func line(_ reference: String, in planned: PlannedMigration) throws -> PlannedObject {
        try #require(planned.objects.first { $0.object.description == reference })
    }

    @Test("a gate that measures has blue measured first, and knows where to return")
    func probeGates() throws {
        var migration = SmallShop.migration()
        let index = try #require(migration.waves.firstIndex { $0.name == "front" })
        let probe = GateProbe(
            http: HTTPProbe(
                url: "http://g", blue: "http://b", samples: 1, latency: LatencyBound(quantile: 95, timesBlue: 2)))
        migration.waves[index].gates = [
            MigrationGate(gate: .probe, before: .traffic, seconds: 30, probe: probe, onFailure: .return),
            MigrationGate(gate: .manual, before: .done),
        ]
        let plan = try Planner.plan(SmallShop.input(migration: migration)).plan
        let steps = plan.steps.map(\.step).filter { $0.id.hasPrefix("front.") }
        let cut = try #require(steps.firstIndex { $0.checkpointName == "before-cutover-front" })
        let measures = try #require(steps.firstIndex { $0.id.hasSuffix("measure-blue") })
        let moves = try #require(steps.firstIndex { if case .route = $0.action { true } else { false } })
        #expect(cut < measures && measures < moves)
        let gates = steps.compactMap { step -> Gate? in
            if case .gate(let gate) = step.action, gate.gate == .probe { gate } else { nil }
        }
        #expect(gates.count == 3, "before each change but the first")
        let front = try #require(plan.waves.first { $0.name == "front" })
        #expect(front.leastGateSeconds == 4 * 30, "blue once, green three times")
        #expect(front.returnWords?.contains("one jump") == true, "it has no exclusive work")
        #expect(plan.waves.first?.returnWords == nil, "the platform moves no traffic")
        for gate in gates {
            #expect(gate.returnTo == "before-cutover-front")
            #expect(gate.baseline == steps[measures].id)
        }
    }

    @Test(
        "each object of the small shop gets its disposition and reason",
        arguments: [
            ("Namespace/web", "copy", ""), ("Namespace/default", "skip", "generated-namespace"),
            ("Namespace/kube-system", "skip", "system-namespace"),
            ("ServiceAccount/web/default", "skip", "generated-account"),
            ("ServiceAccount/orders/default", "copy", "merge"), ("ConfigMap/web/settings", "copy", ""),
            ("ConfigMap/web/kube-root-ca.crt", "skip", "generated-configmap"), ("Secret/orders/pull", "copy", ""),
            ("Deployment.apps/web/front", "copy", "standby"),
            ("Deployment.apps/web/parked", "copy", "asleep-on-purpose"),
            ("CronJob.batch/orders/nightly", "convert", "standby"),
            ("CronJob.batch/orders/paused", "convert", "asleep-on-purpose"),
            ("HorizontalPodAutoscaler.autoscaling/web/front", "convert", "inert-until-woken"),
            ("PodDisruptionBudget.policy/web/front", "convert", "no-common-version"),
            ("Ingress.networking.k8s.io/web/front", "hold", "side-effect"), ("Event/web/front.1", "skip", "event"),
            ("ReplicaSet.apps/web/front-5d8f", "skip", "owned-by-controller"),
        ])
    func dispositions(reference: String, disposition: String, reason: String) throws {
        let line = try line(reference, in: try Planner.plan(SmallShop.input()))
        #expect(line.disposition.rawValue == disposition)
        #expect(line.reason == reason)
    }

    @Test("objects at versions that green no longer serves are written at one that it does")
    func converts() throws {
        let planned = try Planner.plan(SmallShop.input())
        for (reference, version) in [
            ("CronJob.batch/orders/nightly", "batch/v1"),
            ("HorizontalPodAutoscaler.autoscaling/web/front", "autoscaling/v2"),
            ("PodDisruptionBudget.policy/web/front", "policy/v1"),
        ] {
            let line = try line(reference, in: planned)
            #expect(line.writeAs == version)
            #expect(line.desired?["apiVersion"]?.string == version)
            #expect(line.changes.contains("convert \(line.readAs) to \(version)"))
            #expect(line.changes.contains("convert: no-common-version"))
        }
    }

    @Test("what blue could have shown at a version that green serves too is told apart")
    func readAtOldVersion() throws {
        var input = SmallShop.input()
        input.blue = Inventory(
            cluster: input.blue.cluster, takenAt: input.blue.takenAt, apis: ["policy/v1", "policy/v1beta1", "v1"],
            objects: input.blue.objects, notSeen: input.blue.notSeen, helmReleases: input.blue.helmReleases,
            digestKeyID: input.blue.digestKeyID)
        let line = try line("PodDisruptionBudget.policy/web/front", in: try Planner.plan(input))
        #expect(line.reason == ReasonCode.readAtOldVersion)
        #expect(line.changes.contains("convert: read-at-old-version"))
    }

    @Test("a kind that moved to another group keeps its name in the plan and gets its new one on green")
    func movedGroup() throws {
        let old = try Fixture.object(
            "{apiVersion: extensions/v1beta1, kind: Ingress, metadata: {name: old, namespace: web}, spec: {backend: {serviceName: front, servicePort: 80}}}"
        )
        let line = try line(
            "Ingress.extensions/web/old", in: try Planner.plan(SmallShop.input(SmallShop.objects + [old])))
        #expect(line.disposition == .hold)
        #expect(line.greenReference.description == "Ingress.networking.k8s.io/web/old")
    }

    @Test("one resource served by two groups is carried over once")
    func servedTwice() throws {
        let old = try Fixture.object(
            "{apiVersion: extensions/v1beta1, kind: Ingress, metadata: {name: front, namespace: web}, spec: {backend: {serviceName: front, servicePort: 80}}}"
        )
        let planned = try Planner.plan(
            SmallShop.input(SmallShop.objects + [old, try #require(SmallShop.objects.first)]))
        #expect(planned.plan.accounting.skipped["duplicate"] == 2)
        #expect(planned.plan.accounting.addsUp)
    }

    @Test("everything that a migration puts on green carries its name")
    func marked() throws {
        for line in try Planner.plan(SmallShop.input()).objects where line.desired != nil {
            #expect(KubeObject(line.desired ?? [:])?.labels[OwnMarks.migrationLabel]?.string == "shop")
        }
    }

    @Test("a webhook comes last, in the wave of the Service that answers it")
    func webhooks() throws {
        let webhook = try Fixture.object(
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: guard}
            webhooks: [{name: g, clientConfig: {service: {name: api, namespace: orders}}}]
            """)
        let plan = try Planner.plan(SmallShop.input(SmallShop.objects + [webhook])).plan
        let backend = try #require(plan.waves.first { $0.name == "backend" })
        let index = try #require(backend.steps.firstIndex { $0.action.objects.contains(webhook.reference) })
        let ready = try #require(backend.steps.firstIndex { $0.id == "backend.150-wait-ready" })
        #expect(index > ready)
    }

    @Test("the wake-up order is databases first; the way to sleep is the other way round")
    func sleepOrder() throws {
        let database = try Fixture.object(
            "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: orders}, spec: {replicas: 1, template: {spec: {containers: []}}}}"
        )
        let plan = try Planner.plan(SmallShop.input(SmallShop.objects + [database])).plan
        func changes(_ id: String) -> [String] {
            plan.steps.filter { $0.step.id == id }.flatMap(\.step.action.objects).map(\.kind.kind)
        }
        #expect(changes("backend.240-quiet-blue") == ["CronJob", "Deployment", "StatefulSet"])
        #expect(changes("backend.250-wake-exclusive") == ["StatefulSet", "Deployment", "CronJob"])
    }

    @Test("blue's autoscaler is kept from shrinking what traffic may come back to")
    func floor() throws {
        let plan = try Planner.plan(SmallShop.input()).plan
        let step = try #require(plan.steps.first { $0.step.id == "front.230-hold-blue-floor" }?.step)
        guard case .setFields(let action) = step.action else {
            Issue.record("holding the floor sets fields")
            return
        }
        #expect(action.changes.map(\.apiVersion) == ["autoscaling/v2beta2"])
        #expect(action.changes.first?.fields.last == .init(path: "spec.minReplicas", from: 1, to: 3))
    }

    @Test("what people know of a workload goes before what can be seen of it")
    func classify() throws {
        var migration = SmallShop.migration()
        migration.classify = [
            Classification(
                select: ObjectSelector(kind: GroupKind("Deployment.apps"), name: "front"), class: .exclusive),
            Classification(select: ObjectSelector(name: "consumer"), class: .stateless),
            Classification(select: ObjectSelector(name: "nightly"), class: .asleep),
        ]
        let planned = try Planner.plan(SmallShop.input(migration: migration))
        func steps(naming reference: String) -> [String] {
            planned.plan.steps.filter { _, step in
                guard case .setFields = step.action else { return false }
                return step.action.objects.contains { $0.description == reference }
            }.map(\.step.id)
        }
        #expect(steps(naming: "Deployment.apps/web/front") == ["front.240-quiet-blue", "front.250-wake-exclusive"])
        #expect(steps(naming: "Deployment.apps/orders/consumer") == ["backend.140-wake"])
        #expect(steps(naming: "CronJob.batch/orders/nightly") == [])
        #expect(try line("CronJob.batch/orders/nightly", in: planned).reason == "asleep-by-decision")
    }

    @Test(
        "a decision goes before the rules",
        arguments: [
            ("Ingress.networking.k8s.io", "front", ObjectDecision.Decision.copy, "copy", ""),
            ("Ingress.networking.k8s.io", "front", .skip, "skip", "by-decision"),
            ("Ingress.networking.k8s.io", "front", .hold, "hold", "by-decision"),
            ("ConfigMap", "settings", .gate, "hold", "by-decision"), ("ConfigMap", "settings", .merge, "copy", "merge"),
            ("ConfigMap", "kube-root-ca.crt", .copy, "copy", ""), ("Event", "front.1", .hold, "skip", "event"),
        ])
    func decisions(
        kind: String, name: String, decision: ObjectDecision.Decision, disposition: String, reason: String
    ) throws {
        var migration = SmallShop.migration()
        let select = ObjectSelector(kind: GroupKind(kind), namespace: "web", name: name)
        migration.decisions = [ObjectDecision(select: select, decision: decision, reason: "because")]
        let planned = try Planner.plan(SmallShop.input(migration: migration))
        let line = try line("\(kind)/web/\(name)", in: planned)
        #expect(line.disposition.rawValue == disposition)
        #expect(line.reason == reason)
        let applied = planned.plan.steps.contains { _, step in
            if case .apply(let action) = step.action { action.objects.contains(line.object) } else { false }
        }
        #expect(applied == (disposition == "copy" || decision == .gate))
        #expect(planned.plan.accounting.addsUp)
    }

    @Test("a call into a wave that need not be awake is named; one into a wave that is done first is not")
    func crossWaveCalls() throws {
        let hazards = try Planner.plan(SmallShop.input()).plan.hazards.filter { $0.id == "cross-wave-call" }
        #expect(hazards.map(\.object?.description) == ["Deployment.apps/orders/api"])
        #expect(hazards.first?.message.contains("front.web") == true)
        var migration = SmallShop.migration()
        migration.waves[0].dependsOn = ["front"]
        migration.waves[1].dependsOn = []
        let plan = try Planner.plan(SmallShop.input(migration: migration)).plan
        #expect(!plan.hazards.contains { $0.id == "cross-wave-call" })
        #expect(plan.waves.map(\.name) == ["platform", "front", "backend"])
    }

    @Test("a Secret that a workload needs and nobody carries over is named")
    func missingReference() throws {
        let objects = try Fixture.objects(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: needy, namespace: web}
            spec:
              replicas: 1
              template:
                spec:
                  volumes: [{name: o, secret: {secretName: maybe, optional: true}}]
                  containers: [{name: c, envFrom: [{secretRef: {name: gone}}, {configMapRef: {name: settings}}]}]
            """)
        let hazards = try Planner.plan(SmallShop.input(SmallShop.objects + objects)).plan.hazards
        #expect(
            hazards.filter { $0.id == "missing-reference" }.map(\.message) == [
                "needs Secret/web/gone, which is not copied"
            ])
    }
}

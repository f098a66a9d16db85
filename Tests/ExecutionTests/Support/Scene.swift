import Manifests
import Planning
import Routing
import Synchronization

@testable import Execution

/// A small migration with everything in it: two clusters, a route, two waves, exclusive work on both sides.
struct Scene {
    let faults = Faults()
    let blue: TestCluster
    let green: TestCluster
    let router: TestRouter
    let prober: TestProber
    let clock = TestClock()
    let store: MemoryRunStore
    var document: PlanDocument
    let key: [UInt8] = [1, 2, 3]
    var approver: any Approver = ListedApprover(gates: ["front.050-gate"], person: "ada")
    var mutation: EngineMutation = .none
    var signals = SignalCounter()
    var seed: UInt64 = 7
    /// Where runs are mirrored; nil for nowhere.
    var mirror: TestMirror?
    var imageKey = ImageKey([UInt8](repeating: 9, count: 32))
    /// Off for the tests of what goes on at once; on, a seed repeats a run exactly.
    var worksInTurn = true

    init() throws {
        let faults = faults
        blue = TestCluster(.blue, uid: "uid-blue", version: KubernetesVersion(minor: 24), faults: faults)
        green = TestCluster(.green, uid: "uid-green", version: KubernetesVersion(minor: 36), faults: faults)
        router = TestRouter(faults)
        prober = TestProber(faults)
        store = MemoryRunStore { call throws(JournalError) in try faults.journal {} }
        blue.seed(Self.objects)
        document = try Self.document(of: blue, key: key)
        let intents = DurableIntents(store)
        faults.watchWrites { object, _ in
            // I1: no effect without a durable intent that names the object.
            intents.stand(for: object) ? nil : "\(object) was written without an intent on disk"
        }
    }

    var runner: Runner {
        var ports = RunPorts(
            store: store, blue: blue, green: green, routers: ["front": router], clock: clock,
            random: SeededRandom(seed: seed), signals: signals, approver: approver, actor: "ada@desk#1", place: "here",
            digestKey: key)
        ports.worksInTurn = worksInTurn
        ports.imageKey = imageKey
        ports.prober = prober
        ports.mirror = mirror
        return Runner(ports: ports, policy: RetryPolicy(), tool: "test", mutation: mutation)
    }

    /// The machine is lost, and another takes the run in from the mirror: what there is goes on there.
    ///
    /// False when the mirror holds nothing of it, because nothing was begun.
    func loseMachine() async throws -> Bool {
        guard let mirror, let imageKey, let run = try? run, !run.isEmpty else { return false }
        store.lose()
        guard mirror.content[run]?["index"] != nil else { return false }
        try await MirroredRun(run, from: mirror, key: imageKey).restore(
            into: store, document, at: clock.wallMilliseconds, actor: "bob@laptop#2")
        return true
    }

    var run: String { get throws { store.newestSynced.run } }

    /// Both clusters and the route, as far as promises are about them.
    struct World: Equatable {
        var blue: [ObjectReference: JSONValue]
        var green: [ObjectReference: JSONValue]
        var route: Int
    }

    var world: World { World(blue: blue.content(ownUIDs: true), green: green.content(), route: router.green) }
}

extension Scene {
    static let web = reference("Deployment.apps/shop/web")
    static let cron = reference("CronJob.batch/shop/bill")
    static let secret = reference("Secret/shop/key")
    static let config = reference("ConfigMap/shop/settings")
    static let later = reference("ConfigMap/shop/later")
    /// More of one kind, so that several operations are in flight at once.
    static let more = (1...4).map { reference("ConfigMap/shop/more-\($0)") }
    static let namespace = reference("Namespace/shop")

    static func reference(_ text: String) -> ObjectReference {
        ObjectReference(text) ?? ObjectReference(kind: GroupKind(group: "", kind: "?"), namespace: nil, name: text)
    }

    static let objects: [KubeObject] = [
        object("v1", namespace),
        object("v1", config, ["data": ["colour": "blue"]]),
        object("v1", later, ["data": ["n": "1"]]),
        object("v1", more[0]), object("v1", more[1]), object("v1", more[2]), object("v1", more[3]),
        object("v1", secret, ["data": ["password": "c2VjcmV0LWNhbmFyeQ=="]]),
        object("apps/v1", web, ["spec": ["replicas": 2]]),
        object("batch/v1", cron, ["spec": ["schedule": "0 * * * *", "suspend": false]]),
    ]

    static func object(_ apiVersion: String, _ reference: ObjectReference, _ members: JSONObject = [:]) -> KubeObject {
        var object = KubeObject(
            GroupVersionKind(apiVersion: apiVersion, kind: reference.kind.kind), namespace: reference.namespace,
            name: reference.name)
        for member in members { object[FieldPath([.member(member.key)])] = member.value }
        return object
    }

    /// The same migration with another gate for the probe gate.
    mutating func replaceProbeGate(_ gate: Gate) throws {
        for (wave, entry) in document.plan.waves.enumerated() {
            for (index, step) in entry.steps.enumerated() where step.id == "front.095-probe" {
                document.plan.waves[wave].steps[index].action = .gate(gate)
            }
        }
        document.digest = Digest(of: try PlanCoding.json(document.plan))
    }

    /// The gate as it stands in the plan.
    var probeGate: Gate {
        for (_, step) in document.plan.steps where step.id == "front.095-probe" {
            if case .gate(let gate) = step.action { return gate }
        }
        return Gate(gate: .manual, message: "")
    }

    static func document(of blue: TestCluster, key: [UInt8]) throws -> PlanDocument {
        let sleep: [ObjectReference: [FieldChange.Field]] = [
            web: [.init(path: "spec.replicas", from: 2, to: 0)],
            cron: [.init(path: "spec.suspend", from: false, to: true)],
        ]
        let objects = blue.state.withLock { $0.objects.values.sorted { $0.reference < $1.reference } }.map { live in
            var desired = live.portableContent
            for field in sleep[live.reference] ?? [] { desired[field.path] = field.to }
            return PlannedObject(
                object: live.reference, disposition: .copy, reason: "", wave: "platform",
                readAs: live.gvk.apiVersion, writeAs: live.gvk.apiVersion,
                source: live.contentDigest(secretKey: key),
                desired: live.reference == secret ? nil : desired, changes: [], standby: sleep[live.reference] ?? [])
        }
        let plan = Plan(
            name: "shop", tool: "test", takenAt: "2026-01-01T00:00:00Z",
            inputs: PlanInputs(
                inventory: Digest(of: "i"), migration: Digest(of: "m"), catalog: Digest(of: "c"),
                objects: .init(file: "objects.jsonl", count: objects.count, digest: Digest(of: "o")),
                digestKey: "k"),
            blue: ClusterIdentity(name: "blue", uid: "uid-blue", version: KubernetesVersion(minor: 24), apis: nil),
            green: ClusterIdentity(name: "green", uid: "uid-green", version: KubernetesVersion(minor: 36), apis: nil),
            accounting: Accounting(read: 10, copied: 10, converted: 0, held: 0, skipped: [:]), hazards: [],
            routes: [Route(name: "front", backend: "test", settings: [:], wave: "front")], waves: waves, wayBack: [])
        return PlanDocument(
            plan: plan, objects: objects, digest: Digest(of: try PlanCoding.json(plan)),
            files: PlanFiles(["plan.yaml": Array("x".utf8)]))
    }

    private static let note: FieldPath = "metadata.annotations['kirikae.dev/was-suspended']"

    static var waves: [Wave] {
        let steps: [Step] = [
            step("front.010-apply", .apply(ApplyObjects(objects: [web, cron]))),
            step("front.020-verify", .verify(VerifyObjects(objects: [web, cron]))),
            step(
                "front.030-wake",
                .setFields(
                    SetFields(side: .green, changes: [change(web, "apps/v1", [("spec.replicas", 0, 2)])]))),
            step("front.040-ready", .waitReady(WaitReady(side: .green, objects: [web], timeout: 60))),
            step("front.050-gate", .gate(Gate(gate: .manual, message: "go?"))),
            step("front.060-checkpoint", .checkpoint(Checkpoint(checkpoint: "before-cutover-front"))),
            step("front.065-measure", .measure(MeasureBlue(probe: probe, seconds: 2))),
            step(
                "front.070-quiet",
                .setFields(
                    SetFields(
                        side: .blue,
                        changes: [
                            FieldChange(
                                object: cron, apiVersion: "batch/v1",
                                fields: [
                                    .init(path: "spec.suspend", from: false, to: true),
                                    .init(path: note, from: nil, to: "false"),
                                ])
                        ])), .wakeBlue),
            step(
                "front.080-wake",
                .setFields(
                    SetFields(side: .green, changes: [change(cron, "batch/v1", [("spec.suspend", true, false)])])),
                .quiesceGreen),
            step("front.090-route", route(0, 1), .traffic),
            step(
                "front.095-probe",
                .gate(
                    Gate(
                        gate: .probe, message: "good?", seconds: 2, probe: probe, onFailure: .return,
                        returnTo: "before-cutover-front", baseline: "front.065-measure"))),
            step("front.100-route", route(1, 50), .traffic),
            step("front.110-route", route(50, 100), .traffic),
            step("front.120-soak", .gate(Gate(gate: .soak, message: "soak", seconds: 30))),
            step("front.130-checkpoint", .checkpoint(Checkpoint(checkpoint: "done-front"))),
        ]
        return [
            Wave(
                name: "platform", namespaces: [], dependsOn: [],
                steps: [
                    step("platform.010-checkpoint", .checkpoint(Checkpoint(checkpoint: "start"))),
                    step("platform.020-apply", .apply(ApplyObjects(objects: [namespace, config] + more + [secret]))),
                ]),
            Wave(name: "front", namespaces: ["shop"], dependsOn: ["platform"], steps: steps),
            Wave(
                name: "back", namespaces: ["shop"], dependsOn: ["front"],
                steps: [
                    step("back.010-apply", .apply(ApplyObjects(objects: [later]))),
                    step("back.020-checkpoint", .checkpoint(Checkpoint(checkpoint: "done-back"))),
                ]),
        ]
    }

    /// Six requests in two seconds, of which four must be answered, three quarters of them well.
    static let probe = GateProbe(
        http: HTTPProbe(
            url: "http://green/", blue: "http://blue/", samples: 4, rate: 3, successRate: 75,
            latency: LatencyBound(quantile: 95, timesBlue: 1.5)))

    private static func step(_ id: String, _ action: StepAction, _ phase: UndoPhase = .reverse) -> Step {
        Step(id: id, title: id, dependsOn: [], undoPhase: phase, action: action)
    }

    private static func change(
        _ object: ObjectReference, _ apiVersion: String, _ fields: [(FieldPath, JSONValue, JSONValue)]
    ) -> FieldChange {
        FieldChange(
            object: object, apiVersion: apiVersion, fields: fields.map { .init(path: $0.0, from: $0.1, to: $0.2) })
    }

    private static func route(_ from: Int, _ to: Int) -> StepAction {
        .route(
            SetRoute(route: "front", from: Weights(green: from) ?? .allBlue, to: Weights(green: to) ?? .allBlue))
    }
}

/// What is on disk about each object, read as it grows.
private final class DurableIntents: Sendable {
    private let store: MemoryRunStore
    private let known = Mutex((run: "", length: 0, state: RunState?.none, life: 0))

    init(_ store: MemoryRunStore) { self.store = store }

    func stand(for object: ObjectReference) -> Bool {
        known.withLock { known in
            let (run, bytes, life) = store.newestSynced
            if run != known.run || life != known.life { known = (run, 0, nil, life) }
            for line in bytes.dropFirst(known.length).split(separator: 0x0A) {
                guard let record = try? JournalRecord(line: line) else { continue }
                if known.state == nil { known.state = RunState([record]) } else { known.state?.apply(record) }
            }
            known.length = bytes.count
            return known.state?.operations.values.contains { $0.id.object == object && $0.mayHaveEffect } ?? false
        }
    }
}
